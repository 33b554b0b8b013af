import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../../src/cards/card-text.ts'
import type { Authority } from '../../../src/core/authority.ts'
import type { TableStore } from '../../../src/core/table-store.ts'
import { HUB_TIMES } from '../../../src/hub/times.ts'
import { alertStore } from '../../../src/store/alerts.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { freezeStore } from '../../../src/store/freezes.ts'
import { random } from '../../store/contract.ts'
import { anOrder } from '../../support/alert-kit.ts'
import { ANA, aConversation, NOON } from '../../support/check-kit.ts'
import { ScriptedSpeaker } from '../../support/desk-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'
import { watchKit } from '../../support/watch-kit.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const folders = scratch('doorstep-alerts-')
let store: TableStore
let clock: TestClock
let kit: ReturnType<typeof watchKit>

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  clock = testClock(NOON)
  kit = watchKit(store, clock)
  return async () => {
    await kit.stop()
    await store.close()
  }
})
afterAll(() => folders.remove())

const order = (over: Parameters<typeof anOrder>[1] = {}, id = 'a1') =>
  alertStore(store).putOrder(anOrder(id, over))
const textOf = (card: unknown) => cardLines(card as object).join('\n')
const standing = (speaker: ScriptedSpeaker) => [...speaker.standing.values()].map(({ card }) => textOf(card))
const alertsOn = (speaker: ScriptedSpeaker) =>
  speaker.posts.filter(({ card }) => cardKind(card as unknown as object) === 'alert')

describe('a verdict that changes', () => {
  it('is checked again after two minutes, posted once when it holds, and resolved in place', async () => {
    await order()
    const { hub, speaker, begun } = kit.aHub()
    await kit.judged('seattle', 'pass', hub)
    await kit.judged('lyon', 'pass', hub)
    await kit.judged('seattle', 'fail', hub)
    expect(speaker.sent).toEqual([])
    begun.splice(0)
    await kit.pass(1.5 * MINUTE)
    expect(begun).toEqual([])
    await kit.pass(MINUTE)
    expect(begun).toMatchObject([{ officeIds: ['seattle'], quiet: true }])
    await kit.judged('seattle', 'fail', hub)
    expect(standing(speaker)).toEqual([expect.stringContaining('Seattle is not ready')])
    expect(standing(speaker)[0]).toContain('5,311 km')
    await kit.judged('seattle', 'fail', hub)
    await kit.pass(5 * MINUTE)
    expect(speaker.sent).toHaveLength(1)

    await kit.judged('seattle', 'pass', hub)
    await kit.judged('seattle', 'pass', hub)
    expect(speaker.posts).toHaveLength(1)
    expect(standing(speaker)).toEqual([expect.stringContaining('passes again')])
    await kit.pass(HOUR)
    expect(speaker.edits).toHaveLength(1)
  })

  it('is told to nobody when the next check does not say so', async () => {
    await order()
    const { hub, speaker } = kit.aHub()
    for (const verdict of ['pass', 'fail', 'pass', 'pass'] as const) await kit.judged('seattle', verdict, hub)
    expect(speaker.sent).toEqual([])
  })

  it('of several offices for one cause is one card', async () => {
    await order()
    const { hub, speaker } = kit.aHub()
    for (const verdict of ['pass', 'fail', 'fail'] as const) {
      await kit.judged('seattle', verdict, hub)
      await kit.judged('lyon', verdict, hub)
    }
    expect(speaker.posts).toHaveLength(1)
    expect(standing(speaker)).toEqual([expect.stringContaining('2 offices are not ready')])
  })

  it('is remembered over a restart: the same card is edited', async () => {
    await order()
    const first = kit.aHub()
    for (const verdict of ['pass', 'fail', 'fail'] as const) await kit.judged('seattle', verdict, first.hub)
    await first.hub.stop()
    const { hub, speaker } = kit.aHub({ speaker: first.speaker })
    await kit.judged('seattle', 'pass', hub)
    await kit.judged('seattle', 'pass', hub)
    expect(alertsOn(speaker)).toHaveLength(1)
    expect(standing(speaker)).toEqual([expect.stringContaining('passes again')])
  })
})

describe('several hubs', () => {
  it('post an alert once, and another goes on when the one that watched is gone', async () => {
    await order()
    const speaker = new ScriptedSpeaker(clock)
    const one = kit.aHub({ speaker })
    const two = kit.aHub({ speaker })
    for (const verdict of ['pass', 'fail', 'fail'] as const) {
      await kit.judged('seattle', verdict)
      one.hub.changed()
      two.hub.changed()
      await kit.pass(2_000, 1_000)
    }
    expect(alertsOn(speaker)).toHaveLength(1)
    await one.hub.stop()
    await kit.judged('seattle', 'pass')
    await kit.pass(3 * MINUTE)
    await kit.judged('seattle', 'pass')
    await kit.pass(3 * MINUTE)
    expect(standing(speaker)).toEqual([expect.stringContaining('passes again')])
  })

  it('say that it may be there twice when one died while it posted', async () => {
    await order()
    const dead = new ScriptedSpeaker(clock)
    const first = kit.aHub({ speaker: dead })
    await kit.judged('seattle', 'pass', first.hub)
    await kit.judged('seattle', 'fail', first.hub)
    dead.isDead = true
    await kit.judged('seattle', 'fail', first.hub)
    // It looks no more, and its lease runs out: what it was posting is never answered.
    void first.hub.stop()
    const { speaker } = kit.aHub()
    await kit.pass(5 * MINUTE)
    expect(standing(speaker)).toEqual([expect.stringContaining('it may be here twice')])
    await kit.pass(HOUR)
    expect(speaker.posts).toHaveLength(1)
  })
})

describe('quiet hours', () => {
  it('hold an alert until they end, and one that was over by then is never told', async () => {
    // It is noon in UTC.
    await order({ plan: { quiet: { from: '11:00', to: '14:00' } } })
    const { hub, speaker } = kit.aHub()
    for (const verdict of ['pass', 'fail', 'fail'] as const) {
      await kit.judged('seattle', verdict, hub)
      await kit.judged('lyon', verdict, hub)
    }
    for (const verdict of ['pass', 'pass'] as const) await kit.judged('lyon', verdict, hub)
    await kit.pass(HOUR, MINUTE)
    expect(speaker.sent).toEqual([])
    await kit.pass(HOUR + MINUTE, MINUTE)
    expect(speaker.posts).toHaveLength(1)
    expect(standing(speaker)[0]).toContain('Seattle is not ready')
  })
})

describe('a freeze', () => {
  it('mutes the alerts of its office, ends by itself, and posts the first result after', async () => {
    await order({ conversation: aConversation('19:other') })
    const { hub, speaker, begun } = kit.aHub()
    const desk = hub.desks(ANA, aConversation('19:ops'))
    await kit.judged('seattle', 'pass', hub)
    await desk.freeze('seattle', clock.now() + HOUR, 'carrier move')
    for (const verdict of ['fail', 'fail'] as const) await kit.judged('seattle', verdict, hub)
    expect(speaker.sent).toEqual([])
    await kit.pass(HOUR + 2 * MINUTE, MINUTE)
    expect(
      begun.filter(({ quiet }) => !quiet).map(({ conversation }) => conversation.conversationId),
    ).toEqual(['19:ops', '19:other'])
    const told = speaker.posts.map(({ conversationId, card }) => `${conversationId} ${textOf(card)}`)
    expect(told[0]).toContain('19:ops')
    expect(told[0]).toContain('The freeze of Seattle is over')
    expect(told[0]).toContain('carrier move')
    expect(told.at(-1)).toContain('Seattle is not ready')
    expect(await freezeStore(store).all()).toEqual([])
  })

  it('that is taken back mutes nothing any more', async () => {
    await order()
    const { hub, speaker } = kit.aHub()
    const desk = hub.desks(ANA, aConversation('19:ops'))
    await kit.judged('seattle', 'pass', hub)
    await desk.freeze('seattle', clock.now() + HOUR, 'carrier move')
    for (const verdict of ['fail', 'fail'] as const) await kit.judged('seattle', verdict, hub)
    expect(await desk.unfreeze('seattle')).toBe(true)
    await kit.pass(2 * MINUTE)
    expect(alertsOn(speaker)).toHaveLength(1)
  })
})

describe('an order of alerts', () => {
  it('has its offices checked now and then, each at its own time', async () => {
    await order()
    const { hub, begun } = kit.aHub()
    for (const id of ['seattle', 'lyon']) await kit.judged(id, 'pass', hub)
    begun.splice(0)
    await kit.pass(HUB_TIMES.watch, MINUTE)
    expect(begun.flatMap(({ officeIds }) => officeIds).toSorted()).toEqual(['lyon', 'seattle'])
    expect(begun.every(({ quiet }) => quiet === true)).toBe(true)
  })

  it('tells of what whoever made it may see by then, and of nothing else', async () => {
    await order()
    const emea: Authority = {
      grants: [{ objectId: ANA.objectId, role: 'operator', tag: 'emea' }],
      everyone: 'member',
    }
    const { hub, speaker, begun } = kit.aHub({ authority: () => emea })
    for (const verdict of ['pass', 'fail', 'fail'] as const) {
      await kit.judged('seattle', verdict, hub)
      await kit.judged('lyon', verdict, hub)
    }
    expect(standing(speaker)).toEqual([expect.stringContaining('Lyon is not ready')])
    expect(begun.flatMap(({ officeIds }) => officeIds)).not.toContain('Seattle is not ready')
  })

  it('tells of a runner that fell silent, and that it is heard of again', async () => {
    await order({ plan: { kinds: ['silent'] } })
    const silent = [{ id: 'lyon-1', officeId: 'lyon', name: 'lyon-1', since: NOON + MINUTE }]
    const around: { silent: typeof silent } = { silent: [] }
    const { speaker, begun } = kit.aHub({ around })
    await kit.pass(5 * MINUTE)
    around.silent = silent
    await kit.pass(MINUTE)
    expect(standing(speaker)).toEqual([expect.stringContaining('is silent')])
    around.silent = []
    await kit.pass(MINUTE)
    expect(standing(speaker)).toEqual([expect.stringContaining('is heard of again')])
    expect(begun).toEqual([])
  })

  it('calls nothing over of which nobody can say yet, as right after a start', async () => {
    await order({ plan: { kinds: ['silent'] } })
    const silent = [{ id: 'lyon-1', officeId: 'lyon', name: 'lyon-1', since: NOON + MINUTE }]
    const around: { silent: typeof silent; undecided: Set<string> } = { silent, undecided: new Set() }
    const { speaker } = kit.aHub({ around })
    await kit.pass(5 * MINUTE)
    around.silent = []
    around.undecided = new Set(['lyon-1'])
    await kit.pass(5 * MINUTE)
    expect(standing(speaker)).toEqual([expect.stringContaining('is silent')])
    around.undecided = new Set()
    await kit.pass(MINUTE)
    expect(standing(speaker)).toEqual([expect.stringContaining('is heard of again')])
  })

  it('says of what it is not about any more that nobody watches it, and not that it is over', async () => {
    await order()
    const { hub, speaker } = kit.aHub()
    for (const verdict of ['pass', 'fail', 'fail'] as const) await kit.judged('seattle', verdict, hub)
    const desk = hub.desks(ANA, aConversation('19:ops'))
    await desk.change('a1', { selector: 'lyon', kinds: ['not-ready'], quiet: null, timeZone: 'UTC' })
    await kit.pass(MINUTE)
    expect(standing(speaker)).toEqual([expect.stringContaining('no longer watched here')])
    expect(standing(speaker)[0]).not.toMatch(/passes again|is not ready/)
  })

  it('to a channel that refuses is not tried again and again', async () => {
    await order({ plan: { kinds: ['silent'] } })
    const speaker = new ScriptedSpeaker(clock)
    speaker.nextPosts({ kind: 'refused', gone: true, lost: false })
    kit.aHub({
      speaker,
      around: { silent: [{ id: 'lyon-1', officeId: 'lyon', name: 'x', since: NOON + 1 }] },
    })
    await kit.pass(HOUR)
    expect(speaker.posts).toHaveLength(1)
  })

  it('to a conversation that answers late holds up no other, and no check', async () => {
    await order({ plan: { kinds: ['silent'] } }, 'a1')
    await order({ conversation: aConversation('19:other') }, 'a2')
    const speaker = new ScriptedSpeaker(clock)
    let answer = (): void => undefined
    speaker.nextPosts(
      () =>
        new Promise((done) => {
          answer = () => done({ kind: 'sent', activityId: 'late' })
        }),
    )
    const around = { silent: [{ id: 'lyon-1', officeId: 'lyon', name: 'x', since: NOON + 1 }] }
    const { hub, begun } = kit.aHub({ speaker, around })
    await kit.judged('seattle', 'pass', hub)
    await kit.judged('seattle', 'fail', hub)
    await kit.pass(3 * MINUTE)
    expect(begun.some(({ officeIds }) => officeIds.includes('seattle'))).toBe(true)
    await kit.judged('seattle', 'fail', hub)
    expect(speaker.posts.map(({ conversationId }) => conversationId)).toEqual(['19:other', '19:other'])
    answer()
    await kit.pass(MINUTE)
    expect(speaker.posts.filter(({ conversationId }) => conversationId !== '19:other')).toHaveLength(1)
  })

  it('to a conversation that takes nothing is tried at longer and longer pauses', async () => {
    await order({ plan: { kinds: ['silent'] } })
    const speaker = new ScriptedSpeaker(clock)
    speaker.nextPosts(...Array.from({ length: 50 }, () => ({ kind: 'later', afterMs: 5_000 }) as const))
    kit.aHub({
      speaker,
      around: { silent: [{ id: 'lyon-1', officeId: 'lyon', name: 'x', since: NOON + 1 }] },
    })
    await kit.pass(HOUR)
    const at = speaker.posts.map((sent) => sent.at)
    expect(at.length).toBeLessThan(12)
    expect((at.at(-1) ?? 0) - (at.at(-2) ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE)
  })

  it('that Teams does not take now is posted later', async () => {
    await order({ plan: { kinds: ['silent'] } })
    const speaker = new ScriptedSpeaker(clock)
    speaker.nextPosts({ kind: 'later', afterMs: 5_000 })
    kit.aHub({
      speaker,
      around: { silent: [{ id: 'lyon-1', officeId: 'lyon', name: 'x', since: NOON + 1 }] },
    })
    await kit.pass(2 * MINUTE)
    expect(speaker.standing.size).toBe(1)
  })
})
