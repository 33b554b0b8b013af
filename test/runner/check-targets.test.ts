import { describe, expect, it } from 'vitest'
import type { ProbeName, Target } from '../../src/core/measurement.ts'
import { concreteHosts, reachTargets } from '../../src/endpoints/hosts.ts'
import { TEAMS_RELAY } from '../../src/endpoints/match.ts'
import { WORLDWIDE } from '../../src/endpoints/service-targets.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import { firstRefused } from '../../src/runner/check-targets.ts'

const list = snapshotList()
const OUTLOOK = { set: 1, host: 'outlook.office365.com' }
/** A host of Teams' web set, which names TCP alone. */
const TEAMS = { set: 12, host: 'teams.microsoft.com' }
/** Exchange's set of port 25, and of IMAP's and POP's ports. */
const SMTP = { set: 10, host: 'contoso.mail.protection.outlook.com' }
const IMAP = { set: 2, host: 'outlook.office365.com' }

const refused = (probe: ProbeName, target: Target): boolean =>
  firstRefused(probe, [target], list, null) !== null

describe('a job’s targets', () => {
  it.each<[probe: ProbeName, target: Target]>([
    ['media', OUTLOOK],
    ['media', TEAMS],
    ['egress', OUTLOOK],
    ['egress', TEAMS],
    ['rtt', TEAMS_RELAY],
    ['tls-path', TEAMS_RELAY],
    ['front-door', SMTP],
    ['rtt', SMTP],
    ['tls-path', IMAP],
    ['reach', IMAP],
    ['throughput', SMTP],
    ['host', SMTP],
  ])('are refused to %s on a port that their set does not name: %o', (probe, target) => {
    expect(refused(probe, target)).toBe(true)
  })

  it.each<[probe: ProbeName, target: Target]>([
    ['media', TEAMS_RELAY],
    ['egress', TEAMS_RELAY],
    ['reach', TEAMS_RELAY],
    ['host', TEAMS_RELAY],
    ['reach', TEAMS],
    ['rtt', OUTLOOK],
    ['resolver-identity', OUTLOOK],
  ])('are allowed to %s where their set names its port: %o', (probe, target) => {
    expect(refused(probe, target)).toBe(false)
  })

  it('are those that a hub with the same list plans', () => {
    const tls = concreteHosts(list).filter(({ transport }) => transport === 'tcp')
    const { targets } = reachTargets(list)
    expect(firstRefused('tls-path', tls, list, 'contoso')).toBeNull()
    expect(firstRefused('reach', targets, list, null)).toBeNull()
    expect(firstRefused('host', [...tls, ...targets], list, null)).toBeNull()
    expect(firstRefused('front-door', WORLDWIDE.sharePoint, list, null)).toBeNull()
  })

  it('are refused in any probe where the set does not hold the host', () => {
    expect(refused('resolver-identity', { set: 31, host: OUTLOOK.host })).toBe(true)
    expect(firstRefused('rtt', [OUTLOOK, { set: 9999, host: OUTLOOK.host }], list, null)?.set).toBe(9999)
  })
})
