import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind } from '../../src/cards/card-text.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { demoWorld } from '../../src/local/demo/demo-world.ts'
import { DEMO_TRUTH } from '../../src/local/demo/truth.ts'
import type { WorldSpec } from '../../src/local/world/spec.ts'
import { startWorld, type World } from '../../src/local/world/world.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { runLocal, temporaryFolder } from '../support/local-mode.ts'
import { lettersOf } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

let turn: FolderLock
beforeAll(async () => {
  turn = await takeTurn()
}, TURN_TIMEOUT_MS)
afterAll(() => turn?.release())

const WHOLE = { timeout: 240_000 }

describe('--once on the demo', WHOLE, () => {
  const data = temporaryFolder()
  afterAll(() => data.remove())
  const once = (text: string, ...more: string[]) => runLocal(['--data', data.folder, ...more, '--once', text])

  it('answers two that start at the same time on a fresh folder', async () => {
    const both = await Promise.all([once('check office Seattle'), once('check office Tokyo')])
    expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ])
    expect(both[0].stdout).toMatch(/^readiness ready$/m)
    expect(both[1].stdout).toMatch(/^readiness not-ready$/m)
  })

  it('prints the final card with --json', async () => {
    const { code, stdout } = await once('check office Lyon', '--json')
    expect(code).toBe(0)
    const card = JSON.parse(stdout) as object
    expect(cardKind(card)).toBe('unproven')
    expect(lettersOf(card)).toBe(DEMO_TRUTH.Lyon)
  })

  it('ends with 1 on a refusal, which it prints', async () => {
    const { code, stdout } = await once('check office Atlantis')
    expect(code).toBe(1)
    expect(stdout).toMatch(/Atlantis/)
  })

  it.each([
    ['an unknown option', ['--nonsense'], {}],
    ['a port that is none', ['--port', '70000'], {}],
    ['a city that nobody knows', ['--here', 'Nowhereville'], {}],
    ['a world that is not there', ['--world', '/nonexistent/world'], {}],
    ['a store that is none', [], { DOORSTEP_STORE: 'floppy' }],
  ])('ends with 78 and one sentence on %s', async (_, args, env) => {
    const ran = await runLocal(['--data', data.folder, ...args, '--once', 'help'], env)
    expect(ran.code).toBe(78)
    expect(ran.stdout).toBe('')
    expect(ran.stderr.trim().split('\n')).toHaveLength(1)
  })

  it('says in one sentence that a port is taken', async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { code, stderr } = await once('help', '--port', String(port))
    server.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^Port ${port} is taken .*--port\\.\\n$`))
  })
})

describe('--world', WHOLE, () => {
  const data = temporaryFolder()
  let world: World
  const folder = join(data.folder, 'a world')
  const [seattle, , , tokyo] = demoWorld().offices
  if (!seattle || !tokyo) throw new Error('the demo has five offices')
  // Resolvers and services stand at the other offices' places.
  const places = demoWorld().offices.filter((office) => ![seattle.name, tokyo.name].includes(office.name))
  const spec: WorldSpec = { ...demoWorld(), name: 'two', offices: [seattle, tokyo], places }
  const once = (text: string) =>
    runLocal(['--data', data.folder, '--world', folder, '--json', '--once', text])

  beforeAll(async () => {
    world = await startWorld(spec, folder)
  })
  afterAll(async () => {
    await world?.close()
    data.remove()
  })

  it('finds the truth of a healthy office and of one with a remote resolver, and writes nothing there', async () => {
    const before = readdirSync(folder).toSorted()
    for (const office of [seattle, tokyo]) {
      const { code, stdout, stderr } = await once(`check office ${office.name}`)
      expect(stderr).toBe('')
      expect(code).toBe(0)
      const letters = lettersOf(JSON.parse(stdout) as object)
      const expected = CRITERIA.map((id) => office.truth[id]?.[0] ?? '?').join('')
      expect(letters, office.name).toBe(expected)
    }
    expect(readdirSync(folder).toSorted()).toEqual(before)
  })

  it('drops an office that its file no longer lists, and takes over what changed', async () => {
    const file = join(folder, 'world.json')
    const described = JSON.parse(readFileSync(file, 'utf8')) as { offices: { name: string }[] }
    const kept = described.offices.filter(({ name }) => name === 'Seattle')
    writeFileSync(
      file,
      JSON.stringify({ ...described, offices: kept.map((one) => ({ ...one, attested: [] })) }),
    )
    const all = await once('offices')
    expect(all.stdout).not.toMatch(/Tokyo/)
    const { stdout } = await once('check office Seattle')
    expect(lettersOf(JSON.parse(stdout) as object)).toBe('ppppppupu')
  })

  it('goes on without a runner whose file is missing, and says so', async () => {
    rmSync(join(folder, 'seattle-1.json'))
    const fresh = join(data.folder, 'fresh')
    mkdirSync(fresh)
    const ran = await runLocal(['--data', fresh, '--world', folder, '--once', 'check office Seattle'])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/^readiness unproven$/m)
    expect(ran.stderr).toMatch(/^A runner of Seattle will not start\. World file .*seattle-1\.json: .*\n$/)
    expect(ran.ms).toBeLessThan(30_000)
    expect(existsSync(join(folder, 'seattle-1.json'))).toBe(false)
  })
})
