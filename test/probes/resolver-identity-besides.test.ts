import { describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { DnsAnswer, DnsQuery } from '../../src/core/ports.ts'
import { makeAtlas } from '../../src/places/atlas.ts'
import { NO_PLACES } from '../../src/places/csv.ts'
import type { ResolverIdentityResult } from '../../src/probes/resolver-identity/result.ts'
import { resolverIdentity } from '../../src/probes/resolver-identity.ts'
import { answer, argsOf, contextOf, evaluation, good, SEATTLE, system } from './fakes.ts'

const ZONE = 'b.world.example'
const TARGETS = [{ set: 1, host: 'outlook.office365.com' }]
const SERVER = '192.0.2.53'
const NEAR = '203.0.113.53'
const FAR = '198.51.100.53'
const [BEACON, SILENT] = ['192.0.2.253', '192.0.2.254']

type Answering = (query: DnsQuery) => Outcome<DnsAnswer> | undefined

const sightingLine = (name: string, ns: string, ecs = '-') =>
  `${name} TXT v=1,ns=${ns},ecs=${ecs},proto=udp,do=1,bufsize=1232,qname=${name}`

const flagged = (outcome: Outcome<DnsAnswer>, changes: Partial<DnsAnswer>): Outcome<DnsAnswer> =>
  outcome.ok ? done({ ...outcome.result, ...changes }) : outcome

const AUTHORITY = { flags: { authoritative: true, recursionAvailable: false } }

/** A clean office: one resolver near by, the beacon reached directly, nothing at the silent address. */
const clean: Answering = ({ name, type, server }) => {
  if (server === SILENT) return failed('dns-timeout')
  if (server === BEACON) return flagged(answer([sightingLine(name, '203.0.113.5')]), AUTHORITY)
  if (name === `ns.${ZONE}`) return answer([`${name} A ${BEACON}`])
  if (name === `silent.${ZONE}`) return answer([`${name} A ${SILENT}`])
  if (name.startsWith('x-')) return failed('dns-nxdomain')
  return type === 'TXT' ? answer([sightingLine(name, NEAR)], 13) : answer([`${name} A 52.96.1.1`], 0.1)
}

async function look(
  changes: Answering = () => undefined,
  { beacon = ZONE, servers = [SERVER] }: { beacon?: string | null; servers?: string[] } = {},
) {
  const asked: DnsQuery[] = []
  const context = contextOf({
    settings: { beacon },
    dns: {
      servers: () => servers,
      systemLookup: async () => system([NEAR], SERVER),
      query: async (query) => {
        asked.push(query)
        return changes(query) ?? clean(query) ?? failed('dns-timeout')
      },
    },
  })
  const result = good(await resolverIdentity.run({ targets: TARGETS }, context))
  expect(good(resolverIdentity.read(JSON.parse(JSON.stringify(result))))).toEqual(result)
  const findings = resolverIdentity.evaluate(result, evaluation('resolver-identity', TARGETS))
  return { result, findings, asked }
}

const codes = async (changes?: Answering) => (await look(changes)).findings.map(({ code }) => code)

describe('a clean office', () => {
  it('gets the one finding that is owed', async () => {
    expect(await codes()).toEqual(['resolvers-seen'])
  })

  it('is not said to be intercepted where port 53 is closed', async () => {
    expect(await codes(({ server }) => (server === BEACON ? failed('dns-timeout') : undefined))).toEqual([
      'resolvers-seen',
    ])
  })

  it('is not asked about port 53 without a beacon', async () => {
    const { result, asked } = await look(
      ({ name, type }) => {
        if (name === 'whoami.akamai.net') return answer([`${name} A ${NEAR}`])
        return name === 'o-o.myaddr.l.google.com' && type === 'TXT'
          ? answer([`${name} TXT ${NEAR}`])
          : undefined
      },
      { beacon: null },
    )
    expect(result.port53).toBeNull()
    expect(new Set(asked.map(({ server }) => server))).toEqual(new Set([SERVER]))
    expect(result.direct[0]?.asked).toHaveLength(8)
    expect(result.direct[0]?.cachedMs).toHaveLength(5)
  })
})

describe('port 53', () => {
  it('is intercepted where the beacon’s own address answers without authority', async () => {
    const { findings } = await look(({ name, server }) => {
      if (server === SILENT) return failed('dns-timeout')
      return server === BEACON ? answer([sightingLine(name, FAR)]) : undefined
    })
    expect(argsOf(findings, 'port-53-intercepted')).toEqual({
      shownBy: ['not-authoritative', 'recursive'],
      asked: BEACON,
      by: FAR,
      node: null,
    })
  })

  it.each(['dns-refused', 'dns-servfail', 'dns-nxdomain'] as const)(
    'is intercepted where the silent address says %s',
    async (failure) => {
      const { findings } = await look(({ server }) => (server === SILENT ? failed(failure) : undefined))
      expect(argsOf(findings, 'port-53-intercepted')).toMatchObject({
        shownBy: ['silent-answers'],
        asked: SILENT,
      })
    },
  )

  it('shows what the box calls itself', async () => {
    const { findings, asked } = await look(({ name, server, chaos }) => {
      if (server !== SILENT) return undefined
      return chaos ? answer([`${name} TXT ub-longw`]) : answer([`${name} A ${SILENT}`])
    })
    expect(argsOf(findings, 'port-53-intercepted').node).toBe('ub-longw')
    expect(asked.filter(({ server }) => server === SILENT)).toHaveLength(2)
  })

  it.each(['refused', 'timeout', 'dns-malformed', 'policy-refused', 'host-unreachable'] as const)(
    'is not said to be intercepted by the word %s',
    async (failure) => {
      expect(await codes(({ server }) => (server === SILENT ? failed(failure) : undefined))).toEqual([
        'resolvers-seen',
      ])
    },
  )

  it('is looked at by IPv6 from a host that has nothing else', async () => {
    const [beacon6, silent6] = ['64:ff9b::c000:235', '64:ff9b::c000:236']
    const context = contextOf({
      settings: { beacon: ZONE },
      host: { interfaces: () => [{ name: 'eth0', address: '2001:db8::20', family: 6 }] },
      dns: {
        servers: () => [SERVER],
        systemLookup: async () => system([NEAR]),
        query: async ({ name, type, server }) => {
          if (server === silent6) return failed('timeout')
          if (type === 'TXT') return answer([sightingLine(name, NEAR)])
          if (type !== 'AAAA') return failed('dns-empty')
          return answer([`${name} AAAA ${name.startsWith('ns.') ? beacon6 : silent6}`])
        },
      },
    })
    const { port53 } = good(await resolverIdentity.run({ targets: TARGETS }, context))
    expect(port53).toMatchObject({
      beacon: { address: beacon6, ns: NEAR },
      silent: { address: silent6, answered: false },
    })
  })

  it('is not judged by an address that the resolver invented for a zone that does not exist', async () => {
    const parked = '198.51.100.99'
    const found = await codes(({ name, server, type }) => {
      if (server === parked) return answer([`${name} A ${parked}`])
      return type === 'A' && name.endsWith(ZONE) ? answer([`${name} A ${parked}`]) : undefined
    })
    expect(found).toEqual(['resolvers-seen', 'nxdomain-rewritten'])
  })
})

describe('names that do not exist', () => {
  it('are rewritten by a server that gives addresses for them', async () => {
    const { findings } = await look(({ name }) =>
      name.startsWith('x-') ? answer([`${name} A 198.51.100.99`]) : undefined,
    )
    expect(argsOf(findings, 'nxdomain-rewritten')).toEqual({
      servers: [{ server: SERVER, addresses: ['198.51.100.99'] }],
    })
  })

  it('are not rewritten by an answer without addresses', async () => {
    expect(await codes(({ name }) => (name.startsWith('x-') ? answer([]) : undefined))).toEqual([
      'resolvers-seen',
    ])
  })
})

describe('a client subnet', () => {
  const sends =
    (ecs: string, scope: number | null): Answering =>
    ({ name, type, server, clientSubnet }) => {
      if (server !== SERVER) return undefined
      if (type === 'TXT') return answer([sightingLine(name, NEAR, ecs)], 13)
      return clientSubnet === undefined
        ? undefined
        : flagged(answer([`${name} A 52.96.1.1`]), { subnetScope: scope })
    }

  it.each([24, 0, null])('is asked about with itself, and the scope %s kept', async (scope) => {
    const { findings, asked } = await look(sends('203.0.113.0/24', scope))
    expect(argsOf(findings, 'resolvers-seen').serving[0]).toMatchObject({
      clientSubnet: '203.0.113.0/24',
      subnetScope: scope,
    })
    expect(asked.filter(({ clientSubnet }) => clientSubnet !== undefined)).toMatchObject([
      { name: 'outlook.office365.com', clientSubnet: '203.0.113.0/24' },
    ])
    expect(findings).toHaveLength(1)
  })

  it('is not asked about where none is sent on', async () => {
    const { asked } = await look(sends('0.0.0.0/0', 24))
    expect(asked.some(({ clientSubnet }) => clientSubnet !== undefined)).toBe(false)
  })

  it.each(['10.20.0.0/24', '100.64.3.0/24', 'fd12:3456::/56'])('of %s leaks', async (subnet) => {
    const { findings } = await look(sends(subnet, 0))
    expect(argsOf(findings, 'client-subnet-leaked')).toEqual({ resolvers: [{ address: NEAR, subnet }] })
  })
})

describe('nodes of public services', () => {
  it('are asked for by their own name, and placed by its code', async () => {
    const { findings, asked } = await look(
      ({ name, server, chaos }) => {
        if (server === '1.1.1.1' && chaos) return answer([`${name} TXT LHR`])
        return name === 'id.server.on.quad9.net'
          ? answer([`${name} TXT res120.qeat1.on.quad9.net`])
          : undefined
      },
      { servers: ['1.1.1.1', '9.9.9.9', SERVER] },
    )
    expect(argsOf(findings, 'resolver-nodes-seen').nodes).toMatchObject([
      { server: '1.1.1.1', service: 'cloudflare', node: 'LHR', code: 'LHR', km: expect.any(Number) },
      { server: '9.9.9.9', service: 'quad9', node: 'res120.qeat1.on.quad9.net', code: 'EAT' },
    ])
    const own = asked.filter(({ name, chaos }) => chaos === true || name.endsWith('.quad9.net'))
    expect(own.map(({ server }) => server).filter((server) => server !== SILENT)).toEqual([
      '1.1.1.1',
      '9.9.9.9',
    ])
  })

  it('stand where their airport is, not where Microsoft means another place by the code', async () => {
    const { result } = await look(({ name, chaos }) => (chaos ? answer([`${name} TXT SAN`]) : undefined), {
      servers: ['1.1.1.1'],
    })
    const list = { inPublishedRanges: () => null, category: () => 'Optimize' }
    const atlas = makeAtlas({ places: NO_PLACES, list })
    const context = { ...evaluation('resolver-identity', TARGETS), atlas }
    const { nodes } = argsOf(resolverIdentity.evaluate(result, context), 'resolver-nodes-seen')
    // From Seattle, San Diego is 1,700 km away and San Antonio 2,870.
    expect(nodes.map(({ code, km }) => [code, km !== null && km > 1600 && km < 1800])).toEqual([
      ['SAN', true],
    ])
  })

  it('are found behind a forwarder by the address that the authority saw', async () => {
    const seen = '74.125.16.3'
    const { result } = await look(({ name, type }) => {
      if (name === 'locations.publicdns.goog') {
        return answer([`${name} TXT 74.125.0.0/16 iad`, `${name} TXT 74.125.16.0/26 tul`])
      }
      return type === 'TXT' && name.endsWith(ZONE) ? answer([sightingLine(name, seen)], 13) : undefined
    })
    expect(result.nodes).toEqual([{ server: SERVER, service: 'google', node: '74.125.16.0/26', code: 'TUL' }])
  })
})

describe('answers that belong to no question', () => {
  const told = async (strays: number) => {
    const context = contextOf({
      settings: { beacon: ZONE },
      dns: {
        servers: () => [SERVER],
        systemLookup: async () => system([NEAR]),
        query: async ({ name, type }) => {
          if (type !== 'TXT' || !name.endsWith(ZONE)) return failed('dns-nxdomain')
          const given = answer([sightingLine(name, NEAR)])
          const first = name.startsWith('0') && name.slice(0, 32).endsWith('9')
          return given.ok && first ? done({ ...given.result, strays }) : given
        },
      },
    })
    const result = good(await resolverIdentity.run({ targets: TARGETS }, context))
    const findings = resolverIdentity.evaluate(result, evaluation('resolver-identity', TARGETS, SEATTLE))
    return findings.find(({ code }) => code === 'stray-dns-answers')?.args
  }

  it('are told of from ten on, by the server in whose name they came', async () => {
    expect(await told(9)).toBeUndefined()
    expect(await told(10)).toEqual({ servers: [{ server: SERVER, count: 10 }] })
    expect(await told(5_000_000)).toEqual({ servers: [{ server: SERVER, count: 100_000 }] })
  })
})

describe('both families', () => {
  const SIX = '2001:db8::53'
  const base: ResolverIdentityResult = {
    method: 'beacon',
    system: [{ address: NEAR, server: SERVER, ms: 1 }],
    readBacks: [],
    direct: [
      {
        server: SERVER,
        asked: [NEAR, SIX].map((ns) => ({ ns, ecs: null, ms: 13, transport: 'tcp' as const })),
        cachedMs: [0.1],
        subnet: null,
        invented: [],
        strays: 0,
      },
    ],
    port53: null,
    nodes: [],
  }
  const seen = (changes: Partial<ResolverIdentityResult>) =>
    argsOf(
      resolverIdentity.evaluate({ ...base, ...changes }, evaluation('resolver-identity', TARGETS, SEATTLE)),
      'resolvers-seen',
    )

  it('lists the sibling that was only seen by direct questions, unjudged', () => {
    expect(seen({}).serving).toMatchObject([{ address: NEAR, place: 'near', alsoFrom: [SIX] }])
    expect(seen({}).serving[0]?.overTcpOnly).toBe(true)
  })

  it('judges a sibling by itself that served a lookup', () => {
    const system: ResolverIdentityResult['system'] = [...base.system, { address: SIX, server: SERVER, ms: 1 }]
    expect(seen({ system }).serving).toMatchObject([
      { address: NEAR, place: 'near', alsoFrom: [SIX] },
      { address: SIX, place: 'unlocated', alsoFrom: [NEAR] },
    ])
  })

  it('takes two servers, each of one family, for two: a name that both were asked for makes them no siblings', () => {
    const [first] = base.direct
    if (first === undefined) throw new Error('no server')
    const of = (server: string, ns: string) => ({
      ...first,
      server,
      asked: [{ ns, ecs: null, ms: 13, transport: 'udp' as const }],
    })
    const { serving } = seen({
      system: [...base.system, { address: SIX, server: 'fd00::53', ms: 1 }],
      readBacks: [{ address: null, sightings: [NEAR, SIX].map((ns) => ({ ns, ecs: null })) }],
      direct: [of(SERVER, NEAR), of('fd00::53', SIX)],
    })
    expect(serving).toMatchObject([
      { address: NEAR, servers: [SERVER], alsoFrom: [] },
      { address: SIX, servers: ['fd00::53'], alsoFrom: [] },
    ])
  })

  it('reads both back of a name that got no address', () => {
    const sightings = [NEAR, SIX].map((ns) => ({ ns, ecs: null }))
    const { serving } = seen({
      system: [{ failure: 'dns-empty' }],
      readBacks: [{ address: null, sightings }],
    })
    expect(serving.map(({ address }) => address)).toEqual([NEAR, SIX])
  })

  it('takes no second resolver of the same family from a read-back: the slower of two serves nobody', () => {
    const sightings = [NEAR, FAR, SIX].map((ns) => ({ ns, ecs: null }))
    const { serving } = seen({ readBacks: [{ address: NEAR, sightings }] })
    expect(serving.map(({ address }) => address)).toEqual([NEAR, SIX])
  })

  it('asks for a name again that neither family answered', async () => {
    const context = contextOf({
      settings: { beacon: ZONE },
      dns: {
        servers: () => [SERVER],
        systemLookup: async () => failed('dns-empty'),
        query: async ({ name }) =>
          name.startsWith('s-')
            ? answer([sightingLine(name, NEAR), sightingLine(name, SIX)])
            : failed('dns-timeout'),
      },
    })
    const result = good(await resolverIdentity.run({ targets: TARGETS }, context))
    expect(result.readBacks).toHaveLength(2)
    expect(result.readBacks[0]?.sightings.map(({ ns }) => ns)).toEqual([NEAR, SIX])
  })
})
