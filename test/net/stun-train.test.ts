import { createSocket } from 'node:dgram'
import { afterEach, describe, expect, it } from 'vitest'
import type { TrainPlan } from '../../src/core/ports.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { gatewayDialer } from '../../src/net/gateway-dialer.ts'
import { stunClient } from '../../src/net/stun.ts'
import { systemRandom } from '../../src/os/random.ts'
import { startSocksGateway } from '../support/socks-gateway.ts'
import {
  type StunAsked,
  type StunServer,
  startStunServer,
  stunMapped,
  stunMessage,
} from '../support/stun-server.ts'
import { type Quirks, startStrangersGateway } from '../worlds/stranger-gateway.ts'

const NEVER = new AbortController().signal
const client = stunClient(directDialer, systemRandom)
const SHORT: TrainPlan = { count: 20, intervalMs: 5, lateMs: 300 }
const closing: StunServer[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()))
})

/** Runs a train against a server that answers the nth datagram as the script says, from 0 on. */
async function against(
  script: (nth: number, ok: Buffer, asked: StunAsked) => readonly Buffer[],
  plan: TrainPlan = SHORT,
) {
  let nth = 0
  const server = await startStunServer((asked) =>
    script(nth++, stunMapped(asked.transaction, asked.address, asked.port), asked),
  )
  closing.push(server)
  const outcome = await client.train({ address: '127.0.0.1', port: server.port, timeoutMs: 500 }, plan, NEVER)
  if (!outcome.ok) throw new Error(outcome.failure)
  return { seen: outcome.result, server }
}

const lostAt = (packets: readonly (number | null)[]): number[] =>
  packets.flatMap((ms, at) => (ms === null ? [at] : []))

describe('a train of Bindings', () => {
  it('times every datagram, from one source port and with a transaction of its own each', async () => {
    const { seen, server } = await against((_, ok) => [ok])
    // On a busy machine it goes on for a while.
    expect(seen.packets.length + seen.blurred).toBe(server.asked.length)
    expect(server.asked.length).toBeGreaterThanOrEqual(20)
    expect(seen).toMatchObject({ reordered: 0, duplicates: 0 })
    expect(lostAt(seen.packets)).toEqual([])
    expect(new Set(server.asked.map(({ port }) => port)).size).toBe(1)
    expect(new Set(server.asked.map(({ transaction }) => transaction.toString('hex'))).size).toBe(
      server.asked.length,
    )
  })

  it('counts what is not answered as lost, where it was lost', async () => {
    const { seen } = await against((nth, ok) => ([0, 3, 4].includes(nth) ? [] : [ok]))
    expect(lostAt(seen.packets)).toHaveLength(3)
    expect(seen.packets[0]).toBeNull()
  })

  it('counts an answer once, and the copies apart', async () => {
    const { seen } = await against((_, ok) => [ok, ok, ok])
    expect(seen.packets.length + seen.blurred).toBeGreaterThanOrEqual(20)
    expect(seen.duplicates).toBeGreaterThanOrEqual(38)
  })

  it('counts answers that overtake each other', async () => {
    let held: Buffer | null = null
    const { seen } = await against((nth, ok) => {
      if (nth === 5) {
        held = ok
        return []
      }
      return nth === 7 && held !== null ? [ok, held] : [ok]
    })
    expect(seen.reordered).toBe(1)
    expect(lostAt(seen.packets)).toEqual([])
  })

  it('holds an answer that comes too late for lost', async () => {
    let held: Buffer | null = null
    const plan = { count: 30, intervalMs: 10, lateMs: 100 }
    const { seen } = await against((nth, ok) => {
      if (nth === 0) {
        held = ok
        return []
      }
      return nth === 25 && held !== null ? [held, ok] : [ok]
    }, plan)
    expect(seen.packets[0]).toBeNull()
    expect(lostAt(seen.packets)).toHaveLength(1)
  })

  it('takes an error to its own transaction for an answer, and nothing else', async () => {
    const { seen } = await against((nth, ok, { transaction }) => [
      Buffer.from('nonsense'),
      stunMapped(Buffer.alloc(12, 7), '192.0.2.1', 9),
      nth % 2 === 0 ? stunMessage(0x0111, transaction, 0x0009, Buffer.from([0, 0, 4, 1])) : ok,
    ])
    expect(lostAt(seen.packets)).toEqual([])
    expect(seen.duplicates).toBe(0)
  })

  it('gives up a destination that answers nothing, long before the train would end', async () => {
    const { seen, server } = await against(() => [], { count: 2_000, intervalMs: 20, lateMs: 800 })
    expect(server.asked.length).toBeLessThanOrEqual(160)
    expect(seen.packets.length).toBeGreaterThan(20)
    expect(seen.packets.every((ms) => ms === null)).toBe(true)
  })

  it('leaves out the times that were taken while this process was busy', async () => {
    const { seen } = await against((nth, ok) => {
      // The server lives in this process: it answers the tenth and then nobody listens for a while.
      if (nth === 10) {
        const until = performance.now() + 120
        while (performance.now() < until);
      }
      return [ok]
    })
    expect(seen.blurred).toBeGreaterThan(0)
    for (const ms of seen.packets) expect(ms).toBeLessThan(100)
  })

  it('holds refused datagrams for unanswered, and opens nothing once it is ended', async () => {
    const socket = createSocket('udp4')
    await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound))
    const { port } = socket.address()
    await new Promise<void>((closed) => socket.close(() => closed()))
    const target = { address: '127.0.0.1', port, timeoutMs: 500 }
    const refused = await client.train(target, { count: 5, intervalMs: 5, lateMs: 50 }, NEVER)
    expect(refused).toMatchObject({ ok: true, result: { packets: [null, null, null, null, null] } })
    const ended = await client.train(target, SHORT, AbortSignal.abort())
    expect(ended).toMatchObject({ ok: false, failure: 'deadline-passed' })
  })
})

describe('a train through a gateway', () => {
  it.each<[what: string, quirks: Quirks]>([
    ['that carries it as it should', {}],
    ['that ends an association after its first answer', { endsControl: 'after-answer' }],
    ['that ends the control connection at once', { endsControl: 'at-once' }],
    ['that has few connections', { endsControl: 'after-answer', most: 4 }],
  ])('%s loses nothing', async (_what, quirks) => {
    const gateway = await startStrangersGateway(
      {
        tcp: () => ({ reply: 5 }),
        udp: () => (payload, reply) => reply(stunMapped(payload.subarray(8, 20), '203.0.113.9', 40_001)),
        rttMs: () => 10,
      },
      quirks,
    )
    const there = stunClient(gatewayDialer({ address: '127.0.0.1', port: gateway.port }), systemRandom)
    const target = { address: '52.112.0.1', port: 3478, timeoutMs: 500 }
    const outcome = await there.train(target, { count: 30, intervalMs: 20, lateMs: 300 }, NEVER)
    await gateway.close()
    if (!outcome.ok) throw new Error(outcome.failure)
    const { packets, blurred } = outcome.result
    expect(lostAt(packets)).toEqual([])
    expect(packets.length + blurred).toBeGreaterThanOrEqual(20)
  })
})

describe('counting hops', () => {
  it('is one to this very machine', async () => {
    const server = await startStunServer()
    closing.push(server)
    const outcome = await client.hops({ address: '127.0.0.1', port: server.port, timeoutMs: 500 }, NEVER)
    expect(outcome).toEqual({ ok: true, result: { hops: 1 } })
  })

  it('is the least TTL that is answered, though one was lost', async () => {
    let nth = 0
    // As if the way had eight hops, and the first datagram that came so far was lost.
    const server = await startStunServer(({ transaction, address, port }) => {
      const ttl = 1 + (nth++ % 30)
      return ttl >= 8 && nth !== 8 ? [stunMapped(transaction, address, port)] : []
    })
    closing.push(server)
    const outcome = await client.hops({ address: '127.0.0.1', port: server.port, timeoutMs: 500 }, NEVER)
    expect(outcome).toEqual({ ok: true, result: { hops: 8 } })
  })

  it('is not counted in a world, whose gateway sets the TTL of its own datagrams', async () => {
    const gateway = await startSocksGateway({ way: (_, port) => ({ port }) })
    const there = gatewayDialer({ address: '127.0.0.1', port: gateway.port })
    const target = { address: '52.112.0.1', port: 3478, timeoutMs: 500 }
    const outcome = await stunClient(there, systemRandom).hops(target, NEVER)
    expect(outcome).toMatchObject({ ok: false, failure: 'unsupported-probe' })
    await gateway.close()
  })

  it('is a timeout in silence', async () => {
    const server = await startStunServer(() => [])
    closing.push(server)
    const outcome = await client.hops({ address: '127.0.0.1', port: server.port, timeoutMs: 500 }, NEVER)
    expect(outcome).toEqual({ ok: false, failure: 'timeout' })
  })
})
