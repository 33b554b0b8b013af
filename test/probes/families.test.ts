import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import type { Target } from '../../src/core/measurement.ts'
import type { Probe } from '../../src/core/probe.ts'
import { frontDoor } from '../../src/probes/front-door.ts'
import { host } from '../../src/probes/host.ts'
import { media } from '../../src/probes/media.ts'
import { reach } from '../../src/probes/reach.ts'
import { rtt } from '../../src/probes/rtt.ts'
import {
  type Contacted,
  familiesByWay,
  familiesThatCount,
  groupsByFamily,
} from '../../src/probes/shared/families.ts'
import { throughput } from '../../src/probes/throughput.ts'
import { answer, argsOf, contextOf, evaluation, type Fakes, good, http, queryTable, system } from './fakes.ts'

const V4 = '52.96.1.1'
const V6 = '2603:1016::1'
const HOST = 'outlook.office365.com'
const EXCHANGE: Target = { set: 1, host: HOST }

const at = (address: string, failure: Contacted['failure']): Contacted => ({ address, failure })

describe('a family counts', () => {
  it.each<[what: string, contacted: readonly Contacted[], four: boolean, six: boolean]>([
    ['where it works', [at(V4, null), at(V6, null)], true, true],
    ['where nothing was contacted', [], true, true],
    ['unless the host has no way to IPv6', [at(V4, null), at(V6, 'network-unreachable')], true, false],
    ['unless the host has no way to IPv4', [at(V4, 'network-unreachable'), at(V6, null)], false, true],
    [
      'though the other has no way and it fails',
      [at(V4, 'network-unreachable'), at(V6, 'timeout')],
      false,
      true,
    ],
    [
      'where the host has no way to any',
      [at(V4, 'network-unreachable'), at(V6, 'network-unreachable')],
      true,
      true,
    ],
    ['unless IPv6 is silent and IPv4 is not', [at(V4, null), at(V6, 'timeout')], true, false],
    ['though IPv4 is silent and IPv6 is not', [at(V4, 'timeout'), at(V6, null)], true, true],
    ['where both are silent', [at(V4, 'timeout'), at(V6, 'timeout')], true, true],
    ['where it is the only one', [at(V4, 'network-unreachable')], true, true],
    ['where one of its addresses works', [at(V4, null), at(V6, 'timeout'), at('2603::2', null)], true, true],
  ])('%s', (_what, contacted, four, six) => {
    const counts = familiesThatCount(contacted)
    expect([counts(4), counts(6)]).toEqual([four, six])
  })

  it('and never none of those that were contacted', () => {
    const contact = fc.record({
      address: fc.constantFrom(V4, V6),
      failure: fc.constantFrom(null, 'timeout', 'network-unreachable', 'refused'),
    })
    fc.assert(
      fc.property(fc.array(contact), (contacted) => {
        const counts = familiesThatCount(contacted as readonly Contacted[])
        expect(counts(4) || counts(6)).toBe(true)
      }),
    )
  })
})

it('doors of one name and two families are two doors', () => {
  const groups = groupsByFamily({
    system: [{ addresses: [V4, V6], ms: 1, server: null }],
    answers: [
      { server: '192.0.2.53', chain: ['lhr-efz.ms-acdc.office.com'], addresses: [V4], ms: 1 },
      { server: '192.0.2.53', chain: ['lhr-efz.ms-acdc.office.com'], addresses: [V6], ms: 1 },
    ],
  })
  expect(groups.map(({ named, addresses, bySystem }) => [named, addresses, bySystem])).toEqual([
    ['LHR', [V4], true],
    ['LHR', [V6], true],
  ])
})

const look = async <R>(probe: Probe<R>, fakes: Fakes) => {
  const result = good(await probe.run({ targets: [EXCHANGE] }, contextOf(fakes)))
  const read = good(probe.read(JSON.parse(JSON.stringify(result))))
  return probe.evaluate(read, evaluation(probe.name, [EXCHANGE]))
}

/** A name that leads to LHR by IPv4 and to EAT by IPv6; `ways` says which addresses answer. */
const twoDoors = (ways: Readonly<Record<string, 'open' | 'network-unreachable' | 'timeout'>>): Fakes => {
  const chainTo = (code: string, type: string, address: string) =>
    answer([
      `${HOST} CNAME ${code}-efz.ms-acdc.office.com`,
      `${code}-efz.ms-acdc.office.com ${type} ${address}`,
    ])
  const way = (address: string) => ways[address] ?? 'timeout'
  return {
    dns: {
      servers: () => ['192.0.2.53'],
      systemLookup: async (_name, family) => system([family === 4 ? V4 : V6]),
      query: queryTable({
        [`${HOST} A`]: chainTo('lhr', 'A', V4),
        [`${HOST} AAAA`]: chainTo('eat', 'AAAA', V6),
      }),
    },
    tcp: {
      request: async ({ address }) => {
        const found = way(address)
        return found === 'open'
          ? http(401, { 'x-firsthopcafeefz': address === V4 ? 'LHR' : 'EAT' })
          : failed(found)
      },
      connect: async ({ address }) => {
        const found = way(address)
        return found === 'open' ? { ok: true, result: { ms: 5 } } : failed(found)
      },
      handshake: async () => failed('timeout'),
    },
  }
}

describe('a name that leads to two doors by its two families', () => {
  it.each([
    ['both', { [V4]: 'open', [V6]: 'open' }, ['LHR', 'EAT']],
    ['IPv4 where there is no IPv6', { [V4]: 'open', [V6]: 'network-unreachable' }, ['LHR']],
    ['IPv4 where IPv6 is silent', { [V4]: 'open', [V6]: 'timeout' }, ['LHR']],
    ['IPv6 where there is no IPv4', { [V4]: 'network-unreachable', [V6]: 'open' }, ['EAT']],
  ] as const)('shows %s', async (_what, ways, codes) => {
    const seen = argsOf(await look(frontDoor, twoDoors(ways)), 'doors-seen').doors
    expect(seen.map(({ named }) => named)).toEqual(codes)
    const timed = argsOf(await look(rtt, twoDoors(ways)), 'door-timed').doors
    expect(timed.map(({ code }) => code)).toEqual(codes)
  })
})

describe('a door of another instance', () => {
  it('has no place, though its code has one, and no nearest beside it', async () => {
    const target: Target = { set: 1, host: 'outlook.office365.us' }
    const fakes: Fakes = {
      dns: {
        servers: () => ['192.0.2.53'],
        systemLookup: async () => system([V4]),
        query: queryTable({ [`${target.host} A`]: answer([`${target.host} A ${V4}`]) }),
      },
      tcp: {
        request: async () => http(401, { 'x-firsthopcafeefz': 'EAT' }),
        connect: async () => ({ ok: true, result: { ms: 5 } }),
      },
    }
    const of = async <R>(probe: Probe<R>) => {
      const result = good(await probe.run({ targets: [target] }, contextOf(fakes)))
      return probe.evaluate(result, evaluation(probe.name, [target]))
    }
    const seen = argsOf(await of(frontDoor), 'doors-seen')
    expect(seen).toMatchObject({ nearest: null, doors: [{ header: 'EAT', headerKm: null, namedKm: null }] })
    expect(argsOf(await of(rtt), 'door-timed').doors).toMatchObject([{ km: null, minMs: 5 }])
  })
})

/** What a host of these interfaces says; `ways` are the families by which it would send. */
function hostOf(families: readonly (4 | 6)[], ways: readonly (4 | 6)[]) {
  const asked: string[] = []
  const host: NonNullable<Fakes['host']> = {
    interfaces: () =>
      families.map((family) => ({ name: 'x', address: family === 6 ? V6 : '172.17.0.1', family })),
    sourceTowards: async (address) => {
      asked.push(address)
      const family = address.includes(':') ? 6 : 4
      return ways.includes(family) ? done('192.0.2.9') : failed('network-unreachable')
    },
  }
  return { host, asked }
}

describe('IPv6 comes first', () => {
  it.each<[what: string, families: readonly (4 | 6)[], ways: readonly (4 | 6)[], first: 4 | 6]>([
    ['where the host has it alone', [6], [6], 6],
    ['where a bridge of containers holds IPv4 that leads nowhere', [4, 6], [6], 6],
    ['not where both lead out', [4, 6], [4, 6], 4],
    ['not where IPv4 leads out', [4, 6], [4], 4],
    ['not where nothing leads out', [4, 6], [], 4],
    ['not where the host has IPv4 alone', [4], [4], 4],
    ['not where it names no address', [], [], 4],
  ])('%s', async (_what, families, ways, first) => {
    expect((await familiesByWay(contextOf(hostOf(families, ways))))[0]).toBe(first)
  })

  it('not where the host was not told in time', async () => {
    const { host } = hostOf([4, 6], [6])
    const sourceTowards = async (address: string) =>
      address.includes(':') ? done('2001:db8::9') : failed('timeout')
    expect(await familiesByWay(contextOf({ host: { ...host, sourceTowards } }))).toEqual([4, 6])
  })

  it.each([
    ['media', media],
    ['reach', reach],
    ['host', host],
    ['throughput', throughput],
  ] as const)('for %s, which asks once', async (_name, probe: Probe<unknown>) => {
    const { host, asked } = hostOf([4, 6], [6])
    const families: number[] = []
    const systemLookup = async (name: string, family: 4 | 6) => {
      if (name !== 'ipv4only.arpa') families.push(family)
      return family === 6 ? system([V6]) : system([V4])
    }
    const own = { host: 'contoso.sharepoint.com', path: '/file' }
    const settings = { tenant: 'contoso', download: own, mediaSeconds: 1 }
    const targets = [
      { set: 31, host: '{tenant}.sharepoint.com' },
      { set: 31, host: '{tenant}-my.sharepoint.com' },
    ]
    const outcome = await probe.run({ targets }, contextOf({ host, dns: { systemLookup }, settings }))
    expect(outcome.ok).toBe(true)
    expect(new Set(families)).toEqual(new Set([6]))
    // The host probe then asks towards each name.
    expect(asked.filter((address) => address.startsWith('13.'))).toHaveLength(1)
  })
})
