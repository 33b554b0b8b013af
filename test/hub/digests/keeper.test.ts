import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../../src/cards/card-text.ts'
import type { Authority } from '../../../src/core/authority.ts'
import type { TableStore } from '../../../src/core/table-store.ts'
import type { Speaker } from '../../../src/hub/check/speaker.ts'
import { openDigests } from '../../../src/hub/digests/open-digests.ts'
import { buttonOffers } from '../../../src/hub/offer-button.ts'
import { actionStore } from '../../../src/store/actions.ts'
import { digestStore, type SlotClaim } from '../../../src/store/digests.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { ANA, aConversation, anOffice } from '../../support/check-kit.ts'
import { openDesk, ScriptedSpeaker } from '../../support/desk-kit.ts'
import { aSchedule } from '../../support/digest-kit.ts'
import { testGeography } from '../../support/registry-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { keptLog, settle } from '../../support/settle.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'

/** Monday 23 November 2026, 08:00 in London. */
const RANDOM = { ...random, unit: () => 0.5 }
const EIGHT = Date.UTC(2026, 10, 23, 8)
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const ADMIN: Authority = {
  grants: [{ objectId: ANA.objectId, role: 'admin', tag: null }],
  everyone: 'member',
}

const folders = scratch('doorstep-keeper-')
let store: TableStore
let clock: TestClock
let toldAdmin = 0
let dead = false
const runs: ReturnType<typeof openDigests>[] = []

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  clock = testClock(EIGHT - 20 * MINUTE)
  toldAdmin = 0
  dead = false
  return async () => {
    for (const run of runs.splice(0)) run.stop().catch(() => undefined)
    await settle()
    await store.close()
  }
})
afterAll(() => folders.remove())

/** A hub's digests over the shared store, with runners that are silent: their checks close at once. */
function aHub(over: { speaker?: ScriptedSpeaker; authority?: Authority; seed?: number } = {}) {
  const kit = openDesk({
    store,
    clock,
    offices: OFFICES,
    silent: ['seattle-1', 'london-1'],
    seed: over.seed ?? 1,
    ...(over.speaker ? { speaker: over.speaker } : {}),
  })
  const log = keptLog()
  const hub = openDigests({
    digests: digestStore(store),
    offices: { all: async () => OFFICES },
    geography: testGeography,
    latest: kit.latest,
    authority: async () => over.authority ?? ADMIN,
    desk: kit.desk,
    speaker: kit.speaker as Speaker,
    offer: buttonOffers(actionStore(store), clock, RANDOM),
    isDead: async () => dead,
    notSent: () => void toldAdmin++,
    clock,
    random: RANDOM,
    deadline: MINUTE,
    log,
  })
  runs.push(hub)
  hub.start()
  return { ...kit, log }
}

const OFFICES = [anOffice('seattle'), anOffice('london', { tags: ['emea'] })]

async function pass(ms: number, step = 30_000): Promise<void> {
  for (let left = ms; left > 0; left -= step) {
    await settle(12)
    clock.advance(Math.min(step, left))
  }
  await settle()
}

const cardsOf = (speaker: ScriptedSpeaker) => speaker.sent.map(({ card }) => card as unknown as object)
const textOf = (card: object | undefined) => (card ? cardLines(card).join('\n') : '')
const schedule = (nextAt = EIGHT) => digestStore(store).put(aSchedule('d1'), nextAt)

describe('a digest that is due', () => {
  it('checks the offices before without a card, and is posted once, on the minute', async () => {
    await schedule()
    const { speaker, latest } = aHub()
    await pass(16 * MINUTE)
    expect((await latest.all()).map(({ officeId }) => officeId).toSorted()).toEqual(['london', 'seattle'])
    expect(speaker.sent).toEqual([])
    await pass(5 * MINUTE)
    expect(cardsOf(speaker).map(cardKind)).toEqual(['digest'])
    expect(speaker.sent[0]?.at).toBe(20 * MINUTE)
    expect(textOf(cardsOf(speaker)[0])).not.toContain('Late')
    expect((await digestStore(store).all())[0]?.nextAt).toBe(EIGHT + DAY)
    await pass(10 * MINUTE)
    expect(speaker.sent).toHaveLength(1)
  })

  it('compares with the one of the day before', async () => {
    await schedule()
    const { speaker } = aHub()
    await pass(21 * MINUTE)
    clock.advance(DAY - 22 * MINUTE)
    await pass(22 * MINUTE)
    expect(textOf(cardsOf(speaker)[1])).toContain('Nothing changed since Monday')
  })

  it('is posted by one of two hubs that are after the same slot', async () => {
    await schedule()
    const speaker = new ScriptedSpeaker(clock)
    aHub({ speaker, seed: 1 })
    aHub({ speaker, seed: 2 })
    await pass(40 * MINUTE)
    expect(cardsOf(speaker).map(cardKind)).toEqual(['digest'])
  })

  it('tells of what whoever made it may see by then, and of nothing else', async () => {
    await schedule()
    const authority: Authority = {
      grants: [{ objectId: ANA.objectId, role: 'operator', tag: 'emea' }],
      everyone: 'member',
    }
    const { speaker } = aHub({ authority })
    await pass(21 * MINUTE)
    expect(textOf(cardsOf(speaker)[0])).not.toContain('Seattle')
    expect(textOf(cardsOf(speaker)[0])).toContain('of 1 office')
  })
})

describe('a hub that dies', () => {
  it('between the claim and the post leaves the digest to the next, which posts it once', async () => {
    await schedule()
    const claim: SlotClaim = { scheduleId: 'd1', slot: EIGHT, part: 'post', holder: 'dead' }
    clock.advance(20 * MINUTE)
    await digestStore(store).claim(claim, EIGHT, EIGHT + 5 * MINUTE)
    const { speaker } = aHub()
    await pass(4 * MINUTE)
    expect(speaker.sent).toEqual([])
    await pass(20 * MINUTE)
    expect(cardsOf(speaker).map(cardKind)).toEqual(['digest'])
    expect(textOf(cardsOf(speaker)[0])).not.toContain('twice')
  })

  it('while it posts leaves nobody to know: it comes again, and says so', async () => {
    await schedule()
    const speaker = new ScriptedSpeaker(clock)
    speaker.nextPosts(() => new Promise(() => undefined))
    aHub({ speaker })
    await pass(21 * MINUTE)
    expect(speaker.sent).toEqual([])
    aHub({ speaker, seed: 2 })
    await pass(10 * MINUTE)
    expect(cardsOf(speaker).map(cardKind)).toEqual(['digest'])
    expect(textOf(cardsOf(speaker)[0])).toContain('may be here twice')
  })

  it('for days is caught up on once, and the digest says that it is late', async () => {
    await schedule(EIGHT - 3 * DAY)
    clock.advance(50 * MINUTE)
    const { speaker, log } = aHub()
    await pass(10 * MINUTE)
    expect(cardsOf(speaker).map(cardKind)).toEqual(['digest'])
    expect(textOf(cardsOf(speaker)[0])).toMatch(/Late: it was due on 23.Nov.08:00/)
    expect(log.lines.find(({ message }) => message.includes('were missed'))?.fields).toMatchObject({
      missed: 3,
    })
    expect((await digestStore(store).all())[0]?.nextAt).toBe(EIGHT + DAY)
  })
})

describe('a chat that does not take a digest', () => {
  it('now is asked again soon', async () => {
    await schedule()
    const speaker = new ScriptedSpeaker(clock)
    speaker.nextPosts({ kind: 'later', afterMs: 5_000 }, { kind: 'later', afterMs: 5_000 })
    aHub({ speaker })
    await pass(25 * MINUTE)
    expect([...speaker.standing.values()]).toHaveLength(1)
    expect(textOf(cardsOf(speaker).at(-1))).not.toContain('twice')
  })

  it('at all is told to an admin once, and asked again at the next slot', async () => {
    await schedule()
    const speaker = new ScriptedSpeaker(clock)
    const refused = { kind: 'refused', gone: true, lost: false } as const
    speaker.nextPosts(refused, refused)
    aHub({ speaker })
    await pass(25 * MINUTE)
    clock.advance(DAY - 26 * MINUTE)
    await pass(25 * MINUTE)
    expect(speaker.sent).toHaveLength(2)
    expect(toldAdmin).toBe(1)
  })

  it('because it is dead is left to those who tell of dead conversations', async () => {
    await schedule()
    dead = true
    const speaker = new ScriptedSpeaker(clock)
    speaker.nextPosts({ kind: 'refused', gone: true, lost: false })
    aHub({ speaker })
    await pass(25 * MINUTE)
    expect(toldAdmin).toBe(0)
  })

  it('and does not say whether it did is not asked again: the digest may stand there', async () => {
    await schedule()
    const speaker = new ScriptedSpeaker(clock)
    speaker.nextPosts({ kind: 'unknown' })
    aHub({ speaker })
    await pass(40 * MINUTE)
    expect(speaker.sent).toHaveLength(1)
  })
})

describe('many digests', () => {
  it('of the same offices measure them once, each at a time of its own', async () => {
    for (let index = 0; index < 10; index++) {
      const conversation = aConversation(`a:${index}`)
      await digestStore(store).put(aSchedule(`d${index}`, { conversation }), EIGHT)
    }
    const { speaker, log } = aHub()
    await pass(25 * MINUTE)
    expect(speaker.sent).toHaveLength(10)
    expect(log.lines.filter(({ message }) => message === 'checks before a digest')).toHaveLength(1)
  })
})
