import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { failed } from '../../../src/core/failure.ts'
import type { TableStore } from '../../../src/core/table-store.ts'
import { HUB_TIMES } from '../../../src/hub/times.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { aConversation, anOffice, aRunner, BO } from '../../support/check-kit.ts'
import { aRequest, type DeskOptions, openDesk } from '../../support/desk-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { settle } from '../../support/settle.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'

const folders = scratch('doorstep-desk-')
let store: TableStore
let clock: TestClock
const open = (over: Partial<DeskOptions> = {}) => openDesk({ store, clock, ...over })

beforeEach(async () => {
  clock = testClock()
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

describe('a check', () => {
  it('is stored before anything is sent, and says so before it posts', async () => {
    const { desk, speaker, checks } = open()
    let atPost: unknown
    speaker.nextPosts(async () => {
      atPost = await checks.load('c1')
      return { kind: 'sent', activityId: 'card-1' }
    })
    expect(await desk.begin(aRequest('c1'))).toEqual({ kind: 'began' })
    expect(await checks.load('c1')).toMatchObject({ id: 'c1', status: 'accepted' })
    await settle()
    expect(atPost).toMatchObject({ places: [{ posting: true, activityId: null }] })
    expect(speaker.posts).toMatchObject([{ card: { final: false } }])
    expect(await checks.load('c1')).toMatchObject({
      status: 'dispatched',
      places: [{ activityId: 'card-1' }],
    })
  })

  it('posts nothing when it cannot be stored, and leaves nothing that wakes later', async () => {
    const { desk, speaker, checks } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    const other = open({ seed: 2 })
    await expect(other.desk.begin(aRequest('c1'))).rejects.toThrow()
    expect(other.desk.size).toBe(0)
    await other.pass(HUB_TIMES.deadline * 2, 1_000)
    expect(other.speaker.sent).toEqual([])
    expect((await checks.load('c1'))?.status).toBe('delivered')
    expect(speaker.posts).toHaveLength(1)
  })

  it('wakes its runners, takes their measurements, and ends in one final edit at once', async () => {
    const { desk, speaker, woken, work, measureAll, checks, latest } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    expect(woken).toEqual(['seattle-1'])
    expect(work('london-1')).toEqual([])
    expect(await measureAll()).toEqual(Array(5).fill('stored'))
    const at = clock.monotonic()
    await settle()
    expect(speaker.edits.at(-1)).toMatchObject({
      activityId: 'card-1',
      at,
      card: { final: true, received: 5 },
    })
    expect(speaker.posts).toHaveLength(1)
    expect(speaker.edits.filter(({ card }) => card.final)).toHaveLength(1)
    expect(await checks.load('c1')).toMatchObject({ status: 'delivered' })
    expect(await checks.unfinished()).toEqual([])
    expect(await latest.get('seattle')).toMatchObject({ checkId: 'c1', readiness: 'unproven' })
    expect(desk.size).toBe(0)
    expect(clock.waiting).toBe(0)
  })

  it('edits its card at most every two seconds before the last', async () => {
    const { desk, speaker, work, pass } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    for (const measurement of work().slice(0, 4)) {
      void desk.keep(measurement)
      await pass(700)
    }
    await pass(4_000)
    const progress = speaker.edits.map(({ at }) => at)
    expect(progress.length).toBeGreaterThanOrEqual(2)
    for (const [index, at] of progress.slice(1).entries()) {
      expect(at - (progress[index] ?? 0)).toBeGreaterThanOrEqual(HUB_TIMES.edit)
    }
    expect(speaker.edits.at(-1)?.card).toMatchObject({ final: false, received: 4 })
  })

  it('waits as long as Teams asks before the next edit', async () => {
    const { desk, speaker, pass } = open()
    speaker.nextEdits({ kind: 'later', afterMs: 9_000 })
    await desk.begin(aRequest('c1'))
    await pass(30_000)
    const [first, second] = speaker.edits
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(9_000)
    expect(speaker.edits).toHaveLength(2)
  })

  it('closes at the deadline with what is in', async () => {
    const { desk, speaker, work, pass, checks } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    const [first, second] = work()
    if (!first || !second) throw new Error('no work')
    expect(await desk.keep(first)).toBe('stored')
    await pass(HUB_TIMES.deadline - 1_000)
    expect(speaker.edits.some(({ card }) => card.final)).toBe(false)
    await pass(1_000)
    expect(speaker.edits.at(-1)).toMatchObject({ card: { final: true, received: 1 } })
    expect((await checks.load('c1'))?.status).toBe('delivered')
    expect(await desk.keep(second)).toBe('late')
    expect(speaker.edits.filter(({ card }) => card.final)).toHaveLength(1)
  })

  it('of an office whose runner is silent, or that has none, ends without waiting', async () => {
    for (const [id, over] of [
      ['silent', { silent: ['seattle-1'] }],
      ['none', { runners: [] }],
      ['revoked', { runners: [aRunner('seattle', { state: 'revoked' })] }],
    ] as const) {
      const { desk, speaker, checks } = open({ ...over, seed: id.length })
      await desk.begin(aRequest(id))
      await settle()
      const word = id === 'silent' ? 'runner-silent' : 'no-runner'
      const check = await checks.load(id)
      const failures = Object.values(check?.measurements ?? {}).map(
        ({ outcome }) => !outcome.ok && outcome.failure,
      )
      expect(failures).toEqual(Array(5).fill(word))
      expect(check?.status).toBe('delivered')
      expect([...speaker.standing.values()]).toMatchObject([{ card: { final: true } }])
    }
  })

  it('of an office that is gone ends with a card too', async () => {
    const { desk, speaker, checks } = open()
    await desk.begin(aRequest('c1', { officeIds: ['atlantis'] }))
    await settle()
    expect((await checks.load('c1'))?.status).toBe('delivered')
    expect([...speaker.standing.values()]).toMatchObject([{ card: { final: true } }])
  })

  it('does not ask a runner for a probe that it does not have', async () => {
    const hello = aRunner('seattle').hello
    const old = aRunner('seattle', { hello: hello && { ...hello, probes: { rtt: 1 } } })
    const { desk, work, measureAll, checks } = open({ runners: [old] })
    await desk.begin(aRequest('c1'))
    await settle()
    expect(work().map(({ probe }) => probe)).toEqual(['rtt'])
    await measureAll()
    const words = Object.values((await checks.load('c1'))?.measurements ?? {}).map(({ outcome }) => outcome)
    expect(words.filter((outcome) => !outcome.ok && outcome.failure === 'unsupported-probe')).toHaveLength(4)
  })
})

describe('a measurement', () => {
  it('that comes again is taken once, and a different one is a conflict, stored or about to be', async () => {
    const { desk, work, pass } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    const [first, second] = work()
    if (!first || !second) throw new Error('no work')
    const other = failed('timeout')
    expect(await desk.keep(first)).toBe('stored')
    expect(await desk.keep({ ...first })).toBe('repeated')
    expect(await desk.keep({ ...first, outcome: other })).toBe('conflict')
    // The second write waits: repeats that come meanwhile wait with it.
    const kept = [desk.keep(second), desk.keep({ ...second }), desk.keep({ ...second, outcome: other })]
    expect(work().some(({ measurementId }) => measurementId === second.measurementId)).toBe(false)
    await pass(HUB_TIMES.write)
    expect(await Promise.all(kept)).toEqual(['stored', 'repeated', 'conflict'])
  })

  it('that nobody owes, or of a check that is not there, changes nothing', async () => {
    const { desk, work, checks } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    const [first] = work()
    if (!first) throw new Error('no work')
    const before = await checks.load('c1')
    expect(await desk.keep({ ...first, measurementId: 'strange' })).toBe('not-owed')
    expect(await desk.keep({ ...first, checkId: 'strange' })).toBe('unknown-check')
    expect(await checks.load('c1')).toEqual(before)
  })

  it('that comes after the end is kept beside the check and changes no card', async () => {
    const { desk, speaker, work, measureAll } = open({ silent: [] })
    await desk.begin(aRequest('c1'))
    await settle()
    const [first] = work()
    await measureAll()
    await settle()
    const { length } = speaker.sent
    if (!first) throw new Error('no work')
    expect(await desk.keep({ ...first })).toBe('repeated')
    expect(await desk.keep({ ...first, outcome: failed('timeout') })).toBe('conflict')
    await settle()
    expect(speaker.sent).toHaveLength(length)
  })

  it('waits for a check that is open and not yet taken up after a start', async () => {
    const { desk, work } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    const [first] = work()
    if (!first) throw new Error('no work')
    await desk.stop()
    expect(await desk.keep(first)).toBe('not-now')
    const again = open({ seed: 2 })
    expect(await again.desk.keep(first)).toBe('not-now')
    expect(await again.desk.resume()).toBe(1)
    expect(await again.desk.keep(first)).toBe('stored')
  })

  it('is stored with those that come with it, in few writes', async () => {
    let writes = 0
    const counting: TableStore = new Proxy(store, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === 'batch') writes += 1
          return value.apply(target, args) as unknown
        }
      },
    })
    const { desk, measureAll } = open({ store: counting })
    await desk.begin(aRequest('c1'))
    await settle()
    writes = 0
    await measureAll()
    await settle()
    // Handed out, the first, the rest together, told.
    expect(writes).toBeLessThanOrEqual(5)
  })
})

describe('a second request for the same offices', () => {
  it('joins: no second card in the same conversation, one of its own in another', async () => {
    const { desk, speaker, measureAll } = open()
    const [a, b] = await Promise.all([
      desk.begin(aRequest('c1')),
      desk.begin(aRequest('c2', { askedBy: BO })),
    ])
    expect(a).toEqual({ kind: 'began' })
    expect(b).toMatchObject({ kind: 'joined', sameConversation: true, askedBy: { name: 'Ana Diaz' } })
    const elsewhere = aRequest('c3', { conversation: aConversation('19:team'), askedBy: BO })
    expect(await desk.begin(elsewhere)).toMatchObject({ kind: 'joined', sameConversation: false })
    expect(desk.size).toBe(1)
    await measureAll()
    await settle()
    expect(speaker.posts.map(({ conversationId }) => conversationId)).toEqual(['a:ana', '19:team'])
    expect([...speaker.standing.values()]).toMatchObject([
      { card: { final: true } },
      { card: { final: true } },
    ])
  })

  it('of other offices is a check of its own', async () => {
    const { desk } = open()
    await desk.begin(aRequest('c1'))
    expect(await desk.begin(aRequest('c2', { officeIds: ['seattle', 'london'] }))).toEqual({ kind: 'began' })
    expect(await desk.begin(aRequest('c3', { officeIds: ['london', 'seattle'] }))).toMatchObject({
      kind: 'joined',
    })
    expect(desk.size).toBe(2)
  })

  it('that comes as the first one closes becomes a check of its own, and is not lost', async () => {
    const { desk, speaker, work } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    const last = work().map((measurement) => desk.keep(measurement))
    const elsewhere = aRequest('c2', { conversation: aConversation('19:team') })
    const begun = desk.begin(elsewhere)
    clock.advance(HUB_TIMES.write)
    await Promise.all(last)
    const { kind } = await begun
    await settle()
    expect(
      speaker.posts.some(({ conversationId }) => conversationId === '19:team'),
      kind,
    ).toBe(true)
  })

  it('does not hang on one that could not be stored', async () => {
    await open({ seed: 3 }).desk.begin(aRequest('c1'))
    const { desk, speaker } = open()
    const first = desk.begin(aRequest('c1'))
    const second = desk.begin(aRequest('c2', { askedBy: BO }))
    await expect(first).rejects.toThrow()
    expect(await second).toEqual({ kind: 'began' })
    await settle()
    expect(speaker.posts).toHaveLength(1)
  })
})

describe('a card', () => {
  it('whose conversation is gone is not asked for again, and the check ends all the same', async () => {
    const { desk, speaker, measureAll, checks } = open()
    speaker.nextPosts({ kind: 'refused', gone: true, lost: false })
    await desk.begin(aRequest('c1'))
    await measureAll()
    await settle()
    expect(speaker.sent).toHaveLength(1)
    expect(await checks.load('c1')).toMatchObject({ status: 'delivered', places: [{ dead: true }] })
  })

  it('that Teams does not take now is posted when it may be', async () => {
    const { desk, speaker, pass } = open()
    speaker.nextPosts({ kind: 'later', afterMs: 5_000 }, { kind: 'later', afterMs: 5_000 })
    await desk.begin(aRequest('c1'))
    await pass(12_000)
    expect(speaker.posts.map(({ at, card }) => [at, card.resent])).toEqual([
      [0, false],
      [5_000, false],
      [10_000, false],
    ])
    expect(speaker.standing.size).toBe(1)
  })

  it('whose fate nobody knows is posted once more after ten seconds, and says so', async () => {
    const { desk, speaker, measureAll, pass } = open()
    speaker.nextPosts({ kind: 'unknown' })
    await desk.begin(aRequest('c1'))
    await measureAll()
    await pass(HUB_TIMES.resend - 1_000)
    expect(speaker.posts).toHaveLength(1)
    await pass(2_000)
    expect(speaker.posts.map(({ card }) => card.resent)).toEqual([false, true])
    expect([...speaker.standing.values()]).toMatchObject([{ card: { final: true } }])
    expect(desk.size).toBe(0)
  })

  it('that somebody deleted is posted anew, while it runs and at its end', async () => {
    const { desk, speaker, measureAll, pass } = open()
    speaker.nextEdits({ kind: 'refused', gone: false, lost: true })
    await desk.begin(aRequest('c1'))
    await pass(HUB_TIMES.edit + 500)
    expect(speaker.posts).toHaveLength(2)
    speaker.nextEdits({ kind: 'refused', gone: false, lost: true })
    await measureAll()
    await settle()
    expect(speaker.posts.at(-1)).toMatchObject({ activityId: 'card-3', card: { final: true } })
    expect(desk.size).toBe(0)
  })

  it('gets its final edit again and again while the connector is down, and once it is up', async () => {
    const { desk, speaker, measureAll, pass, checks } = open()
    await desk.begin(aRequest('c1'))
    speaker.nextEdits(...Array.from({ length: 6 }, () => ({ kind: 'unknown' }) as const))
    await measureAll()
    await pass(60_000, 500)
    expect([...speaker.standing.values()]).toMatchObject([{ card: { final: true } }])
    expect((await checks.load('c1'))?.status).toBe('delivered')
    expect(speaker.edits.length).toBe(7)
  })

  it('is given up when it never gets through, and the check ends', async () => {
    const { desk, speaker, measureAll, pass, checks } = open()
    await desk.begin(aRequest('c1'))
    speaker.nextEdits(...Array.from({ length: 60 }, () => ({ kind: 'unknown' }) as const))
    await measureAll()
    await pass(15 * 60_000, 5_000)
    expect(await checks.load('c1')).toMatchObject({ status: 'delivered', places: [{ dead: true }] })
    expect(desk.size).toBe(0)
  })
})

describe('a store that is away for a moment', () => {
  /** Fails the next calls of one method. */
  function failing(method: string, times: number): TableStore {
    let left = times
    return new Proxy(store, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === method && left > 0) {
            left -= 1
            return Promise.reject(new Error('the store is away'))
          }
          return value.apply(target, args) as unknown
        }
      },
    })
  }

  it.each([
    ['the first step', 'batch', 1],
    ['several steps', 'batch', 4],
    ['reading what is judged by', 'query', 3],
  ])('at %s does not keep the check from its end, and the log has it', async (_name, method, times) => {
    const { desk, speaker, log, pass, measureAll } = open({ store: failing(method, times) })
    await desk.begin(aRequest('c1'))
    await pass(20_000, 250)
    await measureAll()
    await pass(HUB_TIMES.deadline, 500)
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true)
    expect([...speaker.standing.values()].filter(({ card }) => card.final)).toHaveLength(1)
    expect(desk.size).toBe(0)
  })

  it('at the deadline does not end the hub', async () => {
    let away = false
    const flaky = new Proxy(store, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown
        if (typeof value !== 'function') return value
        return (...args: unknown[]) =>
          away && name === 'batch'
            ? Promise.reject(new Error('away'))
            : (value.apply(target, args) as unknown)
      },
    })
    const { desk, speaker, pass, checks } = open({ store: flaky })
    await desk.begin(aRequest('c1'))
    await pass(HUB_TIMES.deadline - 1_000, 500)
    away = true
    await pass(5_000, 250)
    expect(speaker.edits.some(({ card }) => card.final)).toBe(false)
    away = false
    await pass(15_000, 250)
    expect((await checks.load('c1'))?.status).toBe('delivered')
    expect([...speaker.standing.values()]).toMatchObject([{ card: { final: true } }])
  })
})

describe('many offices', () => {
  it('are one check, one card, one row each', async () => {
    const offices = Array.from({ length: 12 }, (_, at) => anOffice(`o${at}`))
    const { desk, speaker, measureAll, latest } = open({ offices, silent: ['o3-1', 'o4-1'] })
    await desk.begin(aRequest('c1', { officeIds: offices.map(({ id }) => id) }))
    for (const { id } of offices) await measureAll(`${id}-1`)
    await settle()
    expect(speaker.posts).toHaveLength(1)
    expect([...speaker.standing.values()]).toMatchObject([{ card: { final: true, received: 60 } }])
    expect(await latest.all()).toHaveLength(12)
    expect(desk.size).toBe(0)
  })
})
