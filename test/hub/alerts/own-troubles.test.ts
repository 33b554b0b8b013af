import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { TableStore } from '../../../src/core/table-store.ts'
import { BeaconHealth } from '../../../src/hub/alerts/beacon-health.ts'
import { ClockDoubts } from '../../../src/hub/alerts/clock-doubts.ts'
import { type OwnTroublesDeps, ownTroubles } from '../../../src/hub/alerts/own-troubles.ts'
import { watchedStore } from '../../../src/hub/alerts/store-health.ts'
import { surroundings } from '../../../src/hub/alerts/surroundings.ts'
import { Presence } from '../../../src/hub/runners/presence.ts'
import { deadConversationStore } from '../../../src/store/dead-conversations.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { aConversation, aRunner, NOON } from '../../support/check-kit.ts'
import { failingStore } from '../../support/failing-store.ts'
import { scratch } from '../../support/scratch.ts'
import { settle } from '../../support/settle.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'

const MINUTE = 60_000
const folders = scratch('doorstep-own-')
let clock: TestClock
let inner: TableStore

beforeEach(async () => {
  clock = testClock(NOON)
  inner = await openEmbeddedStore(await folders.make(), { random })
  return () => inner.close()
})
afterAll(() => folders.remove())

const ROW = { table: 'meta', pk: 'p', rk: 'r' }

function asked(over: Partial<OwnTroublesDeps>) {
  const ask = ownTroubles({
    store: { trouble: () => null },
    unsent: () => 0,
    places: async () => [],
    deadSince: async () => null,
    clocks: new ClockDoubts(clock),
    beacon: null,
    everyMs: MINUTE,
    clock,
    ...over,
  })
  return (runners = 4) => ask(runners)
}

describe('trouble of the hub’s own', () => {
  it('is none while all is well', async () => {
    expect(await asked({})()).toEqual({ own: [], undecided: [] })
  })

  it('is a store that failed for a minute, and is told for ten minutes after', async () => {
    const store = watchedStore(
      failingStore(inner, { at: 1, stored: 'not stored', after: 'stays down' }),
      clock,
    )
    const ask = asked({ store })
    await expect(store.insert(ROW, { a: 1 })).rejects.toThrow()
    await expect(store.get(ROW)).rejects.toThrow()
    expect((await ask()).own).toEqual([])
    clock.advance(MINUTE)
    await expect(store.get(ROW)).rejects.toThrow()
    const told = { word: 'store-failing', count: 3, since: NOON }
    expect((await ask()).own).toEqual([told])
    clock.advance(10 * MINUTE)
    expect((await ask()).own).toEqual([told])
    clock.advance(1)
    expect((await ask()).own).toEqual([])
  })

  it('is no refusal of a store, which is an answer', async () => {
    const store = watchedStore(inner, clock)
    await store.insert(ROW, { a: 1 })
    for (let minute = 0; minute < 5; minute++) {
      expect((await store.insert(ROW, { a: 2 })).ok).toBe(false)
      clock.advance(MINUTE)
    }
    expect(store.trouble()).toBeNull()
  })

  it('is messages that were given back unsent, until none was for ten minutes', async () => {
    let unsent = 3
    const ask = asked({ unsent: () => unsent })
    expect((await ask()).own).toEqual([])
    unsent = 5
    expect((await ask()).own).toEqual([{ word: 'messages-late', count: 2, since: NOON }])
    clock.advance(9 * MINUTE)
    unsent = 6
    expect((await ask()).own).toMatchObject([{ count: 3, since: NOON }])
    clock.advance(10 * MINUTE + 1)
    expect((await ask()).own).toEqual([])
  })

  it('is a conversation with digests or alerts that takes nothing, until something comes from it', async () => {
    const dead = deadConversationStore(inner)
    const thread = aConversation('19:ops;messageid=7')
    const ask = asked({
      places: async () => [aConversation('19:ops'), thread, aConversation('19:other')],
      deadSince: (id) => dead.deadSince(id),
    })
    expect((await ask()).own).toEqual([])
    await dead.mark('19:ops', NOON)
    expect((await ask()).own).toEqual([])
    clock.advance(MINUTE)
    expect((await ask()).own).toEqual([{ word: 'places-closed', count: 1, since: NOON }])
    await dead.revive('19:ops')
    clock.advance(MINUTE)
    expect((await ask()).own).toEqual([])
  })

  it('is the hub’s clock when most runners are of another time, and not one of them', async () => {
    const clocks = new ClockDoubts(clock)
    const ask = asked({ clocks })
    clocks.note('a')
    clocks.note('a')
    clocks.note('b')
    expect((await ask(4)).own).toEqual([])
    clock.advance(MINUTE)
    clocks.note('c')
    expect((await ask(4)).own).toEqual([{ word: 'hub-clock', count: 3, since: NOON }])
    clock.advance(60 * MINUTE)
    expect((await ask(4)).own).toEqual([])
  })

  it('is a beacon that did not answer twice; nobody can say before its first answer', async () => {
    let answer: string[] | null = null
    const beacon = new BeaconHealth({ ask: async () => answer, everyMs: 5 * MINUTE, clock })
    const ask = asked({ beacon })
    expect(await ask()).toEqual({ own: [], undecided: ['beacon-silent'] })
    await settle()
    expect(await ask()).toEqual({ own: [], undecided: ['beacon-silent'] })
    clock.advance(5 * MINUTE)
    await ask()
    await settle()
    expect(await ask()).toEqual({
      own: [{ word: 'beacon-silent', count: 1, since: NOON }],
      undecided: [],
    })
    answer = []
    clock.advance(5 * MINUTE)
    await ask()
    await settle()
    expect(await ask()).toEqual({ own: [], undecided: [] })
  })
})

describe('silent runners', () => {
  const lyon = aRunner('lyon')
  const seattle = aRunner('seattle')
  const look = (presence: Presence, refreshedAt: number | null = NOON) =>
    surroundings({
      runners: { all: async () => [lyon, seattle] },
      presence,
      lists: { listFor: () => ({ version: '1', sets: [] }) as never, refreshedAtFor: () => refreshedAt },
      listChanges: { all: async () => [] },
      world: null,
      digestsDue: async () => [],
      own: asked({}),
      times: { silentAlert: 5 * MINUTE },
      clock,
    })

  it('are not decided on before a hub was there for five minutes; then since they were last heard of', async () => {
    const presence = new Presence(() => false, MINUTE)
    presence.heard('lyon-1', NOON - 60 * MINUTE)
    presence.heard('seattle-1', NOON)
    const ask = look(presence)
    clock.advance(4 * MINUTE)
    presence.heard('seattle-1', clock.now())
    expect(await ask()).toMatchObject({ silent: [], undecided: new Set(['lyon-1']) })
    clock.advance(MINUTE)
    presence.heard('seattle-1', clock.now())
    expect(await ask()).toMatchObject({
      silent: [{ id: 'lyon-1', since: NOON - 60 * MINUTE }],
      undecided: new Set(),
    })
  })

  it('beside a list that this run never refreshed: nobody can say that it is fresh', async () => {
    const presence = new Presence(() => true, MINUTE)
    expect((await look(presence, null)()).undecided).toEqual(new Set(['list-old']))
  })
})
