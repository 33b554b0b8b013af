import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RateLimit } from '../../src/core/rate-windows.ts'
import { MAX_TRIES, MAX_WAIT_MS, READ_LIMITS, SEND_LIMITS, TENANT_LIMITS } from '../../src/teams/limits.ts'
import type { Tried } from '../../src/teams/retry.ts'
import { queueKit, SENT, type Start } from '../support/queue-kit.ts'
import { settle } from '../support/settle.ts'

/** The most starts in any stretch of time. */
function most(starts: readonly Start[], ms: number): number {
  let first = 0
  return starts.reduce((peak, { at }, last) => {
    while (starts[first] && at - (starts[first]?.at ?? 0) >= ms) first += 1
    return Math.max(peak, last - first + 1)
  }, 0)
}

const isWithin = (starts: readonly Start[], limits: readonly RateLimit[]) =>
  limits.every(({ count, ms }) => most(starts, ms) <= count)

describe("Teams' limits", () => {
  const one = fc.record({
    lane: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constantFrom('post' as const, 'edit' as const),
    message: fc.integer({ min: 0, max: 5 }),
    progress: fc.boolean(),
    ms: fc.constantFrom(0, 0, 150, 3_000),
    pause: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 400, 1_500),
    outcomes: fc.array(
      fc.constantFrom<Tried>(
        SENT,
        { outcome: 'refused', status: 429, retryAfterMs: null },
        { outcome: 'refused', status: 429, retryAfterMs: 5_000 },
        { outcome: 'refused', status: 412, retryAfterMs: null },
        { outcome: 'refused', status: 403, retryAfterMs: null },
        { outcome: 'unknown' },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  })

  it('are kept by every schedule of work, no two requests of one conversation overlap, and all is answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 150, size: 'max' }), async (work) => {
        const { queue, clock, starts, overlaps, add, run } = queueKit()
        const answers: Promise<Tried>[] = []
        for (const [index, { lane, kind, message, progress, ms, pause, outcomes }] of work.entries()) {
          if (pause > 0) {
            clock.advance(pause)
            await settle(1)
          }
          const messageId = kind === 'edit' ? `${lane}${message}` : null
          answers.push(add(`${index}`, { lane, kind, messageId, progress, ms, outcomes }))
        }
        await run(10 * 60_000)
        expect((await Promise.all(answers)).length).toBe(work.length)
        for (const lane of ['a', 'b', 'c', 'd'])
          expect(
            isWithin(
              starts.filter((start) => start.lane === lane),
              SEND_LIMITS,
            ),
          ).toBe(true)
        expect(isWithin(starts, TENANT_LIMITS)).toBe(true)
        expect(overlaps).toEqual([])
        for (const [index, { kind }] of work.entries()) {
          const tries = starts.filter(({ name }) => name === `${index}`).length
          expect(tries).toBeLessThanOrEqual(MAX_TRIES)
          // What nobody knows of is not posted again.
          const unsure = work[index]?.outcomes.findIndex(({ outcome }) => outcome === 'unknown') ?? -1
          if (kind === 'post' && unsure >= 0) expect(tries).toBeLessThanOrEqual(unsure + 1)
        }
        expect(queue.counts).toMatchObject({ waiting: 0, inFlight: 0 })
      }),
      { numRuns: 60 },
    )
  })

  it('hold in a crowd: a hundred conversations of one tenant, fifty requests a second', async () => {
    const { starts, add, run } = queueKit()
    for (let i = 0; i < 100; i++) for (let k = 0; k < 5; k++) void add(`${i}`, { lane: `l${i}` })
    await run(60_000)
    expect(starts).toHaveLength(500)
    expect(isWithin(starts, TENANT_LIMITS)).toBe(true)
    expect(starts.at(-1)?.at).toBeLessThan(12_000)
    // Everybody's first goes before anybody's third.
    const firsts = [...new Set(starts.slice(0, 200).map(({ lane }) => lane))]
    expect(firsts).toHaveLength(100)
  })

  it('of one tenant do not hold up another', async () => {
    const { starts, add, run } = queueKit()
    for (let i = 0; i < 200; i++) void add('busy', { lane: `l${i}` })
    void add('quiet', { lane: 'q', tenantId: 'other' })
    await run(30_000)
    expect(starts.find(({ name }) => name === 'quiet')?.at).toBe(0)
  })

  it('of the hour end in an answer that says when, not in an endless wait', async () => {
    const { clock, add, run } = queueKit()
    let sent = 0
    for (let minute = 0; minute < 30; minute++) {
      for (let k = 0; k < 60; k++)
        void add('x').then(({ outcome }) => {
          if (outcome === 'sent') sent += 1
        })
      await run((minute + 1) * 60_000)
      clock.advance((minute + 1) * 60_000 - clock.monotonic())
    }
    expect(sent).toBe(1_800)
    const answer = add('one more')
    await settle()
    const { status, retryAfterMs } = await answer
    expect(status).toBe(429)
    expect(retryAfterMs).toBeGreaterThan(MAX_WAIT_MS)
    expect(retryAfterMs).toBeLessThanOrEqual(30 * 60_000)
  })

  it('of questions are their own: a busy chat does not hold up who asks for a member', async () => {
    const { starts, add, run } = queueKit()
    for (let i = 0; i < 60; i++) void add('post')
    void add('member', { kind: 'read', lane: 'read a', limits: READ_LIMITS })
    await run(60_000)
    expect(starts.find(({ name }) => name === 'member')?.at).toBe(0)
  })
})
