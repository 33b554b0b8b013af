import { describe, expect, it } from 'vitest'
import type { EndpointList } from '../../../src/endpoints/list.ts'
import { allowsTarget } from '../../../src/endpoints/match.ts'
import { serviceTargets } from '../../../src/endpoints/service-targets.ts'
import { NO_LIST, snapshotList } from '../../../src/endpoints/snapshot.ts'
import { type PlanInput, planCheck } from '../../../src/hub/check/plan-check.ts'
import { anOffice, aRunner, OWED_BY_ONE } from '../../support/check-kit.ts'

const plan = (list: EndpointList, over: Partial<PlanInput> = {}) => {
  let made = 0
  const input: PlanInput = {
    checkId: 'c1',
    offices: [anOffice('seattle')],
    runners: [aRunner('seattle')],
    isSilent: () => false,
    tlsTargets: () => [{ set: 1, host: 'outlook.office365.com' }],
    reachTargets: () => [{ set: 1, host: 'outlook.office.com' }],
    allows: (_office, target) => allowsTarget(list, target),
    newId: () => `m${++made}`,
    now: 1,
    ...over,
  }
  return planCheck(input)
}

describe('what the hub’s own list says of a plan', () => {
  it('sends all of it with Worldwide’s list', () => {
    const { owed, already } = plan(snapshotList())
    expect(already).toEqual([])
    expect(owed.length).toBeGreaterThan(4)
  })

  it('owes all of it and sends none of it without a list, or with another instance’s', () => {
    const gcc: EndpointList = {
      version: '2026110200',
      sets: snapshotList().sets.map((set) => ({ ...set, urls: ['outlook.office365.us'], id: set.id + 500 })),
    }
    for (const list of [NO_LIST, gcc]) {
      const { owed, already } = plan(list)
      expect(already.map(({ measurementId }) => measurementId)).toEqual(
        owed.map(({ measurementId }) => measurementId),
      )
      expect(already.every(({ outcome }) => !outcome.ok && outcome.failure === 'policy-refused')).toBe(true)
    }
  })

  it('asks another instance’s Exchange, and nobody for its relay, whatever its set 11 is', () => {
    const held = snapshotList()
    const sets = held.sets
      .filter(({ id }) => id === 1 || id === 11)
      .map((set) => (set.id === 1 ? { ...set, urls: ['outlook.office365.us'] } : set))
    const list = { ...held, sets }
    const { owed, already } = plan(list, {
      services: () => serviceTargets(list),
      tlsTargets: () => [{ set: 1, host: 'outlook.office365.us' }],
      reachTargets: () => [
        { set: 1, host: 'outlook.office365.us' },
        { set: 11, host: 'gov.teams.microsoft.us' },
      ],
    })
    const asked = owed.filter(({ measurementId }) =>
      already.every((one) => one.measurementId !== measurementId),
    )
    expect(asked.map(({ probe, params }) => [probe, params.targets.map(({ host }) => host)])).toEqual([
      ['host', ['outlook.office365.us']],
      ['resolver-identity', ['outlook.office365.us']],
      ['front-door', ['outlook.office365.us']],
      ['rtt', ['outlook.office365.us']],
      ['tls-path', ['outlook.office365.us']],
      ['reach', ['outlook.office365.us', 'gov.teams.microsoft.us']],
    ])
    expect(already.map(({ probe, outcome }) => [probe, outcome.ok ? null : outcome.failure])).toEqual([
      ['egress', 'not-published'],
      ['media', 'not-published'],
    ])
  })

  it('refuses a look only when none of its targets is allowed', () => {
    const held = snapshotList()
    const { already } = plan({ ...held, sets: held.sets.filter(({ id }) => id !== 11) })
    expect(already.map(({ probe }) => probe)).toEqual(['egress', 'media'])
  })
})

describe('a download', () => {
  const downloads = (over: Partial<PlanInput>) =>
    plan(snapshotList(), over).owed.filter(({ probe }) => probe === 'throughput')
  const runners = [aRunner('seattle'), aRunner('seattle', { id: 'seattle-2' })]

  it('is owed only when it was asked for, and last', () => {
    expect(plan(snapshotList()).owed).toHaveLength(OWED_BY_ONE)
    const { owed } = plan(snapshotList(), { download: true })
    expect(owed).toHaveLength(OWED_BY_ONE + 1)
    expect(owed.at(-1)).toMatchObject({
      probe: 'throughput',
      params: { targets: [{ set: 31, host: '{tenant}.sharepoint.com' }] },
    })
  })

  it('is asked of one runner of an office, of one that answers if there is one', () => {
    expect(downloads({ download: true, runners })).toMatchObject([{ runnerId: 'seattle-1' }])
    const isSilent = (id: string) => id === 'seattle-1'
    expect(downloads({ download: true, runners, isSilent })).toMatchObject([{ runnerId: 'seattle-2' }])
    expect(downloads({ download: true, runners, isSilent: () => true })).toMatchObject([
      { runnerId: 'seattle-1' },
    ])
  })

  it('is owed by an office without a runner too, and has its word', () => {
    const { owed, already } = plan(snapshotList(), { download: true, runners: [] })
    expect(owed.at(-1)?.probe).toBe('throughput')
    expect(already.at(-1)?.outcome).toMatchObject({ ok: false, failure: 'no-runner' })
  })

  it('is what an older runner does not have', () => {
    const old = aRunner('seattle')
    const { throughput: _, ...probes } = old.hello?.probes ?? {}
    const hello = old.hello === null ? null : { ...old.hello, probes }
    const { already } = plan(snapshotList(), { download: true, runners: [{ ...old, hello }] })
    expect(already).toMatchObject([{ probe: 'throughput', outcome: { failure: 'unsupported-probe' } }])
  })
})
