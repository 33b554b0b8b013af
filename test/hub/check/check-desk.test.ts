import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { failed } from '../../../src/core/failure.ts'
import type { TableStore } from '../../../src/core/table-store.ts'
import { HUB_TIMES } from '../../../src/hub/times.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { aConversation, aRunner, BO, OWED_BY_ONE } from '../../support/check-kit.ts'
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

  it('that is quiet posts no card, and whoever asks for the same there meanwhile gets one of their own', async () => {
    const { desk, speaker, latest, measureAll, checks } = open()
    await desk.begin(aRequest('c1', { quiet: true }))
    await settle()
    expect(speaker.sent).toEqual([])
    expect(await desk.begin(aRequest('c2', { askedBy: BO }))).toMatchObject({
      kind: 'joined',
      sameConversation: false,
    })
    await measureAll()
    await settle()
    expect(speaker.posts).toHaveLength(1)
    expect([...speaker.standing.values()]).toMatchObject([{ card: { final: true } }])
    expect(await latest.get('seattle')).toMatchObject({ checkId: 'c1' })
    expect((await checks.load('c1'))?.status).toBe('delivered')
  })

  it('wakes its runners, takes their measurements, and ends in one final edit at once', async () => {
    const { desk, speaker, woken, work, measureAll, checks, latest } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    expect(woken).toEqual(['seattle-1'])
    expect(work('london-1')).toEqual([])
    expect(await measureAll()).toEqual(Array(OWED_BY_ONE).fill('stored'))
    await settle()
    // The measurement that completes what was owed is stored and told at once, not with the next write or edit.
    expect(speaker.edits.at(-1)).toMatchObject({
      activityId: 'card-1',
      at: 0,
      card: { final: true, received: OWED_BY_ONE },
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

  it('makes its first edit as soon as there is a verdict to show', async () => {
    const { desk, speaker, work, pass } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    const [one, two, three] = work()
    if (!one || !two || !three) throw new Error('no work')
    await desk.keep(one)
    await pass(2_200)
    expect(speaker.edits).toEqual([])
    void desk.keep(two)
    await pass(100)
    expect(speaker.edits).toMatchObject([{ at: 2_300, card: { received: 2 } }])
    void desk.keep(three)
    await pass(3_000)
    expect(speaker.edits).toMatchObject([{}, { at: 4_300, card: { received: 3 } }])
  })

  it('makes no edit in the first second, and the next two seconds after it', async () => {
    const { desk, speaker, work, pass } = open()
    await desk.begin(aRequest('c1'))
    await settle()
    for (const measurement of work().slice(0, 3)) {
      void desk.keep(measurement)
      await pass(600)
    }
    await pass(4_000)
    expect(speaker.edits.map(({ at }) => at)).toEqual([
      HUB_TIMES.afterPost,
      HUB_TIMES.afterPost + HUB_TIMES.edit,
    ])
  })

  it('makes its first edit without a verdict when none comes in time', async () => {
    const { desk, speaker, work, pass } = open()
    await desk.begin(aRequest('c1'))
    await pass(HUB_TIMES.firstEdit + 100)
    expect(speaker.edits).toMatchObject([{ at: HUB_TIMES.firstEdit, card: { received: 0 } }])
    for (const measurement of work().slice(0, 3)) {
      void desk.keep(measurement)
      await pass(600)
    }
    await pass(6_000)
    expect(speaker.edits[1]?.at).toBe(HUB_TIMES.firstEdit + HUB_TIMES.edit)
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

  it('edits its card in one conversation while another one is held up', async () => {
    const { desk, speaker, pass } = open()
    await desk.begin(aRequest('c1'))
    await desk.begin(aRequest('c2', { conversation: aConversation('19:team'), askedBy: BO }))
    speaker.nextEdits(() => new Promise(() => undefined))
    await pass(HUB_TIMES.firstEdit + 500)
    const edited = speaker.edits.map(({ conversationId }) => conversationId)
    expect(edited).toEqual(['a:ana', '19:team'])
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
      expect(failures).toEqual(Array(OWED_BY_ONE).fill(word))
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
    expect(words.filter((outcome) => !outcome.ok && outcome.failure === 'unsupported-probe')).toHaveLength(
      OWED_BY_ONE - 1,
    )
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
