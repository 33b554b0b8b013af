import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CRITERIA, verdictOf } from '../../src/core/verdict.ts'
import { freePort } from '../../src/local/ports.ts'
import { becauseOf, checkFolder } from './check-world.ts'

/** The example of the README, as it is but for the ports, which may be taken here. */
const EXAMPLE = join(import.meta.dirname, '..', '..', 'docs', 'tiny-world')
const folder = mkdtempSync(join(tmpdir(), 'doorstep-tiny-world-'))
let gateway: ChildProcess | undefined

beforeAll(async () => {
  const [port, webPort] = [await freePort(), await freePort()]
  copyFileSync(join(EXAMPLE, 'places.csv'), join(folder, 'places.csv'))
  for (const [name, from, to] of [
    ['world.json', ':41000/', `:${webPort}/`],
    ['seattle-1.json', ':41080"', `:${port}"`],
  ] as const) {
    writeFileSync(join(folder, name), readFileSync(join(EXAMPLE, name), 'utf8').replace(from, to))
  }
  const args = [join(EXAMPLE, 'gateway.mjs'), String(port), String(webPort)]
  gateway = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (gateway.stdout !== null) await once(gateway.stdout, 'data')
})

afterAll(() => {
  gateway?.kill()
  rmSync(folder, { recursive: true, force: true })
})

it('the smallest world of the README gets the verdicts that its own file promises', async () => {
  const checked = await checkFolder(folder)
  const [office] = JSON.parse(readFileSync(join(EXAMPLE, 'world.json'), 'utf8')).offices
  const letters = checked.verdicts['Seattle'] ?? ''
  const verdicts = Object.fromEntries(CRITERIA.map((id, index) => [id, verdictOf(letters[index] ?? '')]))
  expect(verdicts, becauseOf(checked)).toMatchObject(office.truth)
})
