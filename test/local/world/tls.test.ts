import { describe, expect, it } from 'vitest'
import type { DoorSpec, InspectorCa, TlsSpec, TransparentProxySpec } from '../../../src/local/world/spec.ts'
import { http, look, office, running, smallWorld, through } from './support.ts'

const HOST = 'outlook.office365.com'
const DOOR = '52.97.1.2'
const CORPORATE: InspectorCa = { name: 'Corp Gateway CA', organization: 'Corp' }
/** Larger than one segment: what a ClientHello with a post-quantum key share is. */
const LARGE_HELLO = {
  ALPNProtocols: Array.from({ length: 12 }, (_, i) => `${i}`.padEnd(120, 'x')).concat('http/1.1'),
}

const door = (tls: TlsSpec, more: Partial<DoorSpec> = {}) =>
  smallWorld({ doors: [{ code: 'EAT', latitude: 47.4, longitude: -120.21, tls, ...more }] })

const proxied = (proxy: TransparentProxySpec) =>
  smallWorld({ offices: [office({ proxy, rttMs: { EAT: 60 }, egress: ['203.0.113.2'] })] })

describe('front doors', () => {
  it('show their code to anyone, 401 included, behind a chain that ends in the genuine root', async () => {
    const seen = await look(await running(), DOOR, HOST)
    expect([seen.authorized, seen.protocol]).toEqual([true, 'TLSv1.3'])
    expect(seen.chain).toEqual([HOST, 'Microsoft Azure ECC TLS Issuing CA 04', 'World Global Root G2'])
    const { status, headers } = await seen.get('/owa/service.svc')
    expect(status).toBe(401)
    expect(headers).toMatchObject({ 'x-firsthopcafeefz': 'EAT', 'x-feefzinfo': 'EAT' })
    expect(headers['report-to']).toContain('DestinationEndpoint=EAT')
  })

  it('may show another code than the name that led there', async () => {
    const seen = await look(await running(door({}, { headerCode: 'MNZ' })), DOOR, HOST)
    expect((await seen.get('/owa')).headers['x-firsthopcafeefz']).toBe('MNZ')
  })

  it.each([
    ['13.107.136.10', 'contoso.sharepoint.com', 302],
    ['13.107.138.10', 'contoso-my.sharepoint.com', 302],
    ['20.20.33.5', 'login.microsoftonline.com', 200],
  ])('at %s are edges, chosen by where the office leaves', async (address, host, status) => {
    const seen = await look(await running(), address, host)
    const answer = await seen.get('/')
    expect([seen.authorized, answer.status]).toEqual([true, status])
    expect(answer.headers['x-msedge-ref']).toMatch(/^Ref A: [0-9A-F]{32} Ref B: STB01EDGE0816 Ref C: /)
  })

  it('send plain HTTP on to HTTPS', async () => {
    const { status, headers } = await http(await running(), DOOR, HOST, '/owa')
    expect([status, headers['location']]).toEqual([301, `https://${HOST}/owa`])
  })

  it('can leave the intermediate out', async () => {
    const seen = await look(await running(door({ incompleteChain: true })), DOOR, HOST)
    expect([seen.error, seen.chain]).toEqual(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', [HOST]])
  })

  it('can speak TLS 1.2 alone', async () => {
    const seen = await look(await running(door({ onlyTls12: true })), DOOR, HOST)
    expect([seen.authorized, seen.protocol]).toEqual([true, 'TLSv1.2'])
  })

  it('can drop a large ClientHello and take a small one', async () => {
    const world = await running(door({ largestHello: 1400 }))
    const dropped = look(world, DOOR, HOST, LARGE_HELLO).then(
      () => 'answered',
      () => 'gone',
    )
    const small = await look(world, DOOR, HOST, { ecdhCurve: 'X25519' })
    expect(small.authorized).toBe(true)
    await world.close()
    expect(await Promise.race([dropped, Promise.resolve('waiting')])).not.toBe('answered')
  })

  it('can ask for another key share, which costs one more round trip', async () => {
    const slow = (tls: TlsSpec) => ({ ...door(tls), offices: [office({ rttMs: { EAT: 60 } })] })
    const retried = await look(await running(slow({ helloRetry: true })), DOOR, HOST, {
      ecdhCurve: 'X25519:P-384',
    })
    expect(retried.authorized).toBe(true)
    expect(retried.tlsMs).toBeGreaterThan(118)
    // One of several: a busy machine lengthens each, and shortens none.
    const world = await running(slow({}))
    const plain: number[] = []
    for (let left = 5; left > 0; left--)
      plain.push((await look(world, DOOR, HOST, { ecdhCurve: 'X25519:P-384' })).tlsMs)
    expect(Math.min(...plain)).toBeLessThan(115)
  })
})

describe('proxies that nobody configured', () => {
  it('end TCP near by while the handshake takes the far way twice', async () => {
    const world = await running(proxied({ kind: 'terminating', rttMs: 1 }))
    const seen = await look(world, DOOR, HOST)
    expect(seen.connectMs).toBeLessThan(40)
    expect(seen.tlsMs).toBeGreaterThan(118)
    expect([seen.authorized, (await seen.get('/owa')).headers['x-firsthopcafeefz']]).toEqual([true, 'EAT'])
  })

  it('leave other ports and UDP alone', async () => {
    const world = await running(proxied({ kind: 'inspecting', rttMs: 1, ca: CORPORATE }))
    expect(JSON.parse((await http(world, '192.0.2.90', 'echo')).body).address).toBe('203.0.113.2')
  })

  it('inspect with an authority of their own, and hand headers through', async () => {
    const world = await running(proxied({ kind: 'inspecting', rttMs: 1, ca: CORPORATE }))
    const seen = await look(world, DOOR, HOST)
    expect([seen.authorized, seen.error]).toEqual([false, 'SELF_SIGNED_CERT_IN_CHAIN'])
    expect(seen.chain).toEqual([HOST, 'Corp Gateway CA'])
    expect(seen.connectMs).toBeLessThan(40)
    expect(seen.tlsMs).toBeLessThan(50)
    expect((await seen.get('/owa')).headers['x-firsthopcafeefz']).toBe('EAT')
    expect(world.files).toContain('seattle-1-system-roots.pem')
  })

  it("inspect with the genuine issuer's name and another key", async () => {
    const world = await running(proxied({ kind: 'inspecting', rttMs: 1, ca: 'imitates-genuine' }))
    const seen = await look(world, DOOR, HOST)
    expect(seen.authorized).toBe(false)
    expect(seen.issuers[0]).toBe('Microsoft Azure ECC TLS Issuing CA 04')
    expect(seen.chain.slice(0, 2)).toEqual([HOST, 'Microsoft Azure ECC TLS Issuing CA 04'])
  })

  it('make a certificate for whatever host is asked', async () => {
    const world = await running(proxied({ kind: 'inspecting', rttMs: 1, ca: CORPORATE }))
    const seen = await look(world, '13.107.136.10', 'contoso.sharepoint.com')
    expect(seen.chain[0]).toBe('contoso.sharepoint.com')
    expect((await seen.get('/')).headers['x-msedge-ref']).toContain('STB01EDGE')
  })
})

describe('a configured proxy', () => {
  const proxy = { address: '10.4.0.8', port: 3128, office: 'Seattle', resolver: '198.51.100.5' }
  const connectTo = async (spec: ReturnType<typeof smallWorld>, authority: string): Promise<string> => {
    const socket = await through(await running(spec), '10.4.0.8', 3128)
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
    let said = ''
    for await (const chunk of socket) {
      said += chunk
      if (said.includes('\r\n\r\n')) break
    }
    return said.split('\r\n')[0] ?? ''
  }

  it.each([
    ['opens a way to a name', {}, 'outlook.office365.com:443', 'HTTP/1.1 200 Connection established'],
    ['opens a way to an address', {}, '52.97.1.2:443', 'HTTP/1.1 200 Connection established'],
    ['says 502 for a name that is nowhere', {}, 'nowhere.example:443', 'HTTP/1.1 502 Bad Gateway'],
    [
      'may want credentials',
      { refusesWith: 407 },
      '52.97.1.2:443',
      'HTTP/1.1 407 Proxy Authentication Required',
    ],
    ['may forbid', { refusesWith: 403 }, '52.97.1.2:443', 'HTTP/1.1 403 Forbidden'],
    ['may inspect', { inspects: CORPORATE }, '52.97.1.2:443', 'HTTP/1.1 200 Connection established'],
  ] as const)('%s', async (_what, more, authority, expected) => {
    expect(await connectTo(smallWorld({ proxies: [{ ...proxy, ...more }] }), authority)).toBe(expected)
  })
})
