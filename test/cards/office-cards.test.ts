import { describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import { isTooOld, worstOfficesFirst } from '../../src/cards/office-rows.ts'
import { progressCard } from '../../src/cards/progress-card.ts'
import { statusCard } from '../../src/cards/status-card.ts'
import { AT, earlier, OFFICES, RUNNERS } from './golden-cases/offices.ts'

const office = (id: string, readiness: 'ready' | 'not-ready' | 'unproven' | null, minutes: number) => ({
  id,
  name: id,
  readiness,
  checkedAt: readiness === null ? null : earlier(minutes),
  says: '',
})

describe('lists of offices', () => {
  it('go from worst to best, the newest evidence first', () => {
    const all = [
      office('a', 'ready', 1),
      office('b', null, 0),
      office('c', 'not-ready', 90),
      office('d', 'unproven', 5),
      office('e', 'not-ready', 5),
    ]
    expect(
      worstOfficesFirst(all)
        .map(({ id }) => id)
        .join(''),
    ).toBe('ecdba')
  })

  it.each([
    [59, false],
    [60, false],
    [61, true],
  ])('a verdict of %s minutes: too old is %s', (minutes, want) => {
    expect(isTooOld({ checkedAt: earlier(minutes) }, AT)).toBe(want)
  })

  it('keep a verdict that is too old, and say that it is', () => {
    const { card } = statusCard({ offices: [office('sea', 'ready', 61)], at: AT, timeZone: 'UTC' })
    expect(cardLines(card)).toContain('? sea ready, too old')
  })
})

describe('progress card', () => {
  const view = {
    office: OFFICES.seattle,
    askedAt: AT,
    deadlineAt: AT + 60_000,
    runners: RUNNERS.seattle,
    checkId: 'X',
    received: 0,
    owed: 9,
  }

  it('shows nine waiting rows before anything is in, and the time by which it ends', () => {
    const lines = cardLines(progressCard({ ...view, criteria: [] }).card)
    expect(lines.filter((line) => line.endsWith('waiting'))).toHaveLength(9)
    expect(lines.join(' ')).toContain('Done by 06:03 at the latest.')
  })
})
