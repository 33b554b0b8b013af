import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { TableStore } from '../../../src/core/table-store.ts'
import { HUB_TIMES } from '../../../src/hub/times.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { aConversation, anOffice, BO, OWED_BY_ONE } from '../../support/check-kit.ts'
import { aRequest, type DeskOptions, openDesk } from '../../support/desk-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { settle } from '../../support/settle.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'

const folders = scratch('doorstep-troubles-')
let store: TableStore
let clock: TestClock
const open = (over: Partial<DeskOptions> = {}) => openDesk({ store, clock, ...over })

beforeEach(async () => {
  clock = testClock()
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

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

  it('with download does not join one without, which would not bring it', async () => {
    const { desk, work } = open()
    await desk.begin(aRequest('c1'))
    expect(await desk.begin(aRequest('c2', { download: true }))).toEqual({ kind: 'began' })
    expect(await desk.begin(aRequest('c3', { download: true }))).toMatchObject({ kind: 'joined' })
    await settle()
    const owed = work().map(({ checkId, probe }) => [checkId, probe])
    expect(owed.filter(([, probe]) => probe === 'throughput')).toEqual([['c2', 'throughput']])
  })

  it('without download joins one with it', async () => {
    const { desk } = open()
    await desk.begin(aRequest('c1', { download: true }))
    expect(await desk.begin(aRequest('c2'))).toMatchObject({ kind: 'joined' })
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

  it('is posted three times at most while nobody confirms it, and the check ends', async () => {
    const { desk, speaker, measureAll, pass, checks } = open()
    speaker.nextPosts(...Array.from({ length: 9 }, () => ({ kind: 'unknown' }) as const))
    await desk.begin(aRequest('c1'))
    await measureAll()
    await pass(10 * HUB_TIMES.resend, 1_000)
    expect(speaker.posts).toHaveLength(3)
    expect(await checks.load('c1')).toMatchObject({ status: 'delivered', places: [{ dead: true }] })
    expect(desk.size).toBe(0)
  })

  it('that is never taken is given up after some minutes, and the check ends', async () => {
    const { desk, speaker, measureAll, pass, checks } = open()
    speaker.nextPosts(...Array.from({ length: 90 }, () => ({ kind: 'later', afterMs: 1_500 }) as const))
    await desk.begin(aRequest('c1'))
    await measureAll()
    await pass(20 * 60_000, 5_000)
    expect(speaker.posts.length).toBeLessThan(50)
    expect(await checks.load('c1')).toMatchObject({ status: 'delivered', places: [{ dead: true }] })
    expect(desk.size).toBe(0)
  })

  it('that somebody deleted is posted anew, while it runs and at its end', async () => {
    const { desk, speaker, measureAll, pass } = open()
    speaker.nextEdits({ kind: 'refused', gone: false, lost: true })
    await desk.begin(aRequest('c1'))
    await pass(HUB_TIMES.firstEdit + 500)
    expect(speaker.posts).toHaveLength(2)
    speaker.nextEdits({ kind: 'refused', gone: false, lost: true })
    await measureAll()
    await settle()
    expect(speaker.posts.at(-1)).toMatchObject({ activityId: 'card-3', card: { final: true } })
    expect(desk.size).toBe(0)
  })

  it('gets its final edit although one before it still waits in the chat, and is posted anew once if both miss it', async () => {
    const { desk, speaker, measureAll, pass } = open()
    const lost = { kind: 'refused', gone: false, lost: true } as const
    const waits = Promise.withResolvers<typeof lost>()
    speaker.nextEdits(() => waits.promise, lost)
    await desk.begin(aRequest('c1'))
    await pass(HUB_TIMES.firstEdit + 500)
    await measureAll()
    await settle()
    expect(speaker.edits.map(({ card }) => card.final)).toEqual([false, true])
    waits.resolve(lost)
    await settle()
    expect(speaker.posts).toHaveLength(2)
    expect(speaker.posts.at(-1)).toMatchObject({ card: { final: true } })
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
    expect([...speaker.standing.values()]).toMatchObject([
      { card: { final: true, received: 12 * OWED_BY_ONE } },
    ])
    expect(await latest.all()).toHaveLength(12)
    expect(desk.size).toBe(0)
  })
})
