import { encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readQuestion } from '../../../src/local/world/dns-message.ts'
import type { ResolverSpec, WorldSpec } from '../../../src/local/world/spec.ts'
import {
  ask,
  askTcp,
  association,
  least,
  office,
  running,
  SEATTLE_RESOLVER,
  smallWorld,
  texts,
} from './support.ts'

const BEACON = '192.0.2.53'
const LONDON_RESOLVER = '198.51.100.9'
const NXDOMAIN = 3

const withResolver = (resolver: Partial<ResolverSpec>, changes: Partial<WorldSpec> = {}): WorldSpec =>
  smallWorld({ resolvers: [{ address: SEATTLE_RESOLVER, place: 'Seattle', ...resolver }], ...changes })

const rcodeOf = (packet: { flags?: number | undefined }): number => (packet.flags ?? 0) & 15

describe("Microsoft's names", () => {
  it('lead to the door nearest to the resolver, along the recorded chain', async () => {
    const world = await running()
    const answer = await ask(world, 'outlook.office365.com', 'A')
    expect(texts(answer)).toEqual([
      'CNAME outlook.cloud.microsoft',
      'CNAME acdcatm.outlook.mira.tm.svc.cloud.microsoft',
      'CNAME outlook.ms-acdc.office.com',
      'CNAME EAT-efz.ms-acdc.office.com',
      'A 52.97.1.2',
      'A 52.97.1.18',
      'A 52.97.1.34',
      'A 52.97.1.50',
    ])
    const far = await ask(world, 'outlook.office365.com', 'A', { server: LONDON_RESOLVER })
    expect(texts(far)).toContain('CNAME LHR-efz.ms-acdc.office.com')
  })

  it.each([
    ['outlook.office.com', 'CNAME EAT-efz.ms-acdc.office.com'],
    ['outlook.cloud.microsoft', 'CNAME EAT-efz.ms-acdc.office.com'],
    ['eat-efz.ms-acdc.office.com', 'A 52.97.1.2'],
    ['contoso.sharepoint.com', 'A 13.107.136.10'],
    ['contoso-my.sharepoint.com', 'CNAME spo-0004.spo-msedge.net'],
    ['world.tr.teams.microsoft.com', 'CNAME a-tr-teasc-usw2-02.westus2.cloudapp.azure.com'],
  ])('answer %s with %s', async (name, expected) => {
    expect(texts(await ask(await running(), name, 'A'))).toContain(expected)
  })

  it.each([
    ['teams.microsoft.com', /^A 13\.107\.65\./],
    ['login.microsoftonline.com', /^A 20\.20\.33\./],
    ['www.office.com', /^A 13\.107\.246\./],
  ])('give %s an address of its own set', async (name, expected) => {
    expect(texts(await ask(await running(), name, 'A')).join()).toMatch(expected)
  })

  it('have at least two relay addresses', async () => {
    const answer = await ask(await running(), 'world.tr.teams.microsoft.com', 'A')
    expect(texts(answer).filter((text) => text.startsWith('A '))).toEqual(['A 52.113.1.10', 'A 52.115.1.11'])
  })

  it('have no IPv6, and nobody else is known', async () => {
    const world = await running()
    expect(
      texts(await ask(world, 'outlook.office365.com', 'AAAA')).some((text) => text.startsWith('AAAA')),
    ).toBe(false)
    expect(rcodeOf(await ask(world, 'elsewhere.example', 'A'))).toBe(NXDOMAIN)
  })

  it('are clothed for a NAT64 by a resolver that is a DNS64, where they have IPv4 alone', async () => {
    const world = await running(withResolver({ dns64: '2001:db8:64::/96' }))
    expect(texts(await ask(world, 'ipv4only.arpa', 'AAAA'))).toEqual([
      'AAAA 2001:db8:64::c000:aa',
      'AAAA 2001:db8:64::c000:ab',
    ])
    const door = texts(await ask(world, 'outlook.office365.com', 'AAAA'))
    expect(door).toContain('CNAME EAT-efz.ms-acdc.office.com')
    expect(door.filter((text) => text.startsWith('AAAA'))[0]).toBe('AAAA 2001:db8:64::3461:102')
    expect(rcodeOf(await ask(world, 'elsewhere.example', 'AAAA'))).toBe(NXDOMAIN)
    const plain = await running()
    expect(texts(await ask(plain, 'ipv4only.arpa', 'AAAA'))).toEqual([])
    expect(texts(await ask(plain, 'ipv4only.arpa', 'A'))).toEqual(['A 192.0.0.170', 'A 192.0.0.171'])
  })

  it('flap between doors when a world says so', async () => {
    const world = await running(
      withResolver({ doors: ['LHR', 'EAT'], egress: [{ address: '198.51.100.6' }] }),
    )
    const first = await ask(world, 'outlook.office.com', 'A')
    const second = await ask(world, 'outlook.office365.com', 'A')
    expect(texts(first)).toContain('CNAME LHR-efz.ms-acdc.office.com')
    expect(texts(second)).toContain('CNAME EAT-efz.ms-acdc.office.com')
  })

  it('are judged by the client subnet where the authority honours it', async () => {
    const rows = [
      { cidr: '203.0.113.0/28', latitude: 51.5, longitude: -0.1, label: 'London', owner: 'Thames' },
    ]
    const world = await running(
      withResolver(
        { ecs: 'add' },
        { authorityHonoursEcs: true, placeRows: rows, offices: [office({ egress: ['203.0.113.9'] })] },
      ),
    )
    const offices = await ask(world, 'outlook.office365.com', 'A')
    expect(texts(offices)).toContain('CNAME LHR-efz.ms-acdc.office.com')
  })
})

describe('the beacon', () => {
  it('says through a resolver which address asked, and how', async () => {
    const world = await running()
    const answer = await ask(world, 'NonCe7.b.world.example', 'TXT')
    expect(texts(answer)).toEqual([
      `TXT v=1 ns=${SEATTLE_RESOLVER} ecs=- proto=udp do=1 bufsize=1232 qname=NonCe7.b.world.example`,
    ])
    expect(answer.answers?.[0]).toMatchObject({ ttl: 0 })
    expect([answer.flag_aa, answer.flag_ra]).toEqual([false, true])
  })

  it('answers A with the asker and the other family with nothing', async () => {
    const world = await running()
    expect(texts(await ask(world, 'n1.b.world.example', 'A'))).toEqual([`A ${SEATTLE_RESOLVER}`])
    const other = await ask(world, 'n1.b.world.example', 'AAAA')
    expect([rcodeOf(other), texts(other)]).toEqual([0, []])
  })

  it('reads back what it saw of a nonce, and knows nothing of one it did not see', async () => {
    const world = await running()
    await ask(world, 'n2.b.world.example', 'A')
    await ask(world, 'N2.b.world.example', 'AAAA')
    const back = texts(await ask(world, 's-n2.b.world.example', 'TXT'))
    expect(back).toHaveLength(2)
    expect(back[0]).toMatch(new RegExp(`ns=${SEATTLE_RESOLVER} .* qname=n2.b.world.example type=A$`))
    expect(back[1]).toMatch(/type=AAAA$/)
    expect(rcodeOf(await ask(world, 's-never.b.world.example', 'TXT'))).toBe(NXDOMAIN)
  })

  it.each([
    ['ns.b.world.example', 'A', [`A ${BEACON}`]],
    ['silent.b.world.example', 'A', ['A 192.0.2.54']],
    ['ns.b.world.example', 'AAAA', []],
  ])('answers %s %s with %j', async (name, type, expected) => {
    expect(texts(await ask(await running(), name, type))).toEqual(expected)
  })

  it('denies names that begin with x-', async () => {
    expect(rcodeOf(await ask(await running(), 'x-1.b.world.example', 'A'))).toBe(NXDOMAIN)
  })

  it('answers whoever asks it directly with their egress, with authority and without recursion', async () => {
    const answer = await ask(await running(), 'n3.b.world.example', 'TXT', { server: BEACON })
    expect(texts(answer)[0]).toContain('ns=203.0.113.2 ecs=- proto=udp do=0 bufsize=512')
    expect([answer.flag_aa, answer.flag_ra]).toEqual([true, false])
  })

  it('is not there where port 53 is hijacked: a resolver answers, at the silent address too', async () => {
    const world = await running(smallWorld({ offices: [office({ hijackedBy: LONDON_RESOLVER })] }))
    for (const server of [BEACON, '192.0.2.54', SEATTLE_RESOLVER]) {
      const answer = await ask(world, `n4-${server.length}.b.world.example`, 'TXT', { server })
      expect(texts(answer)[0]).toContain(`ns=${LONDON_RESOLVER} `)
      expect([answer.flag_aa, answer.flag_ra]).toEqual([false, true])
    }
  })

  it('sees and repeats a client subnet that a resolver passes on', async () => {
    const world = await running(withResolver({ ecs: 'pass' }))
    const subnet = {
      code: 'CLIENT_SUBNET',
      ip: '192.0.2.0',
      family: 1,
      sourcePrefixLength: 24,
      scopePrefixLength: 0,
    }
    const opt = {
      type: 'OPT',
      name: '.',
      udpPayloadSize: 1400,
      flags: 0,
      extendedRcode: 0,
      ednsVersion: 0,
      flag_do: false,
    }
    const more = { additionals: [{ ...opt, options: [subnet] }] } as never
    const answer = await ask(world, 'n5.b.world.example', 'TXT', { more })
    expect(texts(answer)[0]).toContain('ecs=192.0.2.0/24 ')
    expect(JSON.stringify(answer.additionals)).toContain('"sourcePrefixLength":24')
  })
})

describe('the public whoami names', () => {
  it.each([
    ['o-o.myaddr.l.google.com', 'TXT', `TXT ${SEATTLE_RESOLVER}`],
    ['whoami.akamai.net', 'A', `A ${SEATTLE_RESOLVER}`],
    ['whoami.ds.akahelp.net', 'TXT', `TXT ns ${SEATTLE_RESOLVER}`],
  ])('%s %s names the resolver', async (name, type, expected) => {
    expect(texts(await ask(await running(), name, type))).toContain(expected)
  })
})

describe('resolvers', () => {
  it('answer over TCP, whole where UDP was cut short', async () => {
    const world = await running()
    for (let i = 0; i < 6; i++) await ask(world, 'long.b.world.example', 'A')
    const cut = await ask(world, 's-long.b.world.example', 'TXT')
    expect([cut.flag_tc, texts(cut)]).toEqual([true, []])
    expect(texts(await askTcp(world, 's-long.b.world.example', 'TXT'))).toHaveLength(6)
  })

  it('keep what may be kept: the second answer takes the way to the resolver alone', async () => {
    const world = await running(smallWorld({ anycastMs: 80, offices: [office({ rttMs: { Seattle: 10 } })] }))
    const first = (await ask(world, 'ns.b.world.example', 'A')).ms
    const cached = await least(3, async () => (await ask(world, 'ns.b.world.example', 'A')).ms)
    const nonce = await least(3, async () => (await ask(world, 'n6.b.world.example', 'TXT')).ms)
    expect(first).toBeGreaterThan(88)
    expect(cached).toBeGreaterThan(8)
    expect(cached).toBeLessThan(50)
    expect(nonce).toBeGreaterThan(88)
    expect(nonce).toBeLessThan(130)
  })

  it('hide behind a local forwarder: near in time when cached, far by address and by nonce', async () => {
    const forwarder = {
      address: '10.4.0.53',
      place: 'Seattle',
      office: 'Seattle',
      forwardsTo: LONDON_RESOLVER,
    }
    const base = smallWorld()
    const world = await running({
      ...base,
      resolvers: [...base.resolvers, forwarder],
      rtt: [['Seattle', 'London', 70]],
    })
    const at = { server: forwarder.address }
    const nonce = await ask(world, 'n7.b.world.example', 'TXT', at)
    expect(texts(nonce)[0]).toContain(`ns=${LONDON_RESOLVER} `)
    expect(nonce.ms).toBeGreaterThan(73)
    expect(texts(await ask(world, 'outlook.office365.com', 'A', at))).toContain(
      'CNAME LHR-efz.ms-acdc.office.com',
    )
    expect(await least(3, async () => (await ask(world, 'outlook.office365.com', 'A', at)).ms)).toBeLessThan(
      40,
    )
  })

  it('leave from a pool of addresses in turn', async () => {
    const world = await running(
      withResolver({ egress: [{ address: '198.51.100.6' }, { address: '198.51.100.7' }] }),
    )
    const seen = [
      texts(await ask(world, 'p1.b.world.example', 'A')),
      texts(await ask(world, 'p2.b.world.example', 'A')),
    ]
    expect(seen).toEqual([['A 198.51.100.6'], ['A 198.51.100.7']])
  })

  it('may invent addresses and rewrite NXDOMAIN', async () => {
    const invents = { 'outlook.office365.com': '10.1.1.1' }
    const world = await running(withResolver({ invents, rewritesNxdomain: '203.0.113.200' }))
    expect(texts(await ask(world, 'outlook.office365.com', 'A'))).toEqual(['A 10.1.1.1'])
    expect(texts(await ask(world, 'x-9.b.world.example', 'A'))).toEqual(['A 203.0.113.200'])
  })

  it.each([
    ['refuses', 5],
    ['servfail', 2],
  ] as const)('may be of the kind that %s', async (behaviour, rcode) => {
    const world = await running(withResolver({ behaviour }))
    expect(rcodeOf(await ask(world, 'outlook.office365.com', 'A'))).toBe(rcode)
  })

  it('tell their own name in class CH', async () => {
    const world = await running()
    const packet = encode({
      type: 'query',
      id: 1,
      flags: 0,
      questions: [{ name: 'id.server', type: 'TXT', class: 'CH' }],
    })
    const udp = await association(world)
    const { payload } = await udp.exchange(SEATTLE_RESOLVER, 53, packet)
    udp.close()
    expect(payload.toString('latin1')).toContain('sea1')
  })
})

describe('reading a question', () => {
  const good = encode({ type: 'query', id: 1, flags: 0x100, questions: [{ name: 'a.example', type: 'A' }] })

  it('reads its own kind', () => {
    expect(readQuestion(good, 'udp')).toMatchObject({
      name: 'a.example',
      type: 'A',
      recursionDesired: true,
      proto: 'udp',
    })
  })

  it('never throws and never reads an answer, whatever the bytes', () => {
    const changed = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, value]) => {
      const bytes = Buffer.from(good)
      bytes[at] = value
      return bytes
    })
    const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.oneof(changed, noise), (bytes) => {
        const read = readQuestion(bytes, 'udp')
        if (read !== undefined) expect((bytes[2] ?? 0) & 0x80).toBe(0)
      }),
    )
  })
})
