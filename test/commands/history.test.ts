import { describe, expect, it } from 'vitest'
import type { Authority } from '../../src/core/authority.ts'
import { roundTripOf } from '../../src/core/past.ts'
import { CRITERIA, verdictOf } from '../../src/core/verdict.ts'
import { ANA, NOON } from '../support/check-kit.ts'
import { type PastOptions, pastLatest } from '../support/past.ts'
import { contextOf, OFFICES, say } from './context.ts'

const DAY = 86_400_000

function past(options: PastOptions) {
  const latest = pastLatest(options)
  const verdicts = Object.fromEntries(
    CRITERIA.map((id, index) => [id, verdictOf(latest.verdicts[index] ?? 'u')]),
  )
  return { ...latest, verdicts, roundTripMs: roundTripOf(latest.rulings) }
}

const FAILED_ONCE = [
  past({ at: NOON - 5 * DAY, medianMs: 4.4 }),
  past({ at: NOON - 4 * DAY, letters: 'pfppppppp', medianMs: 26.1 }),
  past({ at: NOON - DAY, medianMs: 4.2 }),
]
const withPast = (who: 'viewer' | 'member' = 'viewer', latest = [pastLatest({ at: NOON, checkId: 'now' })]) =>
  contextOf(who, OFFICES, latest, FAILED_ONCE)

describe('history', () => {
  it('says the verdict now, first failed, last passed, and how many of how many passed', async () => {
    const { kind, text } = await say('history Seattle', withPast())
    expect(kind).toBe('history')
    expect(text).toContain('Seattle, last 30 days')
    expect(text).toContain('2 of 3 checks passed, 1 failed.')
    expect(text).toMatch(/First failed 16.Nov .*Last passed 19.Nov/)
    expect(text).toMatch(/median 4\.4.ms, worst 26\.1.ms/)
  })

  it('tells one criterion over the days that were named', async () => {
    const { text } = await say('history Seattle local-dns 7d', withPast())
    expect(text).toContain('Seattle, last 7 days: Local DNS')
    expect(text).not.toContain('Local egress')
  })

  it('says that no data is not a pass', async () => {
    const { kind, text, refused } = await say('history London 7d', withPast())
    expect([kind, refused]).toEqual(['history', false])
    expect(text).toContain('No data is not a pass.')
  })

  it.each(['0d', '91d', '-3d', '1.5d', '99999999999d'])('takes 1 to 90 whole days, not %s', async (days) => {
    const { text, refused } = await say(`history Seattle ${days}`, withPast())
    expect([refused, text]).toEqual([true, expect.stringContaining('1 to 90 whole days')])
  })

  it('is for viewers, and suggests instead of guessing', async () => {
    expect((await say('history Seattle', withPast('member'))).refused).toBe(true)
    const { buttons } = await say('history Seatle local-dns 7d', withPast())
    expect(buttons.get('History of Seattle')).toBe('history office Seattle local-dns 7d')
  })
})

describe('compare', () => {
  const london = pastLatest({ at: NOON, officeId: 'london', checkId: 'lon', letters: 'fpppppppp' })

  it('shows only what differs, with both verdicts and why', async () => {
    const context = withPast('viewer', [pastLatest({ at: NOON }), london])
    const { kind, text } = await say('compare Seattle with London', context)
    expect(kind).toBe('compare')
    expect(text).toContain('1 of 9 verdicts differs.')
    expect(text).toContain('It was fail at london.')
    expect(text).not.toContain('Local DNS')
  })

  it('compares with the last check before the end of a day', async () => {
    const { text } = await say('compare Seattle with 2026-11-16', withPast())
    expect(text).toContain('Local DNS')
    expect(text).toContain('1 of 9 verdicts differs.')
    expect((await say('compare Seattle with 2026-11-19', withPast())).text).toContain('Nothing differs')
  })

  it.each([
    ['compare Seattle with 2026-02-30', 'There is no day'],
    ['compare Seattle with 2026-12-24', 'still to come'],
    ['compare Seattle with 2026-11-01', 'No check of Seattle is stored'],
    ['compare Seattle with Seattle', 'the same office twice'],
    ['compare Seattle with London', 'London was never checked'],
    ['compare Seattle', 'compare Seattle with London'],
  ])('says of "%s": %s', async (typed, says) => {
    const { text, refused } = await say(typed, withPast())
    expect([refused, text]).toEqual([true, expect.stringContaining(says)])
  })

  describe('of more than two', () => {
    const several = (who: 'viewer' | Authority = 'viewer') =>
      contextOf(who, OFFICES, [
        pastLatest({ at: NOON }),
        london,
        pastLatest({ at: NOON - DAY, officeId: 'zurich', checkId: 'zur', letters: 'pppppppup' }),
        pastLatest({ at: NOON, officeId: 'park', checkId: 'par' }),
      ])

    it('says of each verdict that differs where it is which, and why where one stands alone', async () => {
      const { kind, text } = await say('compare Seattle + London + Zürich + Office Park', several())
      expect(kind).toBe('compare')
      expect(text).toContain('2 of 9 verdicts differ.')
      expect(text).toContain('It was fail at london.')
      expect(text).toMatch(/Seattle, Zürich and Office Park pass/)
      expect(text).toContain('Judged between')
    })

    it('takes tags and all, and names those that were never checked', async () => {
      expect((await say('compare #emea', several())).text).toContain('London and Zürich')
      const { text } = await say('compare all', several())
      expect(text).toContain('never checked: San José, San Diego, 東京, Coeur d’Alene and')
    })

    it('takes with as plus where one side is several', async () => {
      expect((await say('compare #emea with Seattle', several())).text).toContain(
        'Seattle, London and Zürich',
      )
    })

    it('counts what the person may not see', async () => {
      const emea: Authority = {
        grants: [{ objectId: ANA.objectId, role: 'viewer', tag: 'emea' }],
        everyone: 'member',
      }
      const { text } = await say('compare #emea + Seattle', several(emea))
      expect(text).toContain('London and Zürich')
      expect(text).toMatch(/left out: 1.office that you may not see/i)
      expect(text).not.toContain('Seattle')
    })

    it.each([
      ['compare #emea with 2026-11-16', 'A day goes with one office'],
      ['compare #emea - London', 'Only Zürich is left of that'],
      ['compare #nowhere', 'No office has the tag'],
      ['compare Seattle +', 'A plus or a minus has an office before and behind it'],
      ['compare', 'compare Seattle with London'],
    ])('says of "%s": %s', async (typed, says) => {
      const { text, refused } = await say(typed, several())
      expect([refused, text]).toEqual([true, expect.stringContaining(says)])
    })
  })

  it('is for viewers of both offices', async () => {
    expect((await say('compare Seattle with London', withPast('member'))).refused).toBe(true)
  })
})
