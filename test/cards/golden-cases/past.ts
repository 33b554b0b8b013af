import { compareCard } from '../../../src/cards/compare-card.ts'
import { historyCard } from '../../../src/cards/history-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { lastDays } from '../../../src/core/days.ts'
import type { PastCheck } from '../../../src/core/past.ts'
import { CRITERIA, verdictOf } from '../../../src/core/verdict.ts'
import { AT, buttonsOf, earlier, OFFICES, rulingsOf } from './offices.ts'

const HOUR_MS = 3_600_000

/** Three checks a day; a day and a half of failing, two days without a check. */
function checksOf(days: number): readonly PastCheck[] {
  return Array.from({ length: days * 3 }, (_, index): PastCheck[] => {
    const at = AT - (days * 3 - 1 - index) * 8 * HOUR_MS
    const left = days * 3 - index
    if (left > 24 && left <= 30) return []
    const bad = left > 39 && left <= 44
    const letters = bad ? 'ppfppfppp' : left === 12 ? 'ppppuuppp' : 'ppppppppp'
    return [
      {
        checkId: `c${index}`,
        at,
        readiness: bad ? 'not-ready' : left === 12 ? 'unproven' : 'ready',
        verdicts: Object.fromEntries(CRITERIA.map((id, place) => [id, verdictOf(letters[place] ?? 'u')])),
        roundTripMs: bad ? 26.1 : 4.3 + (index % 4) / 10,
      },
    ]
  }).flat()
}

const seattle = OFFICES.seattle
const daysOf = (count: number) => lastDays(AT, count, seattle.timeZone)
const side = (id: 'seattle' | 'london') => ({
  name: OFFICES[id].name,
  rulings: rulingsOf(id),
  at: earlier(id === 'london' ? 12 : 27),
})

/** Verdicts over time, and beside each other. */
export const PAST: Readonly<Record<string, () => RenderedCard>> = {
  'history.days': () =>
    historyCard({
      office: seattle,
      criterion: null,
      days: daysOf(30),
      checks: checksOf(29),
      buttons: buttonsOf('Check Seattle'),
    }),
  'history.criterion': () =>
    historyCard({
      office: seattle,
      criterion: 'nearest-front-door',
      days: daysOf(14),
      checks: checksOf(14)
        .filter(({ at }) => at >= (daysOf(14)[0]?.from ?? AT))
        .map((check) => ({ ...check, roundTripMs: null })),
      buttons: buttonsOf('Check Seattle'),
    }),
  'history.empty': () =>
    historyCard({
      office: seattle,
      criterion: null,
      days: daysOf(7),
      checks: [],
      buttons: buttonsOf('Check Seattle'),
    }),
  'compare.offices': () =>
    compareCard({ sides: [side('seattle'), side('london')], timeZone: 'Europe/London' }),
  'compare.several': () =>
    compareCard({
      sides: [
        side('seattle'),
        side('london'),
        ...['Zürich', 'Oslo', 'Madrid', 'Lyon', 'Kraków', 'Porto'].map((name) => ({
          ...side('seattle'),
          name,
        })),
      ],
      timeZone: 'Europe/London',
      without: { neverChecked: ['Baden-Baden'], notYours: 2 },
    }),
  'compare.same': () =>
    compareCard({
      sides: [
        { ...side('seattle'), name: 'Seattle now' },
        { ...side('seattle'), name: 'Seattle 2026-11-01', at: AT - 19 * 24 * HOUR_MS },
      ],
      timeZone: seattle.timeZone,
    }),
}
