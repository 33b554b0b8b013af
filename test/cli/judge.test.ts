import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareWith, judgeFile } from '../../src/cli/judge.ts'
import type { StoredEvidence } from '../../src/core/stored-evidence.ts'
import { evidenceFile, shortForm } from '../../src/store/evidence-file.ts'
import { caseNames } from '../cases/files.ts'
import { scratch } from '../support/scratch.ts'
import { storedEvidence } from '../support/stored-evidence.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const folders = scratch('doorstep-judge-')
let folder = ''
beforeAll(async () => {
  folder = await folders.make()
})
afterAll(() => folders.remove())

const BACKHAUL = storedEvidence('vpn-backhaul')
const fileOf = (stored: StoredEvidence) => evidenceFile(stored, '0.1.0', [])

/** Runs the program as a person does. */
async function judge(text: string, ...args: readonly string[]) {
  const path = join(folder, 'evidence of London.txt')
  await writeFile(path, text)
  return run(...args, path)
}

function run(...args: readonly string[]) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((done) =>
    execFile(process.execPath, [MAIN, 'judge', ...args], (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    ),
  )
}

describe('doorstep judge', () => {
  it('derives the verdicts of a file again, offline', async () => {
    const { code, stdout } = await judge(shortForm(fileOf(BACKHAUL)))
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[0]).toMatch(/^local-egress: fail\. Leaves /)
    expect(lines[9]).toBe('readiness: not-ready')
  })

  it('ends with 1 and says where, when the file claims another verdict', async () => {
    const rulings = BACKHAUL.rulings.map((one) => ({ ...one, verdict: 'pass' as const }))
    const { code, stdout } = await judge(JSON.stringify(fileOf({ ...BACKHAUL, rulings, readiness: 'ready' })))
    expect(code).toBe(1)
    expect(stdout).toContain('local-egress: fail (the file says pass).')
    expect(stdout).toContain('readiness: not-ready (the file says ready)')
  })

  it('prints the evidence as JSON', async () => {
    const { code, stdout } = await judge(shortForm(fileOf(BACKHAUL)), '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(fileOf(BACKHAUL))))
  })

  it('ends with 65 and one sentence on a file that it cannot judge', async () => {
    expect(await judge('{"format":')).toEqual({
      code: 65,
      stdout: '',
      stderr: 'The file is no JSON, or it is cut off. Copy or download it again.\n',
    })
    const missing = await run(join(folder, 'nowhere.json'))
    expect(missing).toMatchObject({
      code: 65,
      stderr: expect.stringMatching(/^There is no file .*nowhere\.json\.\n$/),
    })
  })

  it('ends with 64 and its usage without a file', async () => {
    expect(await run()).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('doorstep judge [--json] <file>'),
    })
  })
})

describe('judging a file', () => {
  it.each(caseNames())('comes to the verdicts of %s, through JSON and back', (situation) => {
    const file = JSON.parse(JSON.stringify(fileOf(storedEvidence(situation))))
    const judged = judgeFile(file)
    expect(judged).not.toBeNull()
    expect(judged && compareWith(file, judged).differs).toBe(false)
  })

  it('refuses facts whose measurement is not in the file', () => {
    expect(judgeFile(fileOf({ ...BACKHAUL, measurements: BACKHAUL.measurements.slice(1) }))).toBeNull()
  })

  it('lets no control character of a name reach the terminal', () => {
    const rulings = BACKHAUL.rulings.map((one) => ({ ...one, because: 'a\u001B[2Jb\u202Ec' }))
    const { lines } = compareWith(fileOf(BACKHAUL), { rulings, readiness: 'not-ready' })
    expect(lines[0]).toBe('local-egress: fail. a[2Jbc')
  })
})
