import { describe, expect, it } from 'vitest'
import type { EndpointList } from '../../src/endpoints/list.ts'
import { allowsTarget } from '../../src/endpoints/match.ts'
import { readEndpoints } from '../../src/endpoints/parse.ts'
import { serviceTargets, WORLDWIDE } from '../../src/endpoints/service-targets.ts'
import { NO_LIST, snapshotList } from '../../src/endpoints/snapshot.ts'

/** A list that names these hosts, each in a set of its own. */
const listOf = (...hosts: readonly string[]): EndpointList => {
  const read = readEndpoints(
    hosts.map((host, at) => ({
      id: 10 + at,
      serviceArea: 'Exchange',
      category: 'Optimize',
      required: true,
      urls: [host],
      tcpPorts: '443',
    })),
    '2026110200',
  )
  if (!read.ok) throw new Error(read.problems.join())
  return read.list
}

describe('the hosts of the three services', () => {
  it('are Worldwide’s for its list, which allows them all, and for no list, which allows none', () => {
    expect(serviceTargets(snapshotList())).toBe(WORLDWIDE)
    const { exchange, relay, sharePoint } = WORLDWIDE
    for (const target of [exchange, relay, ...sharePoint]) {
      expect(target !== null && allowsTarget(snapshotList(), target), target?.host).toBe(true)
    }
    expect(serviceTargets(NO_LIST)).toBe(WORLDWIDE)
  })

  it.each([
    ['GCC High', ['login.microsoftonline.us', 'outlook.office365.us'], 'outlook.office365.us'],
    ['DoD', ['outlook-dod.office365.us', 'webmail.apps.mil'], 'outlook-dod.office365.us'],
    ['China', ['*.sharepoint.cn', 'partner.outlook.cn'], 'partner.outlook.cn'],
  ])('of %s are Exchange’s alone, in the set that names it', (_instance, hosts, host) => {
    const list = listOf(...hosts)
    const set = 10 + hosts.indexOf(host)
    expect(serviceTargets(list)).toEqual({ exchange: { set, host }, sharePoint: [], relay: null })
    expect(allowsTarget(list, { set, host })).toBe(true)
  })

  it('are none where another instance’s list names no Exchange that is known', () => {
    expect(serviceTargets(listOf('gov.teams.microsoft.us'))).toMatchObject({ exchange: null, relay: null })
  })

  it('have no relay in a set of media’s number that has other ports', () => {
    const list = listOf('outlook.office365.us', 'login.microsoftonline.us')
    expect(allowsTarget(list, { set: 11, host: 'world.tr.teams.microsoft.com' })).toBe(false)
  })
})
