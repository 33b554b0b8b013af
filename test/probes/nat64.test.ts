import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import type { Target } from '../../src/core/measurement.ts'
import { egress } from '../../src/probes/egress.ts'
import { frontDoor } from '../../src/probes/front-door.ts'
import { host } from '../../src/probes/host.ts'
import { reach } from '../../src/probes/reach.ts'
import { rtt } from '../../src/probes/rtt.ts'
import { askNat64, nat64Schema } from '../../src/probes/shared/nat64.ts'
import {
  ATLAS,
  answer,
  argsOf,
  contextOf,
  evaluation,
  type Fakes,
  good,
  http,
  queryTable,
  system,
} from './fakes.ts'

const HOST = 'outlook.office365.com'
const EXCHANGE: Target = { set: 1, host: HOST }
const RELAY: Target = { set: 11, host: 'world.tr.teams.microsoft.com' }
const RESOLVER = '2001:db8::53'

/** A network whose own prefix is as long as one may be, and the address of a door and of a relay behind it. */
const PREFIX = '2001:db8:64::/96'
const [DOOR, DOOR4] = ['2001:db8:64::3461:102', '52.97.1.2']
const [INSIDE, INSIDE4] = ['2001:db8:64::a00:1', '10.0.0.1']
const TOLD = ['2001:db8:64::c000:aa', '2001:db8:64::c000:ab']

/** A host of IPv6 alone that is told this address for every name. */
const behind = (address: string): Fakes => ({
  dns: {
    servers: () => [RESOLVER],
    systemLookup: async (name, family) => {
      if (name === 'ipv4only.arpa') return family === 6 ? system(TOLD) : system(['192.0.0.170'])
      return family === 6 ? system([address]) : failed('dns-empty')
    },
    query: queryTable({
      [`${HOST} AAAA`]: answer([
        `${HOST} CNAME lhr-efz.ms-acdc.office.com`,
        `lhr-efz.ms-acdc.office.com AAAA ${address}`,
      ]),
      'ipv4only.arpa AAAA': answer(TOLD.map((one) => `ipv4only.arpa AAAA ${one}`)),
    }),
  },
  tcp: {
    connect: async () => done({ ms: 5 }),
    request: async () => http(401, { 'x-firsthopcafeefz': 'LHR' }),
  },
  stun: { binding: async () => done({ address: '203.0.113.2', port: 5000, ms: 8 }) },
  host: {
    interfaces: () => [{ name: 'eth0', address: '2001:db8:1::20', family: 6 }],
    sourceTowards: async () => done('2001:db8:1::20'),
  },
})

/** Microsoft's ranges as far as they matter here: of IPv4 alone. */
const given = (probe: 'front-door' | 'rtt' | 'egress' | 'reach' | 'host', target: Target) => ({
  ...evaluation(probe, [target]),
  atlas: { ...ATLAS, inPublishedRanges: (_set: number, address: string) => address.startsWith('52.') },
})

describe('behind a NAT64 with a prefix of the network’s own', () => {
  it('the prefix is told', async () => {
    const result = good(await host.run({ targets: [EXCHANGE] }, contextOf(behind(DOOR))))
    const findings = host.evaluate(good(host.read(result)), given('host', EXCHANGE))
    expect(argsOf(findings, 'nat64-prefix-seen')).toEqual({ prefixes: [PREFIX] })
    expect(argsOf(findings, 'host-seen').sources[0]).toMatchObject({ source: '2001:db8:1::20' })
  })

  it('doors are named and judged by their IPv4 addresses', async () => {
    const result = good(await frontDoor.run({ targets: [EXCHANGE] }, contextOf(behind(DOOR))))
    const findings = frontDoor.evaluate(good(frontDoor.read(result)), given('front-door', EXCHANGE))
    expect(findings.map(({ code }) => code)).toEqual(['doors-seen'])
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { named: 'LHR', header: 'LHR', reached: true, addresses: [DOOR4] },
    ])
    const timed = good(await rtt.run({ targets: [EXCHANGE] }, contextOf(behind(DOOR))))
    expect(argsOf(rtt.evaluate(timed, given('rtt', EXCHANGE)), 'door-timed').doors).toMatchObject([
      { address: DOOR4, code: 'LHR', minMs: 5 },
    ])
  })

  it('the way out is the NAT64’s', async () => {
    const result = good(await egress.run({ targets: [RELAY] }, contextOf(behind('2001:db8:64::3471:20a'))))
    const findings = egress.evaluate(good(egress.read(result)), given('egress', RELAY))
    expect(findings.map(({ code }) => code)).toEqual(['relay-egress-seen'])
    const { flows } = argsOf(findings, 'relay-egress-seen')
    expect(new Set(flows.map(({ to, from }) => `${to} ${from?.address}`))).toEqual(
      new Set(['52.113.2.10 203.0.113.2']),
    )
  })

  it('an address that carries a private one is a private answer', async () => {
    const result = good(await frontDoor.run({ targets: [EXCHANGE] }, contextOf(behind(INSIDE))))
    const findings = frontDoor.evaluate(result, given('front-door', EXCHANGE))
    expect(argsOf(findings, 'private-answer')).toEqual({ host: HOST, address: INSIDE4, kind: 'private' })
    const reached = good(await reach.run({ targets: [EXCHANGE] }, contextOf(behind(INSIDE))))
    expect(argsOf(reach.evaluate(reached, given('reach', EXCHANGE)), 'reach-seen').hosts).toMatchObject([
      { port: 443, address: INSIDE4, hidden: true },
      { port: 80, address: INSIDE4, hidden: true },
    ])
  })

  it('is no private answer where the prefix alone is private', async () => {
    const told = (address: string) => address.replace('2001:db8:64', 'fd00:64')
    const { dns, ...rest } = behind('fd00:64::3461:102')
    const fakes: Fakes = {
      ...rest,
      dns: {
        ...dns,
        query: async () => failed('dns-timeout'),
        systemLookup: async (name) =>
          name === 'ipv4only.arpa' ? system(TOLD.map(told)) : system(['fd00:64::3461:102']),
      },
    }
    const result = good(await frontDoor.run({ targets: [EXCHANGE] }, contextOf(fakes)))
    const findings = frontDoor.evaluate(result, given('front-door', EXCHANGE))
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { reached: false, failure: 'policy-refused', addresses: [DOOR4] },
    ])
  })
})

describe('the lookup of the prefix', () => {
  it('keeps each resolver’s own prefix, and at most four', async () => {
    const servers = Array.from({ length: 6 }, (_, at) => `192.0.2.${at}`)
    const context = contextOf({
      dns: {
        query: async ({ server }) => answer([`ipv4only.arpa AAAA 2001:db8:${server.slice(-1)}::c000:aa`]),
      },
    })
    const found = await askNat64(context, servers)
    expect(found).toEqual([0, 1, 2, 3].map((at) => `2001:db8${at === 0 ? '' : `:${at}`}::/96`))
    expect(nat64Schema.safeParse(found).success).toBe(true)
  })

  it('finds none where nobody answers, or answers with something else', async () => {
    expect(await askNat64(contextOf({}), [RESOLVER])).toEqual([])
    const odd = contextOf({ dns: { systemLookup: async () => system(['2001:db8::1', '192.0.0.170']) } })
    expect(await askNat64(odd)).toEqual([])
  })

  it.each(['64:ff9b::/95', '10.0.0.0/8', 'x', '2001:db8::1/96'])('%s is refused in a result', (text) => {
    expect(nat64Schema.safeParse([text]).success).toBe(false)
  })
})
