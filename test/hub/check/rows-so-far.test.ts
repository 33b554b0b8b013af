import { describe, expect, it } from 'vitest'
import type { Located } from '../../../src/core/finding.ts'
import type { Owed, ProbeName } from '../../../src/core/measurement.ts'
import { CRITERIA } from '../../../src/core/verdict.ts'
import { judgeAll } from '../../../src/criteria/judge.ts'
import { CRITERIA_BY_ID } from '../../../src/criteria/registry.ts'
import type { Judgement } from '../../../src/hub/check/judge-check.ts'
import { hasVerdict, statesOf } from '../../../src/hub/check/rows-so-far.ts'
import * as b from '../../criteria/build.ts'
import { aCheck, measurementOf, owedBy } from '../../support/check-kit.ts'

const of = (probe: ProbeName, officeId = 'seattle') =>
  owedBy(`${officeId} ${probe}`, officeId, `${officeId}-1`, probe)
const undecided = () => undefined
const withIn = (
  owed: readonly Owed[],
  came: readonly Owed[],
  officeIds = ['seattle'],
  judge: () => Judgement | undefined = undecided,
) =>
  hasVerdict(
    aCheck({
      officeIds,
      owed,
      measurements: Object.fromEntries(came.map((one) => [one.measurementId, measurementOf(one)])),
    }),
    judge,
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

describe('a row says its verdict', () => {
  /** London while the first runner answered some probes; of a second runner nothing is in. */
  const soFar = (
    from: Partial<Located>,
    registered: boolean,
    runners = ['lon-1'],
    answered: (probe: ProbeName) => boolean = (probe) => probe === 'egress',
  ) => {
    const said = { 'relay-egress': ['relay-egress-seen', b.flows(from)] as b.Said }
    const office = registered ? b.registered() : b.office()
    const evidence = b.evidence(Object.fromEntries(runners.map((id) => [id, said])), { office })
    const came = evidence.owed.filter(({ probe, runnerId }) => answered(probe) && runnerId === 'lon-1')
    const ids = came.map(({ measurementId }) => measurementId)
    const partly = {
      ...evidence,
      findings: evidence.findings.filter(({ measurementId }) => ids.includes(measurementId)),
    }
    const check = aCheck({
      officeIds: ['london'],
      owed: evidence.owed.map((owed) => ({ ...owed, params: of(owed.probe).params })),
      measurements: Object.fromEntries(came.map((one) => [one.measurementId, measurementOf(one)])),
    })
    const judgement: Judgement = { officeId: 'london', ...judgeAll(partly), evidence: partly }
    return { check, judgement }
  }
  const egressOf = ({ check, judgement }: ReturnType<typeof soFar>) => {
    const row = statesOf(check, judgement).find(({ criterion }) => criterion === 'local-egress')
    return row !== undefined && 'verdict' in row ? row.verdict : row?.state
  }
  const shows = ({ check, judgement }: ReturnType<typeof soFar>) => hasVerdict(check, () => judgement)

  it.each([
    ['inside the registered ranges', { registered: true }, 'pass'],
    ["in another office's range", { otherOffices: ['Seattle'] }, 'fail'],
  ] as const satisfies readonly (readonly [string, Partial<Located>, string])[])(
    'early where the flows leave %s, whatever else comes',
    (_what, from, verdict) => {
      const now = soFar(from, true)
      expect(egressOf(now)).toBe(verdict)
      expect(shows(now)).toBe(true)
    },
  )

  it('not before the second signals are in, where ranges decide nothing', () => {
    for (const now of [soFar({ km: 7700 }, true), soFar({ km: 5 }, false)]) {
      expect(egressOf(now)).toBe('measuring')
      expect(shows(now)).toBe(false)
    }
  })

  it('only once it is known who ends the connections, where round trips count', () => {
    const london = (late?: ProbeName) => soFar({ km: 5 }, false, ['lon-1'], (probe) => probe !== late)
    expect(egressOf(london())).toBe('pass')
    for (const late of ['tls-path', 'reach'] as const) expect(egressOf(london(late))).toBe('measuring')
  })

  it('not before every runner has told its flows', () => {
    const now = soFar({ registered: true }, true, ['lon-1', 'lon-2'])
    expect(egressOf(now)).toBe('measuring')
    expect(shows(now)).toBe(false)
  })
})
