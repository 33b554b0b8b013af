import { describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import { formCard } from '../../src/cards/form-card.ts'
import { CARD_BYTES_MAX, cardBytes } from '../../src/cards/render-card.ts'

describe('a form with more than fits', () => {
  it('says how many facts and problems are not shown', () => {
    const { card } = formCard({
      title: 'Import these offices?',
      problems: Array.from({ length: 200 }, (_, at) => `Line ${at + 1}: 203.0.113.7/24 has bits set.`),
      facts: Array.from({ length: 200 }, (_, at) => ({ label: 'Add', value: `Office ${at + 1}` })),
      buttons: [],
    })
    expect(cardBytes(card)).toBeLessThanOrEqual(CARD_BYTES_MAX)
    const lines = cardLines(card)
    const shown = (start: RegExp) => lines.filter((line) => start.test(line)).length
    const hidden = lines.flatMap((line) => /^\+(\d+) more$/.exec(line)?.[1] ?? []).map(Number)
    expect(hidden).toEqual([200 - shown(/Line \d+:/), 200 - shown(/Office \d+/)])
  })
})
