import { expect, it } from 'vitest'
import type { ChainState, Finding } from '../../../src/core/finding.ts'
import { type Elsewhere, gatherEvidence } from '../../../src/hub/check/judge-check.ts'
import { PROBES } from '../../../src/probes/registry.ts'
import { aCheck, anOffice, measurementOf, NOON, owedBy } from '../../support/check-kit.ts'

const chainOf = (officeId: string): Elsewhere => ({
  officeId,
  egress: [],
  reach: { answered: [], failed: [] },
  chains: [{ host: 'outlook.office365.com', authorityKey: `key of ${officeId}`, issuer: 'X', clean: true }],
})

const HOST = 'outlook.office365.com'

const seen = (chain: ChainState): Finding => ({
  code: 'tls-seen',
  question: `tls:${HOST}`,
  runnerId: 'seattle-1',
  measurementId: 'm1',
  args: {
    host: HOST,
    set: 1,
    category: 'Optimize',
    chain,
    issuer: 'X',
    authorityKey: 'own',
    acceptedBySystem: false,
    tcpMs: 1,
    tlsRoundTripMs: 1,
    tlsVersion: 'TLSv1.3',
    busyMs: 0,
    tcpTooFast: false,
    httpStatus: 401,
    proxyServerHeader: false,
    smallHelloOnly: false,
  },
})

const elsewhereFor = (chain: ChainState) => {
  const office = anOffice('seattle')
  const owed = owedBy('m1')
  const measurement = measurementOf(owed)
  return gatherEvidence({
    check: aCheck({ owed: [owed], measurements: { m1: measurement } }),
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
    memo: new WeakMap([[measurement, [seen(chain)]]]),
    unmeasurableSets: [],
    hubListVersion: '2026110200',
    hubListRefreshedAt: null,
    runnerNames: { 'seattle-1': 'first', 'london-1': 'other' },
    now: NOON,
  })
}

it('compares an office’s chains with the offices of its own world alone', () => {
  expect(elsewhereFor('unknown-authority').chainsElsewhere).toEqual([
    { officeId: 'london', host: HOST, authorityKey: 'key of london', issuer: 'X', clean: true },
  ])
})

it('keeps nothing of others for hosts whose own chain is clean, and no names of their runners', () => {
  const evidence = elsewhereFor('clean')
  expect(evidence.chainsElsewhere).toEqual([])
  expect(evidence.runnerNames).toEqual({ 'seattle-1': 'first' })
})
