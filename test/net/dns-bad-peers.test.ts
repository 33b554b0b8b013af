import { createSocket, type RemoteInfo } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import packet from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/core/failure.ts'
import type { DnsAnswer, DnsQuery } from '../../src/core/ports.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { systemRandom } from '../../src/os/random.ts'
import { dnsReply } from '../support/dns-server.ts'
import { listenOnOnePort } from '../support/port-pair.ts'

/** What a bad server does with each datagram, and with each connection. */
interface Bad {
  udp(bytes: Buffer, send: (reply: Buffer, to?: number) => void, from: RemoteInfo): void
  tcp?(socket: Socket): void
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

/** A server that behaves as told, UDP and TCP on one port; without `tcp` nobody listens there. */
async function start(bad: Bad): Promise<number> {
  const sockets = new Set<Socket>()
  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    bad.tcp?.(socket)
  })
  const udp = createSocket('udp4')
  udp.on('message', (bytes, from) => {
    bad.udp(bytes, (reply, to = from.port) => udp.send(reply, to, from.address), from)
  })
  const port = await listenOnOnePort(tcp, udp)
  const end = () => new Promise((closed) => tcp.close(closed))
  if (bad.tcp === undefined) await end()
  closing.push(
    () => new Promise((closed) => udp.close(() => closed(null))),
    async () => {
      for (const socket of sockets) socket.destroy()
      if (bad.tcp !== undefined) await end()
    },
  )
  return port
}

const NEVER = new AbortController().signal
const ask = (port: number, changes: Partial<DnsQuery> = {}): Promise<Outcome<DnsAnswer>> => {
  const query = { name: 'outlook.office365.com', type: 'A', server: '127.0.0.1', timeoutMs: 5_000 } as const
  return askServer({ dialer: directDialer, random: systemRandom, port }, { ...query, ...changes }, NEVER)
}

/** Short enough to be waited for, long enough for a busy machine to have heard what was sent at once. */
const BRIEF = { timeoutMs: 300 }

const idOf = (bytes: Buffer): number => bytes.readUInt16BE(0)
const reply = (bytes: Buffer, parts: Parameters<typeof dnsReply>[1] = {}): Buffer =>
  dnsReply({ bytes, id: idOf(bytes) }, parts)
const good = (bytes: Buffer, data = '192.0.2.1'): Buffer => {
  const name = packet.decode(bytes).questions?.[0]?.name ?? ''
  return reply(bytes, { answers: [{ type: 'A', name, ttl: 30, data }] })
}
const otherId = (bytes: Buffer, by = 1): Buffer => {
  const copy = Buffer.from(bytes)
  copy.writeUInt16BE((idOf(bytes) + by) & 0xffff, 0)
  return copy
}

describe('servers that are bad over UDP', () => {
  it('one that guesses a hundred ids before the answer comes is counted and does not win', async () => {
    const port = await start({
      udp: (bytes, send) => {
        for (let by = 1; by <= 100; by++) send(otherId(good(bytes, '198.51.100.66'), by))
        send(good(bytes))
      },
    })
    const outcome = await ask(port)
    expect(outcome).toMatchObject({ ok: true, result: { records: [{ data: '192.0.2.1' }] } })
    expect(outcome.ok && outcome.result.strays).toBeGreaterThan(0)
  })

  it('one that answers twice is heard once, and the first answer stands', async () => {
    const port = await start({
      udp: (bytes, send) => {
        send(good(bytes, '192.0.2.1'))
        send(good(bytes, '192.0.2.2'))
      },
    })
    expect(await ask(port)).toMatchObject({ ok: true, result: { records: [{ data: '192.0.2.1' }] } })
  })

  it('one that gives each client the other’s answer first confuses neither', async () => {
    const waiting: { bytes: Buffer; port: number }[] = []
    const port = await start({
      udp: (bytes, send, from) => {
        waiting.push({ bytes, port: from.port })
        const [one, other] = waiting
        if (one === undefined || other === undefined) return
        send(good(other.bytes, '192.0.2.2'), one.port)
        send(good(one.bytes, '192.0.2.1'), other.port)
        send(good(other.bytes, '192.0.2.2'), other.port)
        send(good(one.bytes, '192.0.2.1'), one.port)
      },
    })
    const outcomes = await Promise.all([ask(port, { name: 'one.test' }), ask(port, { name: 'two.test' })])
    for (const outcome of outcomes) {
      expect(outcome.ok && outcome.result.records[0]?.name).toBe(
        outcome === outcomes[0] ? 'one.test' : 'two.test',
      )
      expect(outcome.ok && outcome.result.strays).toBe(1)
    }
  })

  it.each<[what: string, udp: Bad['udp'], failure: string]>([
    ['says nothing', () => {}, 'dns-timeout'],
    ['only echoes the question', (bytes, send) => send(bytes), 'dns-timeout'],
    ['only answers other ids', (bytes, send) => send(otherId(good(bytes))), 'dns-timeout'],
    [
      'gives the answer in two halves',
      (bytes, send) => {
        const whole = good(bytes)
        send(whole.subarray(0, 20))
        send(whole.subarray(20))
      },
      'dns-malformed',
    ],
    ['gives an empty datagram', (_, send) => send(Buffer.alloc(0)), 'dns-malformed'],
    [
      'gives more than anybody needs',
      (bytes, send) => send(Buffer.concat([good(bytes), Buffer.alloc(5_000)])),
      'dns-malformed',
    ],
    [
      'claims 65,535 records',
      (bytes, send) => {
        const lie = good(bytes)
        lie.writeUInt16BE(0xffff, 6)
        send(lie)
      },
      'dns-malformed',
    ],
    [
      'answers in another class',
      (bytes, send) => {
        const query = packet.encode({
          type: 'query',
          id: idOf(bytes),
          questions: [{ type: 'A', name: 'outlook.office365.com', class: 'CH' }],
        })
        send(reply(query))
      },
      'dns-timeout',
    ],
  ])('one that %s is a failure word', async (_, udp, failure) => {
    expect(await ask(await start({ udp }), BRIEF)).toMatchObject({ ok: false, failure })
  })

  it('one that answers for another client subnet than was sent is not believed', async () => {
    const option = (ip: string): packet.Answer => ({
      type: 'OPT',
      name: '.',
      udpPayloadSize: 1232,
      extendedRcode: 0,
      ednsVersion: 0,
      flags: 0,
      flag_do: false,
      options: [
        { code: 8, type: 'CLIENT_SUBNET', ip, family: 1, sourcePrefixLength: 24, scopePrefixLength: 24 },
      ],
    })
    const telling = (ip: string) =>
      start({ udp: (bytes, send) => send(reply(bytes, { additionals: [option(ip)] })) })
    const clientSubnet = '203.0.113.0/24'
    expect(await ask(await telling('198.51.100.0'), { ...BRIEF, clientSubnet })).toMatchObject({
      failure: 'dns-malformed',
    })
    expect(await ask(await telling('203.0.113.0'), { clientSubnet })).toMatchObject({
      ok: true,
      result: { subnetScope: 24 },
    })
  })

  it('one that tells its name in class CH is heard', async () => {
    const port = await start({
      udp: (bytes, send) =>
        send(
          reply(bytes, { answers: [{ type: 'TXT', name: 'id.server', class: 'CH', ttl: 0, data: ['SEA'] }] }),
        ),
    })
    expect(await ask(port, { name: 'id.server', type: 'TXT', chaos: true })).toMatchObject({
      ok: true,
      result: { records: [{ type: 'TXT', data: 'SEA' }] },
    })
  })

  it('one that answers after the end disturbs nobody', async () => {
    const late: (() => void)[] = []
    const port = await start({ udp: (bytes, send) => late.push(() => send(good(bytes))) })
    expect(await ask(port, { timeoutMs: 50 })).toMatchObject({ failure: 'dns-timeout' })
    for (const send of late) send()
    expect((await ask(port, { timeoutMs: 50 })).ok).toBe(false)
  })
})

describe('servers that are bad over TCP', () => {
  const cut: Bad['udp'] = (bytes, send) => send(reply(bytes, { flags: packet.TRUNCATED_RESPONSE }))
  const framed = (message: Buffer): Buffer =>
    Buffer.concat([Buffer.from([message.length >> 8, message.length & 0xff]), message])
  /** Calls back with the question of each connection. */
  const asked = (then: (question: Buffer, socket: Socket) => void) => (socket: Socket) => {
    socket.once('data', (chunk: Buffer) => then(chunk.subarray(2), socket))
  }

  it.each<[what: string, tcp: Bad['tcp'], failure: string]>([
    ['takes the connection and says nothing', () => {}, 'dns-timeout'],
    ['resets at once', (socket) => socket.resetAndDestroy(), 'reset'],
    ['resets at the question', asked((_, socket) => socket.resetAndDestroy()), 'reset'],
    ['closes without a word', asked((_, socket) => socket.end()), 'reset'],
    ['closes after the length', asked((_, socket) => socket.end(Buffer.from([0, 40]))), 'reset'],
    [
      'closes amid the answer',
      asked((bytes, socket) => socket.end(framed(good(bytes)).subarray(0, 30))),
      'reset',
    ],
    [
      'stalls amid the answer',
      asked((bytes, socket) => socket.write(framed(good(bytes)).subarray(0, 30))),
      'dns-timeout',
    ],
    [
      'answers another question first',
      asked((bytes, socket) => {
        socket.write(Buffer.concat([framed(otherId(good(bytes))), framed(good(bytes))]))
      }),
      'dns-malformed',
    ],
    [
      'floods with zeros',
      (socket) => {
        socket.on('drain', () => socket.write(Buffer.alloc(65_536)))
        socket.write(Buffer.alloc(1_048_576))
      },
      'dns-malformed',
    ],
    [
      'says that it is too long there too',
      asked((bytes, socket) => {
        socket.write(framed(reply(bytes, { flags: packet.TRUNCATED_RESPONSE })))
      }),
      'dns-malformed',
    ],
  ])('one that %s is a failure word', async (_, tcp, failure) => {
    const port = await start({ udp: cut, ...(tcp === undefined ? {} : { tcp }) })
    expect(await ask(port, BRIEF)).toMatchObject({ ok: false, failure })
  })

  it('one that does not listen there is refused', async () => {
    expect(await ask(await start({ udp: cut }))).toMatchObject({ ok: false, failure: 'refused' })
  })

  it('one that dribbles byte by byte is waited for', async () => {
    const port = await start({
      udp: cut,
      tcp: asked((bytes, socket) => {
        socket.setNoDelay(true)
        const rest = [...framed(good(bytes))]
        const next = (): void => {
          const byte = rest.shift()
          if (byte !== undefined) socket.write(Buffer.from([byte]), next)
        }
        next()
      }),
    })
    expect(await ask(port)).toMatchObject({ ok: true, result: { transport: 'tcp' } })
  })

  it('one that answers twice is heard once', async () => {
    const port = await start({
      udp: cut,
      tcp: asked((bytes, socket) => {
        socket.write(Buffer.concat([framed(good(bytes)), framed(good(bytes, '192.0.2.2'))]))
      }),
    })
    expect(await ask(port)).toMatchObject({ ok: true, result: { records: [{ data: '192.0.2.1' }] } })
  })
})
