import { describe, expect, it } from 'vitest'
import type { EndpointList } from '../../../src/endpoints/list.ts'
import { allowsTarget } from '../../../src/endpoints/match.ts'
import { NO_LIST, snapshotList } from '../../../src/endpoints/snapshot.ts'
import { type PlanInput, planCheck } from '../../../src/hub/check/plan-check.ts'
import { anOffice, aRunner } from '../../support/check-kit.ts'

const plan = (list: EndpointList) => {
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

  it('refuses a look only when none of its targets is allowed', () => {
    const held = snapshotList()
    const { already } = plan({ ...held, sets: held.sets.filter(({ id }) => id !== 11) })
    expect(already.map(({ probe }) => probe)).toEqual(['egress', 'media'])
  })
})
