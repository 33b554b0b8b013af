import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Beacon } from '../../src/beacon/beacon.ts'
import type { DnsAnswer, RecordType } from '../../src/core/ports.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { policyFor, probePorts, rootsFor } from '../../src/net/probe-ports.ts'
import type { World } from '../../src/net/world-file.ts'
import { systemClock } from '../../src/os/clock.ts'
import { systemRandom } from '../../src/os/random.ts'
import { run } from '../../src/probes/resolver-identity/run.ts'
import { SETTINGS } from '../probes/fakes.ts'
import { startSocksGateway } from '../support/socks-gateway.ts'
import { missing, RESOLVERS, type Resolver, startResolver } from './resolvers.ts'
import { framed, heard, overTcp, overUdp, queryBytes, startTestBeacon, ZONE } from './support.ts'

const distinct = (texts: readonly unknown[]): readonly unknown[] => [...new Set(texts)]
const NEVER = new AbortController().signal
/** The address that the office's runner believes its resolver to have. */
const CLAIMED = '192.0.2.53'

for (const kind of RESOLVERS) {
  const why = missing(kind)
  describe.skipIf(why !== null)(`behind ${kind.name}${why === null ? '' : ` (skipped: ${why})`}`, () => {
    let beacon: Beacon
    let resolver: Resolver
    const dns = () => beacon.dns[0] ?? { address: '', port: 0 }
    beforeAll(async () => {
      beacon = await startTestBeacon()
      resolver = await startResolver(kind, dns())
    })
    afterAll(async () => {
      await resolver?.close()
      await beacon?.close()
    })

    const nonce = (): string => systemRandom.hex(16)
    const ask = async (label: string, type: RecordType): Promise<DnsAnswer | string> => {
      const answer = await askServer(
        { dialer: directDialer, random: systemRandom, port: resolver.at.port },
        { name: `${label}.${ZONE}`, type, server: resolver.at.address, timeoutMs: 10_000 },
        NEVER,
      )
      return answer.ok ? answer.result : answer.failure
    }
    const texts = (answer: DnsAnswer | string): readonly (readonly string[])[] =>
      typeof answer === 'string' ? [] : answer.records.map((record) => record.strings ?? [record.data])
    const word = (strings: readonly string[] | undefined, key: string): string | undefined =>
      strings?.find((text) => text.startsWith(`${key}=`))?.slice(key.length + 1)

    it('a nonce is answered with the resolver’s own address, over UDP', async () => {
      const [strings] = texts(await ask(nonce(), 'TXT'))
      expect(word(strings, 'v')).toBe('1')
      expect(word(strings, 'ns')).toBe(resolver.source)
      expect(word(strings, 'proto')).toBe('udp')
      expect(word(strings, 'ecs')).toBe('-')
      expect(texts(await ask(nonce(), 'A'))).toEqual([[resolver.source]])
    })

    it('the other family is an empty answer, not a name that does not exist', async () => {
      const answer = await ask(nonce(), 'AAAA')
      expect(answer).toMatchObject({ records: [] })
    })

    /** Without the resolver: what the beacon itself has seen of a nonce. */
    const seen = async (one: string): Promise<number> => {
      const answer = await overTcp(dns(), [framed(queryBytes({ name: `s-${one}.${ZONE}` }))], 1)
      return heard(answer[0] ?? Buffer.alloc(0)).answers.length
    }

    // Two of the four reckon in whole seconds, so that TTL 0 may live for the rest of one.
    const within = { timeout: 5000, interval: 50 }

    it('TTL 0 is honoured: a second lookup is a second sighting, and both are read back', async () => {
      const one = nonce()
      const lookup = async (): Promise<number> => {
        expect(await ask(one, 'A')).toMatchObject({ records: [{ ttl: 0 }] })
        return seen(one)
      }
      expect(await lookup()).toBe(1)
      await expect.poll(lookup, within).toBe(2)
      const sightings = texts(await ask(`s-${one}`, 'TXT'))
      // Equal records are one to some resolvers (RFC 2181 5), and BIND keeps only that one.
      expect(distinct(sightings.map((strings) => word(strings, 'type')))).toEqual(['A'])
      expect(distinct(sightings.map((strings) => word(strings, 'ns')))).toEqual([resolver.source])
    })

    it('a read-back too large for a datagram comes over TCP', async () => {
      const one = nonce()
      const types = ['A', 'AAAA', 'TXT', 'CNAME'] as const
      for (const type of types) await ask(one, type)
      const datagram = await overUdp(dns(), queryBytes({ name: `s-${one}.${ZONE}` }))
      expect(heard(datagram ?? Buffer.alloc(0)).tc).toBe(true)
      const sightings = texts(await ask(`s-${one}`, 'TXT'))
      // unbound's QNAME minimisation asks for A before any other type (RFC 9156 2.1): those are sightings too.
      expect(new Set(sightings.map((strings) => word(strings, 'type')))).toEqual(new Set(types))
    })

    it('a nonce read back too early can be read back later', async () => {
      const one = nonce()
      expect(await ask(`s-${one}`, 'TXT')).toBe('dns-nxdomain')
      await ask(one, 'A')
      await expect.poll(async () => texts(await ask(`s-${one}`, 'TXT')), within).toHaveLength(1)
    })

    it('x- names do not exist, and names beside them still do', async () => {
      expect(await ask(`x-${nonce()}`, 'A')).toBe('dns-nxdomain')
      expect(await ask('x-deep.er', 'A')).toBe('dns-nxdomain')
      expect(texts(await ask('ns', 'A'))).toEqual([['192.0.2.10']])
      expect(texts(await ask('silent', 'A'))).toEqual([['192.0.2.99']])
    })

    it.runIf(kind.mixedCase)(
      'letters in random case are what the text shows and the resolver accepts',
      async () => {
        // 20 letters or more in each name: all of them small in a run of four is no accident.
        const names = []
        for (let times = 0; times < 4; times++) {
          const [strings] = texts(await ask(`${nonce().slice(0, 20)}abcdefabcdef`, 'TXT'))
          names.push(word(strings, 'qname') ?? '')
        }
        expect(names.some((name) => /[A-Z]/.test(name))).toBe(true)
      },
    )

    it('the case that a client asks with comes back to it', async () => {
      const name = `${nonce().toUpperCase()}.B.World.EXAMPLE`
      const answer = await overUdp(resolver.at, queryBytes({ name, flags: 0x0100 }))
      expect(heard(answer ?? Buffer.alloc(0))).toMatchObject({ rcode: 'NOERROR', question: name })
    })

    it('the zone’s own records are found', async () => {
      for (const [type, text] of [
        ['SOA', 'hostmaster.b.world.example'],
        ['NS', 'ns.b.world.example'],
      ] as const) {
        const answer = await overUdp(resolver.at, queryBytes({ name: ZONE, type, flags: 0x0100 }))
        expect(heard(answer ?? Buffer.alloc(0)).answers).toEqual([expect.stringContaining(text)])
      }
    })

    it('the probe resolver-identity learns the resolver’s address by the beacon', async () => {
      const gateway = await startSocksGateway({
        way: (address, port) =>
          address === CLAIMED && port === 53 ? { port: resolver.at.port } : { reply: 4 },
      })
      const world: World = {
        name: 'test',
        gateway: { address: '127.0.0.1', port: gateway.port },
        resolvers: [CLAIMED],
        systemLookup: undefined,
        interfaces: undefined,
        proxy: null,
        tenant: null,
        roots: undefined,
        systemRoots: null,
        endpoints: null,
        echo: null,
        beacon: ZONE,
        clockOffsetMs: 0,
        unknownKeys: [],
      }
      const ports = probePorts({
        world,
        systemResolvers: () => [],
        hostAddresses: () => [],
        lookupsAtOnce: 2,
        clock: systemClock(),
        random: systemRandom,
        policy: policyFor({ beacon: ZONE, echo: null, proxies: [] }),
        roots: rootsFor(world),
      })
      // A name of the zone stands for the warm one: no other name can be resolved here.
      const params = { targets: [{ set: 1, host: `ns.${ZONE}` }] }
      const context = { ports, settings: { ...SETTINGS, beacon: ZONE }, signal: NEVER }
      const outcome = await run(params, context)
      await gateway.close()
      expect(outcome).toMatchObject({ ok: true, result: { method: 'beacon' } })
      if (!outcome.ok) return
      const { system, readBacks, direct } = outcome.result
      expect(system.map((one) => ('address' in one ? one.address : one.failure))).toEqual(
        Array.from({ length: 8 }, () => resolver.source),
      )
      expect(readBacks.map(({ address }) => address)).toEqual([resolver.source])
      // A resolver on a busy machine may ask again: once is not promised, by whom is.
      const sightings = readBacks.flatMap((one) => one.sightings)
      expect(sightings.length).toBeGreaterThan(0)
      for (const sighting of sightings) expect(sighting).toEqual({ ns: resolver.source, ecs: null })
      expect(direct).toHaveLength(1)
      // Three more at a time while times vary, as they may on a busy machine.
      expect(direct[0]?.asked.length).toBeGreaterThanOrEqual(8)
      for (const one of direct[0]?.asked ?? []) expect(one).toMatchObject({ ns: resolver.source, ecs: null })
      expect(direct[0]?.cachedMs).toHaveLength(5)
      expect(direct[0]?.invented).toEqual([])
      expect(direct[0]?.subnet).toBeNull()
    })
  })
}
