import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CRITERIA,
  isCriterionId,
  type Level,
  letterOf,
  readinessOf,
  type Verdict,
  verdictOf,
} from '../../src/core/verdict.ts'

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'unproven', 'not-applicable']
const required = (verdict: Verdict) => ({ level: 'required' as const, verdict })
const optional = (verdict: Verdict) => ({ level: 'optional' as const, verdict })

describe('verdicts', () => {
  it('are stored as p f u n', () => {
    expect(VERDICTS.map(letterOf).join('')).toBe('pfun')
    expect(VERDICTS.map((verdict) => verdictOf(letterOf(verdict)))).toEqual(VERDICTS)
  })

  it.each(['', 'x', 'P', 'pp', '__proto__'])(
    'are unproven for the letter %j of a newer version',
    (letter) => {
      expect(verdictOf(letter)).toBe('unproven')
    },
  )

  it('belong to nine criteria in an order that storage relies on', () => {
    expect(CRITERIA.join(' ')).toBe(
      'local-egress local-dns nearest-front-door no-hairpin no-proxy-or-inspection network-ready network-plan endpoint-changes tcp-tuned',
    )
    expect(isCriterionId('local-dns')).toBe(true)
    expect(['', 'local dns', 'Local-DNS', 'constructor'].some(isCriterionId)).toBe(false)
  })
})

describe('an office', () => {
  it.each([
    ['ready when all that is required passes', [required('pass'), required('pass')], 'ready'],
    ['ready when some does not apply', [required('pass'), required('not-applicable')], 'ready'],
    ['ready whatever the optional ones say', [required('pass'), optional('fail')], 'ready'],
    ['not ready when one fails', [required('pass'), required('fail'), required('unproven')], 'not-ready'],
    ['unproven when one is', [required('pass'), required('unproven')], 'unproven'],
    ['unproven when nothing is required', [optional('pass')], 'unproven'],
    ['unproven when nothing was ruled', [], 'unproven'],
  ] as const)('is %s', (_name, rulings, expected) => {
    expect(readinessOf(rulings)).toBe(expected)
  })

  it('never becomes ready by a ruling less, and never by a worse one', () => {
    const ruling = fc.record({
      level: fc.constantFrom<Level>('required', 'optional'),
      verdict: fc.constantFrom(...VERDICTS),
    })
    fc.assert(
      fc.property(fc.array(ruling, { minLength: 1, maxLength: 9 }), fc.nat(), (rulings, pick) => {
        const at = pick % rulings.length
        const worse = rulings.map((one, index) => (index === at ? { ...one, verdict: 'fail' as const } : one))
        const hit = rulings[at]
        if (hit?.level === 'required') expect(readinessOf(worse)).toBe('not-ready')
        else expect(readinessOf(worse)).toBe(readinessOf(rulings))
      }),
    )
  })
})
