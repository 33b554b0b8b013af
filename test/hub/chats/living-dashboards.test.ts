import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { cardLines } from '../../../src/cards/card-text.ts'
import { EVIDENCE_MS } from '../../../src/cards/office-rows.ts'
import type { Authority } from '../../../src/core/authority.ts'
import type { Latest } from '../../../src/core/latest.ts'
import type { TableStore } from '../../../src/core/table-store.ts'
import { CRITERIA } from '../../../src/core/verdict.ts'
import { LivingDashboards } from '../../../src/hub/chats/living-dashboards.ts'
import { buttonOffers } from '../../../src/hub/offer-button.ts'
import { actionStore } from '../../../src/store/actions.ts'
import { conversationStore } from '../../../src/store/conversations.ts'
import { dashboardStore } from '../../../src/store/dashboards.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { latestStore } from '../../../src/store/latest.ts'
import { officeStore } from '../../../src/store/offices.ts'
import { random } from '../../store/contract.ts'
import { ANA, aConversation, anOffice } from '../../support/check-kit.ts'
import { ScriptedSpeaker } from '../../support/desk-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { keptLog, settle } from '../../support/settle.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'

const EVERY_MS = 5_000
const DAY_MS = 24 * 3600_000
const folders = scratch('doorstep-dashboards-')
let store: TableStore
let clock: TestClock

beforeEach(async () => {
  clock = testClock()
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const VIEWER: Authority = { grants: [], everyone: 'viewer' }

async function open(authority: () => Authority = () => VIEWER) {
  const speaker = new ScriptedSpeaker(clock)
  const offices = officeStore(store, () => undefined)
  await offices.put(anOffice('seattle'))
  await offices.put(anOffice('london', { tags: ['emea'] }))
  const latest = latestStore(store)
  const log = keptLog()
  let made = 0
  const counting = {
    ...random,
    unit: () => 0.5,
    hex: (bytes: number) => String(++made).padStart(bytes * 2, '0'),
  }
  const dashboards = new LivingDashboards({
    dashboards: dashboardStore(store),
    conversations: conversationStore(store),
    offices,
    latest,
    authority: async () => authority(),
    speaker,
    offer: buttonOffers(actionStore(store), clock, counting),
    clock,
    log,
    everyMs: EVERY_MS,
  })
  const judge = async (officeId: string, readiness: Latest['readiness']) => {
    await latest.put(aLatest(officeId, readiness, clock.now()))
    dashboards.changed()
  }
  return { dashboards, speaker, log, judge }
}

function aLatest(officeId: string, readiness: Latest['readiness'], at: number): Latest {
  return {
    officeId,
    checkId: `c-${at}`,
    at,
    readiness,
    verdicts: 'u'.repeat(CRITERIA.length),
    criteria: [],
    since: at,
    rulings: [],
    listVersion: '2026110200',
    runners: [],
    egress: [],
    chains: [],
    reach: { answered: [], failed: [] },
  }
}

/** Lets time pass in steps, with everything that is due in each. */
async function pass(ms: number, step = 500): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    clock.advance(step)
    await settle(8)
  }
}

const asked = (replyTo: string) => ({ conversation: here, replyTo, person: ANA, timeZone: 'Europe/London' })
const here = aConversation('19:ops;messageid=1', { kind: 'channel' })
const isMoved = (card: unknown) => textOf(card).startsWith('This dashboard has moved')
const textOf = (card: unknown) => cardLines(card as object).join('\n')

describe('a living dashboard', () => {
  it('is edited once for many verdicts at once, and soon', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    await judge('seattle', 'ready')
    await judge('london', 'not-ready')
    await pass(1_000)
    expect(speaker.edits).toHaveLength(1)
    expect(textOf(speaker.edits[0]?.card)).toMatch(/London not ready[\s\S]*Seattle ready/)
  })

  it('is edited at most once in its time, whenever verdicts come, and ends with the last of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 12 }),
        async (gaps) => {
          const { dashboards, speaker, judge } = await open()
          await dashboards.pin(asked('m1'))
          for (const [index, gap] of gaps.entries()) {
            await pass(gap)
            await judge('seattle', index === gaps.length - 1 ? 'ready' : 'not-ready')
          }
          await pass(3 * EVERY_MS)
          // The first edit of a later run marks the card of the run before.
          const mine = speaker.edits.filter(
            ({ activityId, card }) => activityId === 'card-1' && !isMoved(card),
          )
          const times = mine.map(({ at }) => at)
          for (const [index, at] of times.entries()) {
            if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(EVERY_MS)
          }
          expect(textOf(mine.at(-1)?.card)).toContain('Seattle ready')
          await dashboards.stop()
        },
      ),
      { numRuns: 12 },
    )
  })

  it('is not edited for what it shows already', async () => {
    const { dashboards, speaker } = await open()
    await dashboards.pin(asked('m1'))
    dashboards.changed()
    await pass(2 * EVERY_MS)
    expect(speaker.edits).toEqual([])
  })

  it('ends when somebody stops it: its card says who, and is not edited again', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    const elsewhere = aConversation('19:ops;messageid=2', { kind: 'channel' })
    expect(await dashboards.end({ conversation: elsewhere, person: ANA, timeZone: 'UTC' })).toBe(true)
    expect(speaker.edits.map(({ activityId, card }) => [activityId, textOf(card)])).toEqual([
      ['card-1', expect.stringMatching(/This dashboard has ended[\s\S]*Ana/)],
    ])
    await judge('seattle', 'ready')
    await pass(3 * EVERY_MS)
    expect(speaker.edits).toHaveLength(1)
    expect(await dashboards.end({ conversation: here, person: ANA, timeZone: 'UTC' })).toBe(false)
    await dashboards.pin(asked('m2'))
    await judge('london', 'ready')
    await pass(3 * EVERY_MS)
    // The new one lives, and the ended one is not told that it moved.
    expect(speaker.edits.filter(({ activityId }) => activityId === 'card-1')).toHaveLength(1)
    expect(speaker.edits.filter(({ activityId }) => activityId === 'card-2').length).toBeGreaterThan(0)
    await dashboards.stop()
  })

  it('ends for good also when that falls into a round of edits', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    await judge('seattle', 'ready')
    clock.advance(500)
    await dashboards.end({ conversation: here, person: ANA, timeZone: 'UTC' })
    await judge('seattle', 'not-ready')
    await pass(3 * EVERY_MS)
    expect(textOf(speaker.edits.at(-1)?.card)).toContain('has ended')
    await dashboards.stop()
  })

  it('says by itself when a verdict is too old', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    await judge('seattle', 'ready')
    await pass(1_000)
    await pass(EVIDENCE_MS + 10_000, 60_000)
    expect(textOf(speaker.edits.at(-1)?.card)).toContain('Seattle ready, too old')
    expect(speaker.edits).toHaveLength(2)
  })

  it('is edited again, later and later, while nobody knows what became of an edit', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    speaker.nextEdits({ kind: 'unknown' }, { kind: 'later', afterMs: 1_000 })
    await judge('seattle', 'ready')
    await pass(60_000)
    expect(speaker.edits.map(({ at }) => at)).toHaveLength(3)
    const [first = 0, second = 0, third = 0] = speaker.edits.map(({ at }) => at)
    expect(third - second).toBeGreaterThan(second - first)
  })

  it('gets new buttons before its old ones end', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    const before = (await dashboardStore(store).get(here))?.buttons
    await pass(8 * DAY_MS, DAY_MS)
    await judge('seattle', 'ready')
    await pass(1_000)
    const after = (await dashboardStore(store).get(here))?.buttons
    expect(after).not.toEqual(before)
    expect(JSON.stringify(speaker.edits.at(-1)?.card)).toContain(after?.[0]?.actionId)
  })

  it('shows what the person who asked for it may see today', async () => {
    const emea: Authority = {
      grants: [{ objectId: ANA.objectId, role: 'viewer', tag: 'emea' }],
      everyone: 'member',
    }
    let rights = VIEWER
    const { dashboards, speaker, judge } = await open(() => rights)
    await dashboards.pin(asked('m1'))
    expect(textOf(speaker.posts[0]?.card)).toContain('Seattle')
    rights = emea
    await judge('seattle', 'ready')
    await pass(1_000)
    const text = textOf(speaker.edits.at(-1)?.card)
    expect(text).toContain('London')
    expect(text).not.toContain('Seattle')
  })

  it('that two people ask for at once is one, and one card says that it has moved', async () => {
    const { dashboards, speaker } = await open()
    await Promise.all([dashboards.pin(asked('m1')), dashboards.pin(asked('m2'))])
    expect(speaker.posts).toHaveLength(2)
    expect(speaker.edits.map(({ activityId, card }) => [activityId, textOf(card).split('\n')[0]])).toEqual([
      ['card-1', 'This dashboard has moved'],
    ])
    expect((await dashboardStore(store).get(here))?.activityId).toBe('card-2')
  })

  it('leaves the old one alive where the new one could not be posted', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    speaker.nextPosts({ kind: 'unknown' })
    await dashboards.pin(asked('m2'))
    await judge('seattle', 'ready')
    await pass(1_000)
    expect(speaker.edits.map(({ activityId }) => activityId)).toEqual(['card-1'])
  })

  it('makes no edit after it was stopped', async () => {
    const { dashboards, speaker, judge } = await open()
    await dashboards.pin(asked('m1'))
    await dashboards.stop()
    await judge('seattle', 'ready')
    await pass(2 * EVERY_MS)
    expect(speaker.edits).toEqual([])
    expect(clock.waiting).toBe(0)
  })
})
