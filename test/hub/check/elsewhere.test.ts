import { expect, it } from 'vitest'
import { type Elsewhere, gatherEvidence } from '../../../src/hub/check/judge-check.ts'
import { PROBES } from '../../../src/probes/registry.ts'
import { aCheck, anOffice, NOON } from '../../support/check-kit.ts'

const chainOf = (officeId: string): Elsewhere => ({
  officeId,
  egress: [],
  reach: { answered: [], failed: [] },
  chains: [{ host: 'outlook.office365.com', authorityKey: `key of ${officeId}`, issuer: 'X', clean: true }],
})

it('compares an office’s chains with the offices of its own world alone', () => {
  const office = anOffice('seattle')
  const { chainsElsewhere } = gatherEvidence({
    check: aCheck(),
    office,
    offices: [office, anOffice('london')],
    atlas: {
      locate: () => null,
      door: () => null,
      nearestDoor: () => ({ code: 'EAT', latitude: 47.4, longitude: -120.21, label: 'Wenatchee' }),
      inPublishedRanges: () => null,
      category: () => 'Optimize',
    },
    probes: PROBES,
    elsewhere: ['seattle', 'london', 'an-office-of-another-world'].map(chainOf),
    memo: new WeakMap(),
    unmeasurableSets: [],
    hubListVersion: '2026110200',
    hubListRefreshedAt: null,
    runnerNames: {},
    now: NOON,
  })
  expect(chainsElsewhere).toEqual([
    {
      officeId: 'london',
      host: 'outlook.office365.com',
      authorityKey: 'key of london',
      issuer: 'X',
      clean: true,
    },
  ])
})
