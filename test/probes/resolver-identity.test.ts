import { describe, expect, it } from 'vitest'
import { type Failure, failed } from '../../src/core/failure.ts'
import type { DnsQuery } from '../../src/core/ports.ts'
import { googleSighting } from '../../src/probes/resolver-identity/answers.ts'
import type { Asked, Direct, ResolverIdentityResult } from '../../src/probes/resolver-identity/result.ts'
import { resolverSamples } from '../../src/probes/resolver-identity/samples.ts'
import { resolverIdentity } from '../../src/probes/resolver-identity.ts'
import { answer, argsOf, contextOf, evaluation, good, queryTable, SEATTLE, system } from './fakes.ts'

const ZONE = 'b.world.example'
const PARAMS = { targets: [{ set: 1, host: 'outlook.office365.com' }] }
const NEAR = '203.0.113.53'
const FAR = '198.51.100.53'
const NOWHERE = '192.0.2.200'

/** A resolver that leaves from `ns`: beacon names take `uncached`, the warm name `cached` ms. */
const resolver =
  (ns: string, { cached = 0.1, uncached = 13, ecs = '-' } = {}) =>
  ({ name, type }: DnsQuery) =>
    type === 'TXT'
      ? answer([`${name} TXT v=1,ns=${ns},ecs=${ecs},proto=udp,do=1,bufsize=1232,qname=${name}`], uncached)
      : answer([`${name} A 52.96.1.1`], cached)

const sighting = (ns: string, ms: number, ecs: string | null = null): Asked => ({
  ns,
  ecs,
  ms,
  transport: 'udp',
})
const direct = (server: string, asked: Asked[], cachedMs: number[]): Direct => ({
  server,
  asked,
  cachedMs,
  subnet: null,
  invented: [],
  strays: 0,
})

/** An office whose one server leaves by `from` and answers as `seen` does, and every question that it was asked. */
const watched = (seen: ReturnType<typeof resolver>, from = NEAR) => {
  const queries: DnsQuery[] = []
  const context = contextOf({
    settings: { beacon: ZONE },
    dns: {
      servers: () => ['192.0.2.53'],
      systemLookup: async () => system([from], '192.0.2.53'),
      query: async (query) => {
        queries.push(query)
        return seen(query)
      },
    },
  })
  return { queries, context }
}

describe('running with a beacon', () => {
  it('asks system and servers, and keeps raw samples', async () => {
    const { queries, context } = watched(resolver(NEAR))
    const result = good(await resolverIdentity.run(PARAMS, context))
    expect(result.method).toBe('beacon')
    expect(result.system).toHaveLength(8)
    expect(result.readBacks).toEqual([{ address: NEAR, sightings: [{ ns: NEAR, ecs: null }] }])
    expect(result.direct[0]?.asked).toHaveLength(8)
    expect(result.direct[0]?.cachedMs).toHaveLength(5)
    expect(good(resolverIdentity.read(JSON.parse(JSON.stringify(result))))).toEqual(result)
    const toServer = queries.filter((query) => query.server === '192.0.2.53')
    const names = toServer.filter((query) => query.type === 'TXT').map((query) => query.name)
    expect(new Set(names).size).toBe(9)
    expect(names.filter((name) => name.startsWith('s-'))).toHaveLength(1)
    for (const name of names) expect(name).toMatch(/^(s-)?[0-9a-f]{32}\.b\.world\.example$/)
  })

  it('has a lost datagram sent again where nothing is timed, and nowhere else', async () => {
    const { queries, context } = watched(resolver(NEAR, { ecs: '203.0.113.0/24' }))
    good(await resolverIdentity.run(PARAMS, context))
    const untimed = ({ name, clientSubnet }: DnsQuery): boolean =>
      /^[sx]-[0-9a-f]{32}\./.test(name) || clientSubnet !== undefined
    for (const query of queries) expect(query.resend ?? false, query.name).toBe(untimed(query))
    expect(queries.filter(untimed)).toHaveLength(3)
  })

  it('asks again after a pause when the times of names asked alone vary, and keeps all', async () => {
    const busy = [9.5, 9.5, 9.5, 9.5, 9.5, 40, 12, 30]
    let txt = 0
    const { context } = watched((query) => {
      const isNonce = query.server === '192.0.2.53' && /^[0-9a-f]{32}\.b\./.test(query.name)
      return resolver(NOWHERE, { uncached: isNonce ? (busy[txt++] ?? 1) : 1 })(query)
    }, NOWHERE)
    const result = good(await resolverIdentity.run(PARAMS, context))
    const ms = result.direct[0]?.asked.map((one) => ('ms' in one ? one.ms : null))
    expect(ms).toEqual([...busy, 1, 1, 1, 1, 1, 1])
    const args = argsOf(
      resolverIdentity.evaluate(result, evaluation('resolver-identity', PARAMS.targets)),
      'resolvers-seen',
    )
    expect(args.serving).toMatchObject([{ address: NOWHERE, place: 'bounded', uncachedMs: 1 }])
  })

  it('asks the other family where a resolver has no IPv4', async () => {
    const context = contextOf({
      settings: { beacon: ZONE },
      dns: {
        systemLookup: async (_name, family) =>
          family === 4 ? failed('dns-empty') : system(['2001:DB8::53']),
      },
    })
    const result = good(await resolverIdentity.run(PARAMS, context))
    expect(result.system[0]).toMatchObject({ address: '2001:db8::53' })
  })

  it('does not ask a dead server again after its first batch', async () => {
    const asked: string[] = []
    const context = contextOf({
      settings: { beacon: ZONE },
      dns: {
        servers: () => ['192.0.2.1', '192.0.2.53'],
        systemLookup: async () => system([NEAR]),
        query: async (query) => {
          asked.push(query.server)
          return query.server === '192.0.2.1' ? failed('dns-timeout') : resolver(NEAR)(query)
        },
      },
    })
    const result = good(await resolverIdentity.run(PARAMS, context))
    // One batch of five, a name that does not exist and the beacon's two, together; then one read-back.
    expect(asked.filter((server) => server === '192.0.2.1')).toHaveLength(9)
    expect(result.direct.map((one) => one.cachedMs.length)).toEqual([0, 5])
    const args = argsOf(
      resolverIdentity.evaluate(result, evaluation('resolver-identity', PARAMS.targets)),
      'resolvers-seen',
    )
    expect(args.mute).toEqual([{ server: '192.0.2.1', failure: 'dns-timeout' }])
  })

  it('tells an answer that is not the beacon’s', async () => {
    const context = contextOf({
      settings: { beacon: ZONE },
      dns: {
        servers: () => ['192.0.2.53'],
        query: async ({ name }) => answer([`${name} TXT hello`]),
      },
    })
    const result = good(await resolverIdentity.run(PARAMS, context))
    expect(result.direct[0]?.asked[0]).toEqual({ failure: 'dns-malformed' })
    expect(resolverIdentity.evaluate(result, evaluation('resolver-identity', PARAMS.targets))).toMatchObject([
      { code: 'unmeasured', args: { question: 'resolver', failure: 'dns-timeout' } },
    ])
  })

  it('ends at once when it was ended', async () => {
    const context = contextOf({ settings: { beacon: ZONE }, signal: AbortSignal.abort() })
    expect(good(await resolverIdentity.run(PARAMS, context)).direct).toEqual([])
  })
})

describe('running without a beacon', () => {
  it('reads the public whoami names and claims no uncached time', async () => {
    const context = contextOf({
      dns: {
        servers: () => ['192.0.2.53', '192.0.2.54'],
        systemLookup: async () => system([FAR]),
        query: queryTable({
          '192.0.2.53 o-o.myaddr.l.google.com TXT': answer(['o-o.myaddr.l.google.com TXT 2001:db8::9']),
          '192.0.2.53 whoami.akamai.net A': answer([`whoami.akamai.net A ${FAR}`]),
          '192.0.2.53 outlook.office365.com A': answer(['outlook.office365.com A 52.0.0.1'], 140.5),
          '192.0.2.54 o-o.myaddr.l.google.com TXT': failed('dns-servfail'),
          '192.0.2.54 whoami.ds.akahelp.net TXT': answer([
            `whoami.ds.akahelp.net TXT ns,${NEAR}`,
            'whoami.ds.akahelp.net TXT ecs,203.0.113.0/24/0',
            'whoami.ds.akahelp.net TXT ip,203.0.113.7',
          ]),
        }),
      },
    })
    const result = good(await resolverIdentity.run(PARAMS, context))
    expect(result.system).toHaveLength(8)
    const args = argsOf(
      resolverIdentity.evaluate(result, evaluation('resolver-identity', PARAMS.targets)),
      'resolvers-seen',
    )
    expect(args.method).toBe('whoami')
    expect(args.serving).toMatchObject([
      { address: FAR, servers: ['192.0.2.53'], nonces: 8, cachedMs: 140.5, uncachedMs: null, place: 'far' },
    ])
    expect(args.idle).toMatchObject([{ address: NEAR, place: 'near', clientSubnet: '203.0.113.0/24' }])
  })

  const GOOGLE_TXT = 'o-o.myaddr.l.google.com TXT'
  const bySystem = async (
    system: Failure,
    servers: readonly string[],
    answers: Readonly<Record<string, ReturnType<typeof answer>>>,
  ) => {
    const dns = {
      servers: () => servers,
      systemLookup: async () => failed(system),
      query: queryTable(answers),
    }
    const result = good(await resolverIdentity.run(PARAMS, contextOf({ dns })))
    expect(good(resolverIdentity.read(JSON.parse(JSON.stringify(result))))).toEqual(result)
    return result
  }
  const NO_A = { '192.0.2.53 whoami.akamai.net A': failed('dns-nxdomain') }
  const TEXT = { [`192.0.2.53 ${GOOGLE_TXT}`]: answer([`${GOOGLE_TXT} ${NEAR}`], 12) }

  it('takes the texts of the only server where nobody is answered the A name', async () => {
    const result = await bySystem('dns-nxdomain', ['192.0.2.53'], { ...NO_A, ...TEXT })
    expect(result.system).toHaveLength(4)
    const args = argsOf(
      resolverIdentity.evaluate(result, evaluation('resolver-identity', PARAMS.targets)),
      'resolvers-seen',
    )
    expect(args.serving).toMatchObject([
      { address: NEAR, servers: ['192.0.2.53'], place: 'near', uncachedMs: null },
    ])
    expect(resolverSamples(result)[1]).toMatchObject({ of: 'System, by 4 of 4 texts of its only server' })
  })

  it.each<
    [what: string, system: Failure, servers: string[], answers: Record<string, ReturnType<typeof answer>>]
  >([
    ['two servers', 'dns-nxdomain', ['192.0.2.53', '192.0.2.54'], { ...NO_A, ...TEXT }],
    [
      'a server that answers us and not the system',
      'dns-nxdomain',
      ['192.0.2.53'],
      { '192.0.2.53 whoami.akamai.net A': answer([`whoami.akamai.net A ${NEAR}`]), ...TEXT },
    ],
    ['a system that is answered nothing at all', 'dns-timeout', ['192.0.2.53'], { ...NO_A, ...TEXT }],
    ['no texts', 'dns-nxdomain', ['192.0.2.53'], NO_A],
  ])('leaves the system unproven with %s', async (_, system, servers, answers) => {
    const result = await bySystem(system, servers, answers)
    expect(
      resolverIdentity.evaluate(result, evaluation('resolver-identity', PARAMS.targets))[0],
    ).toMatchObject({
      code: 'unmeasured',
      args: { question: 'resolver', failure: system },
    })
  })

  it('reads Google’s answer with a client subnet', () => {
    const lines = [
      'o-o.myaddr.l.google.com TXT 198.51.100.32',
      'o-o.myaddr.l.google.com TXT edns0-client-subnet 198.51.100.0/24',
    ]
    const { records } = good(answer(lines))
    expect(googleSighting(records)).toEqual({ ns: '198.51.100.32', ecs: '198.51.100.0/24' })
  })
})

describe('what it says of a resolver', () => {
  const result = (
    address: string,
    cachedMs: number,
    uncachedMs: number,
    changes: Partial<ResolverIdentityResult> = {},
  ): ResolverIdentityResult => ({
    method: 'beacon',
    system: [{ address, server: null, ms: 1 }],
    readBacks: [],
    direct: [direct('192.0.2.53', [sighting(address, uncachedMs)], [cachedMs])],
    port53: null,
    nodes: [],
    ...changes,
  })
  const seen = (value: ResolverIdentityResult, office = SEATTLE) =>
    argsOf(
      resolverIdentity.evaluate(value, evaluation('resolver-identity', PARAMS.targets, office)),
      'resolvers-seen',
    )

  it.each([
    ['near by its place', NEAR, 0.1, 13, {}, 'near', false],
    ['registered, wherever it is', FAR, 140, 153, { resolvers: ['198.51.100.0/24'] }, 'registered', false],
    ['far: asked straight', FAR, 140.5, 153.5, {}, 'far', false],
    ['far: a local forwarder hides it', FAR, 0.1, 153.9, {}, 'far', true],
    ['disputed: time forbids the far place', FAR, 0.1, 40, {}, 'disputed', false],
    ['bounded though shown far', FAR, 0.1, 7.9, {}, 'bounded', false],
    ['bounded without a place', NOWHERE, 0.1, 8, {}, 'bounded', false],
    ['without a place and not bounded', NOWHERE, 0.1, 8.1, {}, 'unlocated', false],
    ['of an office without a place', FAR, 0.1, 153.9, { placed: false }, 'unlocated', false],
  ] as const)('%s', (_name, address, cached, uncached, office, place, says) => {
    const { serving } = seen(result(address, cached, uncached), { ...SEATTLE, ...office })
    expect(serving[0]).toMatchObject({
      address,
      place,
      timeSaysFar: says,
      cachedMs: cached,
      uncachedMs: uncached,
    })
  })

  it('takes the office’s own limit while it holds', () => {
    const override = { criterion: 'local-dns', value: 9000, author: 'Ana', reason: 'x' } as const
    const until = (expiresAt: number) => ({ ...SEATTLE, overrides: [{ ...override, expiresAt }] })
    expect(seen(result(FAR, 140, 153), until(Date.UTC(2027, 1, 1))).serving[0]?.place).toBe('near')
    expect(seen(result(FAR, 140, 153), until(Date.UTC(2026, 1, 1))).serving[0]?.place).toBe('far')
  })

  it('never subtracts the times of two servers', () => {
    const { serving } = seen(
      result(FAR, 0, 0, {
        direct: [direct('a', [sighting(FAR, 160)], [0.1]), direct('b', [sighting(FAR, 153)], [140])],
      }),
    )
    expect(serving[0]).toMatchObject({
      uncachedMs: 153,
      cachedMs: 140,
      timeSaysFar: false,
      servers: ['a', 'b'],
    })
  })

  it('groups by address, keeps idle servers apart and reads the client subnet', () => {
    const value = result(NEAR, 0.1, 13, {
      system: [
        { address: NEAR, server: null, ms: 1 },
        { address: NEAR, server: null, ms: 1 },
        { address: NOWHERE, server: '192.0.2.77', ms: 1 },
        { failure: 'dns-timeout' },
      ],
      readBacks: [{ address: NEAR, sightings: [{ ns: NEAR, ecs: '203.0.113.0/24' }] }],
      direct: [
        direct('192.0.2.53', [sighting(NEAR, 13, '0.0.0.0/0')], [0.1]),
        direct('192.0.2.54', [sighting(FAR, 150)], [139]),
        direct('192.0.2.55', [{ failure: 'dns-refused' }], []),
      ],
    })
    expect(seen(value)).toMatchObject({
      serving: [
        { address: NEAR, nonces: 2, servers: ['192.0.2.53'], clientSubnet: '203.0.113.0/24' },
        { address: NOWHERE, nonces: 1, servers: ['192.0.2.77'], uncachedMs: null },
      ],
      idle: [{ address: FAR, nonces: 0, servers: ['192.0.2.54'], place: 'far' }],
      mute: [{ server: '192.0.2.55', failure: 'dns-refused' }],
    })
  })

  it('says nothing where no system lookup was answered', () => {
    const value = result(NEAR, 0.1, 13, { system: [{ failure: 'dns-servfail' }] })
    expect(resolverIdentity.evaluate(value, evaluation('resolver-identity', PARAMS.targets))).toMatchObject([
      { code: 'unmeasured', question: 'resolver', args: { failure: 'dns-servfail' } },
    ])
  })
})
