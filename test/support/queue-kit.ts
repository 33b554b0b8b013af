import { SEND_LIMITS } from '../../src/teams/limits.ts'
import type { Tried } from '../../src/teams/retry.ts'
import { SendQueue, type Work } from '../../src/teams/send-queue.ts'
import { keptLog, settle } from './settle.ts'
import { testClock } from './test-clock.ts'

/** One try. */
export interface Start {
  readonly name: string
  readonly lane: string
  readonly at: number
}

export const SENT: Tried = { outcome: 'sent' }

/** A queue whose work says how long it takes and how it ends. */
export function queueKit() {
  const clock = testClock()
  const log = keptLog()
  const starts: Start[] = []
  const underWay = new Set<string>()
  /** Lanes in which two requests were under way at once. */
  const overlaps: string[] = []
  const queue = new SendQueue<Tried>({
    clock,
    random: { unit: () => 0.5 },
    log,
    notNow: (retryAfterMs) => ({ outcome: 'refused', status: 429, retryAfterMs }),
  })
  /** Adds work that takes `ms` and ends as `outcomes` say, one a try, the last one over and over. */
  const add = (
    name: string,
    over: Partial<Work<Tried>> & { ms?: number; outcomes?: readonly Tried[] } = {},
  ): Promise<Tried> => {
    const { ms = 0, outcomes = [SENT], lane = 'a', ...rest } = over
    let tries = 0
    return queue.add({
      kind: 'post',
      conversationId: lane,
      messageId: null,
      lane,
      limits: SEND_LIMITS,
      tenantId: 't',
      progress: false,
      instead: async () => null,
      run: async () => {
        starts.push({ name, lane, at: clock.monotonic() })
        if (underWay.has(lane)) overlaps.push(lane)
        underWay.add(lane)
        const outcome = outcomes[Math.min(tries++, outcomes.length - 1)] ?? SENT
        if (ms > 0) await new Promise<void>((done) => clock.after(ms, done))
        underWay.delete(lane)
        return outcome
      },
      ...rest,
    })
  }
  /** Lets time go on until nothing waits for it. */
  const run = async (most = 20_000) => {
    await settle(6)
    while (clock.next !== null && clock.monotonic() < most) {
      clock.advance(Math.min(clock.next, most - clock.monotonic()))
      await settle(2)
    }
  }
  return { queue, clock, log, starts, overlaps, add, run, names: () => starts.map(({ name }) => name) }
}
