import { createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { askServer } from '../../src/net/dns-client.ts'
import { gatewayDialer } from '../../src/net/gateway-dialer.ts'
import { unwrapDatagram, wrapDatagram } from '../../src/net/socks-datagram.ts'
import { stunClient } from '../../src/net/stun.ts'
import { systemRandom } from '../../src/os/random.ts'
import { dnsReply, startDnsServer } from '../support/dns-server.ts'
import { type GatewayOptions, startSocksGateway, type TestGateway } from '../support/socks-gateway.ts'
import { startStunServer } from '../support/stun-server.ts'

const NEVER = new AbortController().signal
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function gatewayTo(options: GatewayOptions): Promise<TestGateway> {
  const gateway = await startSocksGateway(options)
  closing.push(gateway.close)
  return gateway
}

async function echoServer(): Promise<number> {
  const server: Server = createServer((socket: Socket) => socket.on('error', () => {}).pipe(socket))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closing.push(() => new Promise((closed) => server.close(closed)))
  const bound = server.address()
  return bound !== null && typeof bound === 'object' ? bound.port : 0
}

/** Whether this machine has an IPv6 loopback: some containers have none. */
async function hasIpv6(): Promise<boolean> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen(0, '::1', () => server.close(() => resolve(true)))
  return promise
}
const HAS_IPV6 = await hasIpv6()

const dialerTo = (gateway: TestGateway) => gatewayDialer({ address: '127.0.0.1', port: gateway.port })
const target = { address: '52.96.1.1', port: 443, timeoutMs: 5000 }

describe('gatewayDialer over TCP', () => {
  it('asks for the claimed address and joins to what the gateway opened', async () => {
    const port = await echoServer()
    const gateway = await gatewayTo({ way: () => ({ port }) })
    const dialed = await dialerTo(gateway).tcp(target, NEVER)
    if (!dialed.ok) throw new Error(dialed.failure)
    const { socket } = dialed.result
    socket.write('hello')
    socket.resume()
    const [heard] = await new Promise<Buffer[]>((take) =>
      socket.once('data', (...chunks: Buffer[]) => take(chunks)),
    )
    expect(String(heard)).toBe('hello')
    socket.destroy()
    expect(gateway.requests).toEqual([{ command: 1, address: '52.96.1.1', port: 443 }])
  })

  it('speaks IPv6', async () => {
    const port = await echoServer()
    const gateway = await gatewayTo({ way: () => ({ port }) })
    const dialed = await dialerTo(gateway).tcp({ ...target, address: '2001:db8::7' }, NEVER)
    if (dialed.ok) dialed.result.socket.destroy()
    expect(dialed.ok).toBe(true)
    expect(gateway.requests[0]?.address).toBe('2001:0db8:0000:0000:0000:0000:0000:0007')
  })

  it.skipIf(!HAS_IPV6)('finds localhost in either family', async () => {
    const port = await echoServer()
    const gateway = await gatewayTo({ way: () => ({ port }), host: '::1' })
    const localhost = { address: '127.0.0.1', otherwise: '::1', port: gateway.port }
    const dialed = await gatewayDialer(localhost).tcp(target, NEVER)
    if (dialed.ok) dialed.result.socket.destroy()
    expect(dialed.ok).toBe(true)
    const { otherwise: _, ...only } = localhost
    expect(await gatewayDialer(only).tcp(target, NEVER)).toMatchObject({ ok: false })
  })

  it('times the request to its reply, and nothing before it', async () => {
    const port = await echoServer()
    const gateway = await gatewayTo({ way: () => ({ port }), rttMs: 60 })
    const times: number[] = []
    for (let left = 3; left > 0; left--) {
      const dialed = await dialerTo(gateway).tcp(target, NEVER)
      if (!dialed.ok) throw new Error(dialed.failure)
      times.push(dialed.result.ms)
      dialed.result.socket.destroy()
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(60 - 2)
    expect(Math.min(...times)).toBeLessThan(60 + 40)
  })

  it('keeps bytes that arrive together with the reply', async () => {
    const port = await echoServer()
    const gateway = await gatewayTo({ way: () => ({ port }), early: Buffer.from('early') })
    const dialed = await dialerTo(gateway).tcp(target, NEVER)
    if (!dialed.ok) throw new Error(dialed.failure)
    const { socket } = dialed.result
    await new Promise((later) => setImmediate(later))
    const heard = new Promise<Buffer>((take) => socket.once('data', take))
    socket.resume()
    expect(String(await heard)).toBe('early')
    socket.destroy()
  })

  it.each([
    [1, 'network-unreachable'],
    [2, 'network-unreachable'],
    [3, 'network-unreachable'],
    [4, 'host-unreachable'],
    [5, 'refused'],
    [6, 'timeout'],
    [8, 'network-unreachable'],
  ])('reply %d becomes %s', async (reply, failure) => {
    const gateway = await gatewayTo({ way: () => ({ reply }) })
    expect(await dialerTo(gateway).tcp(target, NEVER)).toMatchObject({ ok: false, failure })
  })

  it('is a timeout when the gateway takes too long, and ends when told to', async () => {
    const gateway = await gatewayTo({ way: () => ({ reply: 5 }), rttMs: 30_000 })
    expect(await dialerTo(gateway).tcp({ ...target, timeoutMs: 100 }, NEVER)).toEqual({
      ok: false,
      failure: 'timeout',
    })
    const soon = AbortSignal.timeout(50)
    expect(await dialerTo(gateway).tcp(target, soon)).toEqual({ ok: false, failure: 'deadline-passed' })
  })

  it('says so when there is no gateway', async () => {
    const gateway = await startSocksGateway({ way: () => ({ reply: 5 }) })
    await gateway.close()
    expect(await dialerTo(gateway).tcp(target, NEVER)).toMatchObject({ failure: 'network-unreachable' })
  })
})

describe('gatewayDialer over UDP', () => {
  it('carries DNS queries, each by an association of its own', async () => {
    const server = await startDnsServer((asked) => dnsReply(asked, { rcode: 3 }))
    closing.push(server.close)
    const gateway = await gatewayTo({ way: () => ({ port: server.port }) })
    const client = { dialer: dialerTo(gateway), random: systemRandom }
    for (const name of ['a.test', 'b.test']) {
      const query = { name, type: 'A', server: '192.0.2.53', timeoutMs: 5000 } as const
      expect(await askServer(client, query, NEVER)).toMatchObject({ failure: 'dns-nxdomain' })
    }
    expect(gateway.requests.map(({ command }) => command)).toEqual([3, 3])
    expect(new Set(server.asked.map(({ port }) => port)).size).toBe(2)
  })

  it('carries the TCP that follows a cut answer', async () => {
    const server = await startDnsServer((asked) =>
      asked.transport === 'udp' ? dnsReply(asked, { flags: 0x200 }) : dnsReply(asked),
    )
    closing.push(server.close)
    const gateway = await gatewayTo({ way: () => ({ port: server.port }) })
    const query = { name: 'a.test', type: 'TXT', server: '192.0.2.53', timeoutMs: 5000 } as const
    const outcome = await askServer({ dialer: dialerTo(gateway), random: systemRandom }, query, NEVER)
    expect(outcome).toMatchObject({ ok: true, result: { transport: 'tcp' } })
    expect(gateway.requests.at(-1)).toEqual({ command: 1, address: '192.0.2.53', port: 53 })
  })

  it('carries STUN with the delay of the path', async () => {
    const server = await startStunServer()
    closing.push(server.close)
    const gateway = await gatewayTo({ way: () => ({ port: server.port }), rttMs: 40 })
    const outcome = await stunClient(dialerTo(gateway), systemRandom).binding(
      { ...target, port: 3478 },
      NEVER,
    )
    expect(outcome).toMatchObject({ ok: true, result: { address: '127.0.0.1' } })
    expect(outcome.ok && outcome.result.ms).toBeGreaterThanOrEqual(40 - 2)
  })

  it('meets silence where there is no server', async () => {
    const gateway = await gatewayTo({ way: () => ({ reply: 4 }) })
    const client = { dialer: dialerTo(gateway), random: systemRandom }
    const query = { name: 'a.test', type: 'A', server: '192.0.2.53', timeoutMs: 100 } as const
    expect(await askServer(client, query, NEVER)).toEqual({ ok: false, failure: 'dns-timeout' })
  })
})

describe('relay datagrams', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6()),
        fc.nat(65_535),
        fc.uint8Array(),
        (address, port, payload) => {
          const wrapped = wrapDatagram({ address, port }, payload)
          const read = wrapped === null ? null : unwrapDatagram(wrapped)
          expect(read?.port).toBe(port)
          expect(read?.payload).toEqual(Buffer.from(payload))
          expect(read === null ? null : wrapDatagram(read, payload)).toEqual(wrapped)
        },
      ),
    )
  })

  it('are never a reason to throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        unwrapDatagram(Buffer.from(bytes))
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    ['a fragment', [0, 0, 1, 1, 1, 2, 3, 4, 0, 53, 9]],
    ['a name', [0, 0, 0, 3, 1, 97, 0, 53, 9]],
    ['a header cut short', [0, 0, 0, 1, 1, 2, 3]],
  ])('%s is dropped', (_, bytes) => {
    expect(unwrapDatagram(Buffer.from(bytes))).toBeNull()
  })
})
