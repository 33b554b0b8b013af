import { expect } from 'vitest'
import { cardKind } from '../../src/cards/card-text.ts'
import { DEMO_TRUTH, type DemoOffice } from '../../src/local/demo/truth.ts'
import { isFinal, lettersOf, type TestConnector } from './test-connector.ts'

export const DEMO_OFFICES = Object.keys(DEMO_TRUTH) as readonly DemoOffice[]

/** Message to placeholder card. */
const PLACEHOLDER_MS = 1_000
/** Between two edits of a card, less what timers and the loopback may shorten it by. */
const EDIT_MS = 2_000 - 50

/** Checks an office and compares every criterion with the truth, and the card's life with the promises about it. */
export async function checkAgainstTruth(connector: TestConnector, hubUrl: string, office: DemoOffice) {
  const asked = performance.now()
  const { final, conversationId } = await connector.ask(hubUrl, `check office ${office}`)
  const sent = connector.to(conversationId)
  const posts = sent.filter(({ kind }) => kind === 'post')
  const underWay = sent.filter((entry) => entry.kind === 'edit' && !isFinal(entry))
  const gaps = underWay.slice(1).map((entry, index) => entry.at - (underWay[index]?.at ?? 0))
  expect.soft(lettersOf(final.card), office).toBe(DEMO_TRUTH[office])
  expect.soft(posts.length, `${office}: one post`).toBe(1)
  expect.soft((posts[0]?.at ?? Number.NaN) - asked, `${office}: placeholder`).toBeLessThan(PLACEHOLDER_MS)
  for (const gap of gaps) expect.soft(gap, `${office}: between two edits`).toBeGreaterThanOrEqual(EDIT_MS)
  expect.soft(sent.filter(isFinal).length, `${office}: one final card`).toBe(1)
  expect.soft(new Set(sent.map(({ activityId }) => activityId)).size, `${office}: one living card`).toBe(1)
  return { kind: cardKind(final.card), ms: final.at - asked }
}
