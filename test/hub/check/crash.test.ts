import { afterAll, describe, expect, it } from 'vitest'
import type { TableStore } from '../../../src/core/table-store.ts'
import { HUB_TIMES } from '../../../src/hub/times.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { aConversation, BO, OWED_BY_ONE } from '../../support/check-kit.ts'
import { aRequest, openDesk, ScriptedSpeaker } from '../../support/desk-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { testClock } from '../../support/test-clock.ts'

const folders = scratch('doorstep-crash-')
afterAll(() => folders.remove())

const WRITES = new Set(['insert', 'upsert', 'update', 'remove', 'batch'])
const never = () => new Promise(() => undefined)

/** A store whose program is killed after so many writes: nothing that is asked of it later is ever answered. */
function killedAfter(store: TableStore, writes: number, onDeath: () => void) {
  let done = 0
  let dead = false
  const through: TableStore = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (dead) return never()
        if (!WRITES.has(String(name))) return value.apply(target, args) as unknown
        const written = value.apply(target, args) as unknown
        done += 1
        if (done < writes) return written
        dead = true
        onDeath()
        // Stored, and nobody is left to hear of it.
        return never()
      }
    },
  })
  return { store: through, count: () => done }
}

/** One check from its request to its card (in two conversations where somebody joins), with a crash after so many writes. */
async function live(crashAfter: number, silent: readonly string[] = [], cancelled = false) {
  const clock = testClock()
  const store = await openEmbeddedStore(await folders.make(), { random })
  const speaker = new ScriptedSpeaker(clock)
  const first = killedAfter(store, crashAfter, () => {
    speaker.isDead = true
  })
  const one = openDesk({ store: first.store, clock, speaker, silent })
  void one.desk.begin(aRequest('c1')).catch(() => undefined)
  await one.pass(200)
  // A check of a silent runner is over before anybody could join it.
  const joiner = aRequest('c2', { conversation: aConversation('19:team') })
  if (silent.length === 0) void one.desk.begin(joiner).catch(() => undefined)
  await one.pass(200)
  if (cancelled) {
    const some = one.work().slice(0, 2)
    for (const measurement of some) void one.desk.keep(measurement).catch(() => undefined)
    await one.pass(1_000, 250)
    void one.desk.cancel('c1', BO).catch(() => undefined)
  } else if (silent.length === 0) void one.measureAll().catch(() => undefined)
  await one.pass(3_000, 250)
  const crashed = speaker.isDead
  // The machine is started again: another desk on the same rows. The dead one's timers find nobody.
  const after = new ScriptedSpeaker(clock)
  for (const [id, card] of speaker.standing) after.standing.set(id, card)
  const two = openDesk({ store, clock, speaker: after, silent, seed: 2 })
  await two.desk.resume()
  await two.pass(1_000, 250)
  if (silent.length === 0) {
    void two.measureAll()
    await two.pass(1_000, 250)
  }
  await two.pass(HUB_TIMES.deadline + HUB_TIMES.resend + 5_000, 500)
  const unfinished = await two.checks.unfinished()
  const check = await two.checks.load('c1')
  const latest = await two.latest.get('seattle')
  const rows = await store.query({ table: `hist202511`, pk: 'seattle' })
  await store.close()
  return {
    crashed,
    writes: first.count(),
    check,
    unfinished,
    latest,
    history: rows.rows.length,
    before: speaker,
    after,
    size: two.desk.size,
    log: two.log.lines.filter(({ level }) => level === 'error'),
  }
}

describe('a hub that is killed', () => {
  it.each([
    ['with a runner that answers', []],
    ['with a silent runner', ['seattle-1']],
  ])(
    'after any write (%s) ends in one final card in each place when it is started again',
    async (_name, silent) => {
      const whole = await live(Number.POSITIVE_INFINITY, silent)
      expect(whole.crashed).toBe(false)
      expect(whole.check?.status).toBe('delivered')
      expect(whole.writes).toBeGreaterThan(8)
      for (let writes = 1; writes <= whole.writes; writes++) {
        const lived = await live(writes, silent)
        const at = `killed after write ${writes} of ${whole.writes}`
        expect(lived.crashed, at).toBe(true)
        expect(lived.log, at).toEqual([])
        expect(lived.check?.status, at).toBe('delivered')
        expect(lived.unfinished, at).toEqual([])
        expect(lived.size, at).toBe(0)
        expect(lived.latest?.checkId, at).toBe('c1')
        expect(lived.history, at).toBe(1)
        for (const [index, place] of (lived.check?.places ?? []).entries()) {
          const card = lived.after.standing.get(place.activityId ?? '')?.card
          expect(card, `${at}, place ${index}`).toMatchObject({ final: true, received: OWED_BY_ONE })
          const { conversationId } = place.conversation
          const posts = [...lived.before.posts, ...lived.after.posts].filter(
            (sent) => sent.conversationId === conversationId,
          )
          expect(posts.length, at).toBeLessThanOrEqual(2)
          // A second post only where the first may have been lost on the way, and it says so.
          for (const second of posts.slice(1)) expect(second.card.resent, at).toBe(true)
        }
      }
    },
    120_000,
  )

  it('after any write of a check that is being stopped keeps it stopped, or runs it to its end', async () => {
    const whole = await live(Number.POSITIVE_INFINITY, [], true)
    expect(whole.check).toMatchObject({ status: 'delivered', cancelledBy: BO })
    expect(Object.keys(whole.check?.measurements ?? {})).toHaveLength(2)
    expect(whole).toMatchObject({ history: 0, latest: null, unfinished: [], size: 0 })
    for (let writes = 1; writes <= whole.writes; writes++) {
      const lived = await live(writes, [], true)
      const at = `killed after write ${writes} of ${whole.writes}`
      expect(lived, at).toMatchObject({ crashed: true, log: [], unfinished: [], size: 0 })
      expect(lived.check?.status, at).toBe('delivered')
      // Stopped and without a verdict, or not stopped and with one: never both, never neither.
      const stopped = lived.check?.cancelledBy !== undefined
      expect(lived.history, at).toBe(stopped ? 0 : 1)
      expect(lived.latest === null, at).toBe(stopped)
      for (const place of lived.check?.places ?? []) {
        expect(lived.after.standing.get(place.activityId ?? '')?.card, at).toMatchObject({ final: true })
      }
    }
  }, 120_000)

  it('after its check was measured does not ask the runner again', async () => {
    const whole = await live(Number.POSITIVE_INFINITY)
    expect(whole.after.sent).toEqual([])
  })
})
