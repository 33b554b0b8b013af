import { describe, expect, it } from 'vitest'
import type { Owed, ProbeName } from '../../../src/core/measurement.ts'
import { CRITERIA } from '../../../src/core/verdict.ts'
import { CRITERIA_BY_ID } from '../../../src/criteria/registry.ts'
import { hasVerdict } from '../../../src/hub/check/first-verdict.ts'
import { aCheck, measurementOf, owedBy } from '../../support/check-kit.ts'

const of = (probe: ProbeName, officeId = 'seattle') =>
  owedBy(`${officeId} ${probe}`, officeId, `${officeId}-1`, probe)
const withIn = (owed: readonly Owed[], came: readonly Owed[], officeIds = ['seattle']) =>
  hasVerdict(
    aCheck({
      officeIds,
      owed,
      measurements: Object.fromEntries(came.map((one) => [one.measurementId, measurementOf(one)])),
    }),
  )

describe('a check has a verdict to show', () => {
  const owed = (
    ['host', 'resolver-identity', 'egress', 'front-door', 'rtt', 'tls-path', 'media'] as const
  ).map((probe) => of(probe))

  it('not before anything is in, though some verdicts are vouched for', () => {
    expect(CRITERIA.some((id) => CRITERIA_BY_ID[id].restsOn.length === 0)).toBe(true)
    expect(withIn([], [])).toBe(false)
    expect(withIn(owed, [])).toBe(false)
  })

  it('once all that one criterion rests on is in', () => {
    const [host, resolver, egress, door, rtt, tls, media] = owed as Owed[] as [
      Owed,
      Owed,
      Owed,
      Owed,
      Owed,
      Owed,
      Owed,
    ]
    expect(withIn(owed, [host])).toBe(false)
    expect(withIn(owed, [host, resolver, egress])).toBe(false)
    // Local DNS rests on the resolvers, the door and the relay's egress.
    expect(withIn(owed, [resolver, egress, door])).toBe(true)
    expect(withIn(owed, [rtt, tls, media])).toBe(false)
  })

  it('of several offices once everything of one is in', () => {
    const both = [of('rtt'), of('egress'), of('rtt', 'london')]
    expect(withIn(both, [of('rtt')], ['seattle', 'london'])).toBe(false)
    expect(withIn(both, [of('rtt', 'london')], ['seattle', 'london'])).toBe(true)
  })
})
