import { describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import { type WhyView, whyCard } from '../../src/cards/why-card.ts'
import { anOffice, NOON } from '../support/check-kit.ts'

const HOUR = 3_600_000

const intercepted = {
  code: 'port-53-intercepted',
  question: 'resolver-identity',
  runnerId: 'r1',
  measurementId: 'm1',
  args: { shownBy: [], asked: '203.0.113.1', by: null, node: null },
} as unknown as WhyView['ruling']['findings'][number]

const shown = (troubles: WhyView['troubles']) =>
  cardLines(
    whyCard({
      office: anOffice('seattle', { timeZone: 'UTC' }),
      ruling: {
        criterion: 'local-dns',
        level: 'required',
        verdict: 'unproven',
        because: 'x',
        signals: [],
        findings: [intercepted],
      },
      rule: 'x',
      step: 'step 2',
      runnerNames: { r1: 'seattle-1' },
      judgedAt: NOON,
      listVersion: '1',
      rulesVersion: '1',
      checkId: 'c1',
      ...(troubles === undefined ? {} : { troubles }),
    }).card,
  ).join('\n')

describe('findings on the card of why', () => {
  it('say since when they are there, where they were seen before this check', () => {
    const trouble = { code: 'port-53-intercepted', lastAt: NOON, resolvedAt: null } as const
    expect(shown([{ ...trouble, firstAt: NOON - 30 * HOUR }])).toMatch(/First seen 19 Nov 06:00\./)
    expect(shown([{ ...trouble, firstAt: NOON }])).not.toMatch(/First seen/)
    expect(shown(undefined)).not.toMatch(/First seen|Gone/)
  })

  it('that are gone are told of with both dates, the newest first', () => {
    const gone = (code: 'clock-wrong' | 'private-answer', hours: number) => ({
      code,
      firstAt: NOON - (hours + 10) * HOUR,
      lastAt: NOON - (hours + 1) * HOUR,
      resolvedAt: NOON - hours * HOUR,
    })
    expect(shown([gone('clock-wrong', 48), gone('private-answer', 2)])).toMatch(
      /Gone private-answer, seen from 20 Nov 00:00, gone at 20 Nov 10:00; clock-wrong, seen from 18 Nov 02:00, gone at 18 Nov 12:00/,
    )
  })
})
