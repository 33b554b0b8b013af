import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Latest } from '../../src/core/latest.ts'
import type { Ruling } from '../../src/core/ruling.ts'
import type { CriterionId, Verdict } from '../../src/core/verdict.ts'
import {
  CONFIRM,
  failingNow,
  isUncertain,
  notReadySince,
  type OfficeWatch,
  settle,
  watched,
} from '../../src/core/watch.ts'
import { NOON } from '../support/check-kit.ts'

const MINUTE = 60_000

let count = 0
const judged = (
  verdicts: Readonly<Partial<Record<CriterionId, Verdict>>>,
  over: Partial<Latest> & { findings?: Ruling['findings'] } = {},
): Latest => ({
  officeId: 'seattle',
  checkId: `c${++count}`,
  at: NOON + count * 2 * MINUTE,
  readiness: 'ready',
  verdicts: '',
  criteria: [],
  since: NOON,
  rulings: Object.entries(verdicts).map(([criterion, verdict]) => ({
    criterion: criterion as CriterionId,
    level: 'required',
    verdict,
    because: '',
    signals: [],
    findings: over.findings ?? [],
  })),
  listVersion: '1',
  runners: [],
  egress: [],
  chains: [],
  reach: { answered: [], failed: [] },
  ...over,
})

const rules = { confirm: CONFIRM, isTrouble: (code: string) => code === 'inspected' }
const seen = (...all: readonly Latest[]): OfficeWatch => {
  const watch = all.reduce<OfficeWatch | null>((before, one) => watched(before, one, rules), null)
  if (watch === null) throw new Error('nothing was judged')
  return watch
}

const dns = (verdict: Verdict) => judged({ 'local-dns': verdict })

describe('a verdict that changes', () => {
  it('is uncertain at first, and holds from when it was first seen once a second check says the same', () => {
    const pass = dns('pass')
    const first = dns('fail')
    const one = seen(pass, first)
    expect(isUncertain(one)).toBe(true)
    expect(failingNow(one)).toEqual([])
    const two = watched(one, dns('fail'), rules)
    expect(isUncertain(two)).toBe(false)
    expect(failingNow(two)).toEqual(['local-dns'])
    expect(notReadySince(two)).toBe(first.at)
  })

  it('was nothing when the next two checks do not say so', () => {
    const watch = seen(dns('pass'), dns('fail'), dns('pass'), dns('pass'))
    expect(isUncertain(watch)).toBe(false)
    expect(failingNow(watch)).toEqual([])
  })

  it('holds when two of three say so, whatever the one between them said', () => {
    expect(failingNow(seen(dns('pass'), dns('fail'), dns('pass'), dns('fail')))).toEqual(['local-dns'])
    expect(failingNow(seen(dns('pass'), dns('fail'), dns('unproven'), dns('fail')))).toEqual(['local-dns'])
  })

  it('is no change while nobody learned anything', () => {
    const watch = seen(dns('fail'), dns('fail'), dns('unproven'), dns('unproven'), dns('unproven'))
    expect(failingNow(watch)).toEqual(['local-dns'])
    expect(isUncertain(watch)).toBe(false)
  })

  it('is none when an office passes for the first time, and one when it fails for the first time', () => {
    expect(isUncertain(seen(dns('pass')))).toBe(false)
    expect(isUncertain(seen(dns('fail')))).toBe(true)
    expect(failingNow(seen(dns('fail'), dns('fail')))).toEqual(['local-dns'])
  })

  it('is taken in once, however often the same check is looked at, and never from an older one', () => {
    const [pass, fail] = [dns('pass'), dns('fail')]
    const one = seen(pass, fail)
    expect(watched(one, fail, rules)).toBe(one)
    expect(watched(one, pass, rules)).toBe(one)
  })

  it('never holds with fewer judgements than the rule needs, whatever comes', () => {
    const said = fc.constantFrom<boolean | null>(true, false, null)
    fc.assert(
      fc.property(fc.array(said, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (all, needed) => {
        const rule = { needed, of: needed + 1 }
        let state = settle<boolean>(undefined, true, 0, { needed: 1, of: 1 })
        for (const [at, one] of all.entries()) {
          const next = settle(state, one, at + 1, rule)
          if (next.value !== state.value) {
            const window = all.slice(next.since - 1, at + 1)
            expect(window.filter((seen) => seen === next.value).length).toBeGreaterThanOrEqual(needed)
            expect(window.length).toBeLessThanOrEqual(rule.of)
          }
          state = next
        }
      }),
    )
  })
})

describe('what a ruling named', () => {
  const inspected = [{ code: 'inspected', question: 'q', runnerId: 'r', measurementId: 'm', args: {} }]
  const withIt = (verdict: Verdict) =>
    judged({ 'local-dns': verdict }, { findings: inspected as unknown as Ruling['findings'] })

  it('has the dates at which it was first seen and found gone', () => {
    const [first, second, gone] = [withIt('fail'), withIt('fail'), dns('pass')]
    const troubles = seen(first, second, gone).troubles
    expect(troubles.map(({ code }) => code).toSorted()).toEqual(['inspected', null])
    for (const trouble of troubles) {
      expect(trouble).toMatchObject({ firstAt: first.at, lastAt: second.at, resolvedAt: gone.at })
    }
  })

  it('is not gone because nobody looked', () => {
    const troubles = seen(withIt('fail'), dns('unproven')).troubles
    expect(troubles.every(({ resolvedAt }) => resolvedAt === null)).toBe(true)
  })

  it('is detected anew when it comes back', () => {
    const [first, gone, again] = [dns('fail'), dns('pass'), dns('fail')]
    expect(seen(first, gone, again).troubles).toMatchObject([
      { code: null, firstAt: again.at, resolvedAt: null },
    ])
  })
})

describe('the addresses of an office', () => {
  const by = (...egress: readonly string[]) => judged({ 'local-dns': 'pass' }, { egress })
  const changeOf = (...all: readonly Latest[]) => seen(...all).egress.change

  it('changed when two checks in a row see another one', () => {
    const [before, first, second] = [by('192.0.2.1'), by('203.0.113.9'), by('203.0.113.9')]
    expect(changeOf(before, first, second)).toEqual({ from: ['192.0.2.1'], at: first.at })
    expect(changeOf(before, first)).toBeNull()
  })

  it('did not change when one of two lines is seen alone', () => {
    const both = by('192.0.2.1', '198.51.100.1')
    expect(changeOf(both, by('192.0.2.1'), by('198.51.100.1'), by('198.51.100.1'))).toBeNull()
  })

  it('did not change when a host takes another address of its IPv6 network', () => {
    expect(changeOf(by('2001:db8:1:2::1'), by('2001:db8:1:2::99'), by('2001:db8:1:2::abc'))).toBeNull()
    expect(changeOf(by('2001:db8:1:2::1'), by('2001:db8:1:3::1'), by('2001:db8:1:3::2'))).toMatchObject({
      from: ['2001:db8:1:2::/64'],
    })
  })

  it('are not back because nobody saw any', () => {
    expect(changeOf(by('192.0.2.1'), by('203.0.113.9'), by('203.0.113.9'), by())).not.toBeNull()
  })

  it('are what they were once the old one is back', () => {
    const old = () => by('192.0.2.1')
    const other = () => by('203.0.113.9')
    const back = seen(old(), other(), other(), old())
    expect(back.egress.change).toBeNull()
    expect(watched(watched(back, other(), rules), other(), rules).egress.change).toMatchObject({
      from: ['192.0.2.1'],
    })
  })
})
