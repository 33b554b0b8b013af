import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../../src/core/ports.ts'
import type { TableStore } from '../../../src/core/table-store.ts'
import { nextSlot } from '../../../src/hub/digests/next-slot.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { aConversation } from '../../support/check-kit.ts'
import { aSchedule, DAILY } from '../../support/digest-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { settle } from '../../support/settle.ts'
import { slotKit } from '../../support/slot-kit.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const folders = scratch('doorstep-slots-')
let store: TableStore
let kit: ReturnType<typeof slotKit>

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  kit = slotKit(store)
  return async () => {
    await settle()
    await store.close()
  }
})
afterAll(() => folders.remove())

async function pass(clock: TestClock, ms: number, step = 30_000): Promise<void> {
  for (let left = ms; left > 0; left -= step) {
    await settle(8)
    clock.advance(Math.min(step, left))
  }
  await settle(60)
}

/** A linear congruential generator: the same kills in every run. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * sides)
  }
}

describe('a hundred slots, three hubs after each, and hubs that are killed (T25)', () => {
  it('are posted once each, and at most once more where a hub died after Teams took the post', async () => {
    const start = Date.UTC(2026, 10, 23, 7, 50)
    const clock = testClock(start)
    const ids = Array.from({ length: 100 }, (_, at) => `d${at}`)
    for (const [at, id] of ids.entries()) {
      const time = new Date(start + (10 + at) * MINUTE).toISOString().slice(11, 16)
      const schedule = aSchedule(id, {
        plan: { ...DAILY, time, timeZone: 'UTC' },
        conversation: aConversation(`c:${id}`),
      })
      await kit.digests.put(schedule, nextSlot(schedule.plan, start))
    }
    const roll = dice(26)
    let inPost = 0
    const hubs = [0, 1, 2].map(() => kit.hub(clock))
    for (let minute = 0; minute < 130; minute++) {
      for (const [at, hub] of hubs.entries()) {
        const fate = roll(12)
        if (hub.isDead()) hubs[at] = kit.hub(clock)
        else if (fate === 0) hub.kill()
        else if (fate === 1) {
          hub.dieAfterNextPost()
          inPost++
        }
      }
      await pass(clock, MINUTE, 20_000)
    }
    for (const hub of hubs) hub.kill()
    hubs.push(kit.hub(clock))
    await pass(clock, 12 * MINUTE)
    for (const id of ids) {
      const count = kit.posts.filter(({ conversationId }) => conversationId === `c:${id}`).length
      expect(count, id).toBeGreaterThanOrEqual(1)
      expect(await kit.posted(id), id).toHaveLength(1)
    }
    // Each such death costs one more post at most.
    expect(kit.posts.length).toBeLessThanOrEqual(ids.length + inPost)
    expect(kit.posts.length).toBeGreaterThanOrEqual(ids.length)
    hubs.at(-1)?.kill()
  })

  it('after thirty hours without a hub are caught up on once, and none is missed in silence', async () => {
    const start = Date.UTC(2026, 10, 23, 7)
    const clock = testClock(start)
    const plans = ['08:00', '12:00', '20:00'].map((time) => ({ ...DAILY, time }))
    for (const [at, plan] of plans.entries()) {
      const conversation = aConversation(`c:d${at}`)
      await kit.digests.put(aSchedule(`d${at}`, { plan, conversation }), nextSlot(plan, start))
    }
    clock.advance(30 * HOUR)
    const hubs = [kit.hub(clock), kit.hub(clock)]
    await pass(clock, 10 * MINUTE)
    expect(kit.posts.map(({ conversationId }) => conversationId).toSorted()).toEqual(['c:d0', 'c:d1', 'c:d2'])
    const missed = hubs.flatMap(({ log }) =>
      log.lines.filter(({ message }) => message.includes('were missed')),
    )
    expect(new Set(missed.map(({ fields }) => fields['digest']))).toEqual(new Set(['d0', 'd1']))
    for (const hub of hubs) hub.kill()
  })
})

/** A clock that is wrong by what `skew` says at the time. */
function wrong(clock: Clock, skew: () => number): Clock {
  return { now: () => clock.now() + skew(), monotonic: () => clock.monotonic(), after: clock.after }
}

const ZONES = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago'] as const

/** The middle of the night in which the clocks of each zone go forward and back next, UTC. */
const FORWARD: Readonly<Record<(typeof ZONES)[number], number>> = {
  'Europe/London': Date.UTC(2027, 2, 28, 1),
  'America/New_York': Date.UTC(2027, 2, 14, 7),
  'Australia/Lord_Howe': Date.UTC(2027, 9, 2, 15, 30),
  'America/Santiago': Date.UTC(2027, 8, 5, 4),
}
const BACK: Readonly<Record<(typeof ZONES)[number], number>> = {
  'Europe/London': Date.UTC(2027, 9, 31, 1),
  'America/New_York': Date.UTC(2027, 10, 7, 6),
  'Australia/Lord_Howe': Date.UTC(2027, 3, 3, 15),
  'America/Santiago': Date.UTC(2027, 3, 4, 3),
}

interface Odd {
  readonly name: string
  readonly around: (zone: (typeof ZONES)[number]) => number
  /** How wrong the second hub's clock is, ms, given the time since the begin. */
  readonly skew?: (sinceMs: number) => number
}

const LEAP_DAY = () => Date.UTC(2028, 1, 29, 0)
const PLAIN = () => Date.UTC(2027, 0, 13, 0)
const ODD: readonly Odd[] = [
  { name: 'clocks that go forward', around: (zone) => FORWARD[zone] },
  { name: 'clocks that go back', around: (zone) => BACK[zone] },
  { name: '29 February', around: LEAP_DAY },
  { name: 'a hub ten minutes ahead', around: PLAIN, skew: () => 10 * MINUTE },
  { name: 'a hub ten minutes behind', around: PLAIN, skew: () => -10 * MINUTE },
  { name: 'a hub a day ahead', around: PLAIN, skew: () => DAY },
  { name: 'a hub a day behind', around: PLAIN, skew: () => -DAY },
  { name: 'a clock that jumps back an hour', around: PLAIN, skew: (ms) => (ms > 2 * HOUR ? -HOUR : 0) },
  { name: 'a clock that jumps on an hour', around: PLAIN, skew: (ms) => (ms > 2 * HOUR ? HOUR : 0) },
  // Computers show a leap second as one that comes twice.
  { name: 'a second that comes twice', around: PLAIN, skew: (ms) => (ms > 2 * HOUR ? -1_000 : 0) },
]
const CASES = ODD.flatMap((odd) => ZONES.map((zone) => [odd.name, zone, odd] as const))

describe('clocks (T24)', () => {
  it('are forty cases', () => {
    expect(CASES).toHaveLength(40)
  })

  it.each(CASES)('%s, in %s: each slot is posted once', async (_name, zone, { around, skew }) => {
    const start = around(zone) - 3 * HOUR
    const end = start + 7 * HOUR
    const clock = testClock(start)
    // A quarter past each local hour of the night: some are left out or come twice.
    const times = ['00:15', '01:15', '01:45', '02:15', '03:15']
    for (const [at, time] of times.entries()) {
      const plan = { ...DAILY, time, timeZone: zone }
      const conversation = aConversation(`c:d${at}`)
      await kit.digests.put(aSchedule(`d${at}`, { plan, conversation }), nextSlot(plan, start))
    }
    const right = kit.hub(clock)
    const other = kit.hub(wrong(clock, () => skew?.(clock.monotonic()) ?? 0))
    await pass(clock, 7 * HOUR, 5 * MINUTE)
    await pass(clock, 6 * MINUTE)
    for (const [at, time] of times.entries()) {
      const posts = kit.posts.filter(({ conversationId }) => conversationId === `c:d${at}`).length
      const done = await kit.posted(`d${at}`)
      expect(posts, `${time}: posts`).toBe(done.length)
      const first = nextSlot({ ...DAILY, time, timeZone: zone }, start)
      if (first <= end) expect(done, `${time}: due`).toContain(first)
    }
    right.kill()
    other.kill()
  })
})
