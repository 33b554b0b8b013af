import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CRITERIA } from '../../src/core/verdict.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'
import { WORLD_CASES, worldCase } from '../worlds/cases/all.ts'
import { runForReal } from '../worlds/real-run.ts'
import { inLanes } from '../worlds/table.ts'

/** One of each kind of trouble, quick ones where there is a choice; every world is judged in process, and `npm run verify` runs them all. */
const CHOSEN = [
  'dns: a forwarder in the office before a far recursive',
  'egress: same-country-backhaul: carried to an office of the same country, both registered',
  'path: inspected by a CA that the machines trust',
  'file: an office without a runner',
  'stranger: an authority of four names, the rest refused',
]

/** Two worlds at once on two cores, each with a start of its own. */
const LANES = 2
const LONGEST_MS = 240_000

let turn: FolderLock
let connector: TestConnector
beforeAll(async () => {
  turn = await takeTurn()
  connector = await startConnector()
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  await connector?.close()
  turn?.release()
})

describe('a world under the real hub and real runners', () => {
  // A train of media packets takes ten seconds otherwise.
  const mediaSeconds = 1
  const done = inLanes(
    CHOSEN.map((name) => () => runForReal(worldCase(name), connector, mediaSeconds)),
    LANES,
  )
  it.each(CHOSEN.map((name, index) => [name, index] as const))(
    'is told right: %s',
    { timeout: LONGEST_MS },
    async (_name, index) => {
      const { mismatches, trouble } = await done(index)
      expect(trouble).toBeNull()
      expect(mismatches).toEqual([])
    },
  )
})

describe('the tables of worlds', () => {
  it('give every world one name', () => {
    const names = WORLD_CASES.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('know one letter per criterion of every office', () => {
    const letters = new RegExp(`^[pfun?]{${CRITERIA.length}}$`)
    const wrong = WORLD_CASES.filter(({ truth }) => Object.values(truth).some((one) => !letters.test(one)))
    expect(wrong.map(({ name }) => name)).toEqual([])
  })
})
