import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { directDialer } from '../../src/net/dialer.ts'
import { stunClient } from '../../src/net/stun.ts'
import { encodeRequest, parseStun } from '../../src/net/stun-message.ts'
import { systemRandom } from '../../src/os/random.ts'
import { type StunServer, startStunServer, stunMapped, stunMessage } from '../support/stun-server.ts'

const NEVER = new AbortController().signal
const TRANSACTION = Buffer.from('00112233445566778899aabb', 'hex')
const servers: StunServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function ask(script?: Parameters<typeof startStunServer>[0], timeoutMs = 2000) {
  const server = await startStunServer(script)
  servers.push(server)
  const client = stunClient(directDialer, systemRandom)
  const outcome = await client.binding({ address: '127.0.0.1', port: server.port, timeoutMs }, NEVER)
  return { outcome, server }
}

const refusal = (transaction: Buffer, type: number): Buffer =>
  stunMessage(type, transaction, 0x0009, Buffer.from([0, 0, 4, 1]))

/** The same message as another type. */
const retyped = (bytes: Buffer, type: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy.writeUInt16BE(type, 0)
  return copy
}

describe('a STUN binding', () => {
  it('gives the address that the server saw, which is a new port each time', async () => {
    const first = await ask()
    const port = first.server.asked[0]?.port
    expect(first.outcome).toMatchObject({ ok: true, result: { address: '127.0.0.1', port } })
    expect(first.outcome.ok && first.outcome.result.ms).toBeGreaterThan(0)
    const ports = new Set<number>()
    for (let left = 5; left > 0; left--) {
      const { outcome } = await ask()
      if (outcome.ok && outcome.result.address !== null) ports.add(outcome.result.port)
    }
    expect(ports.size).toBeGreaterThan(2)
  })

  it('asks again when nothing comes, and times the request that was answered', async () => {
    let seen = 0
    const { outcome, server } = await ask(({ transaction, address, port }) => {
      seen += 1
      return seen === 3 ? [stunMapped(transaction, address, port)] : []
    })
    expect(outcome.ok).toBe(true)
    expect(server.asked).toHaveLength(3)
    expect(outcome.ok && outcome.result.ms).toBeLessThan(300)
  })

  it('tries an Allocate after three Bindings without answer; its error is a round trip and no address', async () => {
    const { outcome, server } = await ask(({ method, transaction }) =>
      method === 'allocate' ? [refusal(transaction, 0x0113)] : [],
    )
    expect(server.asked.map(({ method }) => method)).toEqual(['binding', 'binding', 'binding', 'allocate'])
    expect(outcome).toMatchObject({ ok: true, result: { address: null, error: 401 } })
    // The Allocate's own round trip: what went before it is not in it.
    expect(outcome.ok && outcome.result.ms).toBeLessThan(300)
  })

  it('tries an Allocate at once after an error to a Binding', async () => {
    const { outcome, server } = await ask(({ method, transaction }) => [
      refusal(transaction, method === 'allocate' ? 0x0113 : 0x0111),
    ])
    expect(server.asked.map(({ method }) => method)).toEqual(['binding', 'allocate'])
    expect(outcome).toMatchObject({ ok: true, result: { address: null, error: 401 } })
  })

  it('takes no address from an error, whatever stands in it', async () => {
    const { outcome } = await ask(({ method, transaction, address, port }) => [
      retyped(stunMapped(transaction, address, port), method === 'allocate' ? 0x0113 : 0x0111),
    ])
    expect(outcome).toMatchObject({ ok: true, result: { address: null } })
  })

  it('ignores other transactions and nonsense', async () => {
    const { outcome } = await ask(({ transaction, address, port }) => [
      stunMapped(TRANSACTION, '192.0.2.66', 9),
      Buffer.from('nonsense'),
      stunMapped(transaction, address, port),
    ])
    expect(outcome).toMatchObject({ ok: true, result: { address: '127.0.0.1' } })
  })

  it('is a timeout in silence', async () => {
    expect((await ask(() => [], 200)).outcome).toEqual({ ok: false, failure: 'timeout' })
  })
})

describe('parseStun', () => {
  const mapped = stunMapped(TRANSACTION, '203.0.113.9', 50_000)
  /** The sample response of RFC 5769 2.3: 2001:db8:1234:5678:11:2233:4455:6677 port 32853, address attribute only. */
  const sample = stunMessage(
    0x0101,
    Buffer.from('b7e7a701bc34d686fa87dfae', 'hex'),
    0x0020,
    Buffer.from('0002a1470113a9faa5d3f179bc25f4b5bed2b9d9', 'hex'),
  )

  it('reads IPv4 and IPv6', () => {
    expect(parseStun(mapped, TRANSACTION)).toEqual({
      kind: 'mapped',
      mapped: { address: '203.0.113.9', port: 50_000 },
    })
    expect(parseStun(sample, Buffer.from('b7e7a701bc34d686fa87dfae', 'hex'))).toEqual({
      kind: 'mapped',
      mapped: { address: '2001:db8:1234:5678:11:2233:4455:6677', port: 32_853 },
    })
  })

  it('reads a MAPPED-ADDRESS that is not xored, from old servers', () => {
    const old = stunMessage(0x0101, TRANSACTION, 0x0001, Buffer.from([0, 1, 0x0d, 0x96, 192, 0, 2, 5]))
    expect(parseStun(old, TRANSACTION)).toEqual({
      kind: 'mapped',
      mapped: { address: '192.0.2.5', port: 3478 },
    })
  })

  it.each<[what: string, bytes: Buffer, kind: string]>([
    ['nothing', Buffer.alloc(0), 'stray'],
    ['our own request', encodeRequest('binding', TRANSACTION), 'stray'],
    ['another transaction', stunMapped(Buffer.alloc(12), '192.0.2.1', 1), 'stray'],
    ['no magic cookie', Buffer.from(mapped.map((byte, index) => (index === 4 ? 0 : byte))), 'stray'],
    ['bytes after the end', Buffer.concat([mapped, Buffer.alloc(4)]), 'malformed'],
    ['a message cut short', mapped.subarray(0, 28), 'malformed'],
    ['success without address', stunMessage(0x0101, TRANSACTION, 0x8022, Buffer.from('soft')), 'malformed'],
    [
      'an address of another family',
      stunMessage(0x0101, TRANSACTION, 0x0020, Buffer.alloc(8, 7)),
      'malformed',
    ],
    [
      'an error that carries an address',
      stunMessage(0x0111, TRANSACTION, 0x0001, Buffer.from([0, 1, 0x0d, 0x96, 192, 0, 2, 5])),
      'error',
    ],
    ['an error to an Allocate that carries an address', retyped(mapped, 0x0113), 'error'],
    ['an error without code', stunMessage(0x0113, TRANSACTION, 0x8022, Buffer.from('soft')), 'error'],
  ])('%s is %s', (_, bytes, kind) => {
    expect(parseStun(bytes, TRANSACTION).kind).toBe(kind)
  })

  it('never throws, and an address is always an address', () => {
    const head = mapped.subarray(0, 20)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), fc.nat(0xffff), (bytes, framed, type) => {
        const body = Buffer.from(bytes)
        const start = Buffer.from(head)
        if (framed) start.writeUInt16BE(body.length, 2)
        if (type % 3 === 0) start.writeUInt16BE(type, 0)
        const reply = parseStun(Buffer.concat([start, body]), TRANSACTION)
        if (reply.kind !== 'mapped') return
        expect(reply.mapped.address).toMatch(/^[0-9a-f.:]+$/)
        expect(reply.mapped.port).toBeLessThanOrEqual(65_535)
      }),
      { numRuns: 20_000 },
    )
  })
})
