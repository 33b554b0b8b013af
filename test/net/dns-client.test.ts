import { createSocket } from 'node:dgram'
import packet from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/core/failure.ts'
import type { DnsAnswer, RecordType } from '../../src/core/ports.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { resent } from '../../src/net/dns-resend.ts'
import { systemRandom } from '../../src/os/random.ts'
import {
  type DnsAsked,
  type DnsScripted,
  type DnsServer,
  dnsReply,
  startDnsServer,
} from '../support/dns-server.ts'

const servers: DnsServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const NEVER = new AbortController().signal
const NAME = 'outlook.office365.com'
const a = (asked: DnsAsked, data = '192.0.2.1'): packet.Answer => ({
  type: 'A',
  name: asked.name,
  ttl: 30,
  data,
})
const good = (asked: DnsAsked): Buffer => dnsReply(asked, { answers: [a(asked)] })

async function ask(
  script: (asked: DnsAsked) => DnsScripted,
  options: { timeoutMs?: number; type?: RecordType; signal?: AbortSignal; resend?: boolean } = {},
): Promise<{ outcome: Outcome<DnsAnswer>; server: DnsServer }> {
  const server = await startDnsServer(script)
  servers.push(server)
  const { timeoutMs = 5000, type = 'A', signal = NEVER, resend = false } = options
  const client = { dialer: directDialer, random: systemRandom, port: server.port }
  const query = { name: NAME, type, server: server.address, timeoutMs, resend }
  const outcome = await askServer(client, query, signal)
  return { outcome, server }
}

const withId = (bytes: Buffer, id: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy.writeUInt16BE(id, 0)
  return copy
}

describe('askServer', () => {
  it('asks over UDP and gives the records with the time', async () => {
    const { outcome, server } = await ask(good)
    expect(outcome).toMatchObject({
      ok: true,
      result: {
        records: [{ type: 'A', data: '192.0.2.1', ttl: 30 }],
        transport: 'udp',
        strays: 0,
        subnetScope: null,
      },
    })
    expect(outcome.ok && outcome.result.ms).toBeGreaterThan(0)
    expect(server.asked).toHaveLength(1)
  })

  it('uses a new source port and a new id for each query', async () => {
    const server = await startDnsServer(good)
    servers.push(server)
    const client = { dialer: directDialer, random: systemRandom, port: server.port }
    for (let left = 8; left > 0; left--) {
      await askServer(client, { name: NAME, type: 'A', server: '127.0.0.1', timeoutMs: 5000 }, NEVER)
    }
    expect(new Set(server.asked.map(({ port }) => port)).size).toBeGreaterThan(5)
    expect(new Set(server.asked.map(({ id }) => id)).size).toBeGreaterThan(5)
  })

  it('waits on after strays, counts them, and takes the first answer that fits', async () => {
    const { outcome } = await ask((asked) => [
      withId(good(asked), asked.id ^ 1),
      dnsReply({
        ...asked,
        bytes: packet.encode({ type: 'query', id: asked.id, questions: [{ type: 'A', name: 'x.test' }] }),
      }),
      asked.bytes,
      Buffer.from('garbage'),
      good(asked),
      dnsReply(asked, { answers: [a(asked, '198.51.100.99')] }),
    ])
    expect(outcome).toMatchObject({ ok: true, result: { strays: 3, records: [{ data: '192.0.2.1' }] } })
  })

  it('never hears another server', async () => {
    const liar = createSocket('udp4')
    const { outcome } = await ask(
      (asked) => {
        liar.send(good(asked), asked.port, '127.0.0.1')
        return null
      },
      { timeoutMs: 200 },
    )
    liar.close()
    expect(outcome).toEqual({ ok: false, failure: 'dns-timeout' })
  })

  it.each([
    ['NXDOMAIN', 3, 'dns-nxdomain'],
    ['SERVFAIL', 2, 'dns-servfail'],
    ['REFUSED', 5, 'dns-refused'],
    ['NOTIMP', 4, 'dns-error'],
  ])('%s is a failure word', async (_, rcode, failure) => {
    expect((await ask((asked) => dnsReply(asked, { rcode }))).outcome).toMatchObject({ ok: false, failure })
  })

  it('NOERROR without records is an answer', async () => {
    expect((await ask((asked) => dnsReply(asked))).outcome).toMatchObject({
      ok: true,
      result: { records: [] },
    })
  })

  it('says malformed when only nonsense came before the time was up', async () => {
    const { outcome } = await ask((asked) => Buffer.concat([good(asked), Buffer.alloc(1)]), {
      timeoutMs: 200,
    })
    expect(outcome).toMatchObject({ ok: false, failure: 'dns-malformed' })
  })

  it('says refused when nothing listens', async () => {
    const { server } = await ask(good)
    const { port } = server
    await Promise.all(servers.splice(0).map((one) => one.close()))
    const client = { dialer: directDialer, random: systemRandom, port }
    const query = { name: NAME, type: 'A', server: '127.0.0.1', timeoutMs: 5000 } as const
    expect(await askServer(client, query, NEVER)).toMatchObject({ ok: false, failure: 'refused' })
  })

  it('ends when it is told to', async () => {
    const stop = new AbortController()
    const { outcome } = await ask(
      () => {
        stop.abort()
        return null
      },
      { signal: stop.signal },
    )
    expect(outcome).toEqual({ ok: false, failure: 'deadline-passed' })
  })
})

describe('askServer at a server that does not know EDNS', () => {
  const hasEdns = (asked: DnsAsked): boolean => (packet.decode(asked.bytes).additionals ?? []).length > 0
  const bare = (asked: DnsAsked, rcode: number): Buffer =>
    packet.encode({ type: 'response', id: asked.id, flags: rcode, questions: [] })

  it.each<[what: string, refuse: (asked: DnsAsked) => Buffer]>([
    ['FORMERR, a header alone', (asked) => bare(asked, 1)],
    ['NOTIMP, a header alone', (asked) => bare(asked, 4)],
    ['FORMERR with the question', (asked) => dnsReply(asked, { rcode: 1 })],
  ])('asks once more without it after %s', async (_, refuse) => {
    const { outcome, server } = await ask((asked) => (hasEdns(asked) ? refuse(asked) : good(asked)))
    expect(outcome).toMatchObject({ ok: true, result: { records: [{ data: '192.0.2.1' }], strays: 0 } })
    expect(server.asked.map(hasEdns)).toEqual([true, false])
    expect(new Set(server.asked.map(({ id, port }) => `${id} ${port}`)).size).toBe(2)
  })

  it('asks over TCP what is cut without EDNS', async () => {
    const { outcome, server } = await ask((asked) => {
      if (hasEdns(asked)) return bare(asked, 1)
      return asked.transport === 'udp' ? dnsReply(asked, { flags: packet.TRUNCATED_RESPONSE }) : good(asked)
    })
    expect(outcome).toMatchObject({ ok: true, result: { transport: 'tcp' } })
    expect(server.asked.map(hasEdns)).toEqual([true, false, false])
  })

  it.each<[what: string, script: (asked: DnsAsked) => DnsScripted, failure: string, asked: number]>([
    ['the same error again', (asked) => bare(asked, 1), 'dns-error', 2],
    ['silence', (asked) => (hasEdns(asked) ? bare(asked, 1) : null), 'dns-error', 2],
    [
      'NXDOMAIN',
      (asked) => (hasEdns(asked) ? bare(asked, 1) : dnsReply(asked, { rcode: 3 })),
      'dns-nxdomain',
      2,
    ],
    ['a refusal at once', (asked) => bare(asked, 5), 'dns-refused', 1],
  ])('tells what it said last: %s', async (_, script, failure, times) => {
    const { outcome, server } = await ask(script, { timeoutMs: 500 })
    expect(outcome).toMatchObject({ ok: false, failure })
    expect(server.asked).toHaveLength(times)
  })

  it('never asks for a client subnet without it', async () => {
    const server = await startDnsServer((asked) => bare(asked, 1))
    servers.push(server)
    const client = { dialer: directDialer, random: systemRandom, port: server.port }
    const query = { name: NAME, type: 'A', server: server.address, timeoutMs: 5000 } as const
    const outcome = await askServer(client, { ...query, clientSubnet: '203.0.113.0/24' }, NEVER)
    expect(outcome).toMatchObject({ ok: false, failure: 'dns-error' })
    expect(server.asked).toHaveLength(1)
  })
})

describe('askServer for a question that is not timed', () => {
  const resend = true

  it('asks again from another port and with another id when the first was lost', async () => {
    let heard = 0
    const { outcome, server } = await ask((asked) => (++heard === 1 ? null : good(asked)), {
      resend,
      timeoutMs: 1000,
    })
    expect(outcome).toMatchObject({ ok: true, result: { records: [{ data: '192.0.2.1' }] } })
    expect(new Set(server.asked.map(({ port }) => port)).size).toBe(2)
    // Its own time, not that of the one that was lost.
    expect(outcome.ok && outcome.result.ms).toBeLessThan(500)
  })

  it('takes a late answer to the first as well', async () => {
    const first = Promise.withResolvers<Outcome<string>>()
    let tries = 0
    const attempt = (): Promise<Outcome<string>> => {
      tries += 1
      if (tries === 1) return first.promise
      first.resolve({ ok: true, result: 'late' })
      return Promise.resolve({ ok: false, failure: 'dns-timeout' })
    }
    expect(await resent(attempt, 40, NEVER)).toEqual({ ok: true, result: 'late' })
    expect(tries).toBe(2)
  })

  it.each<[what: string, script: (asked: DnsAsked) => DnsScripted, times: number, failure: string]>([
    ['silence', () => null, 2, 'dns-timeout'],
    ['NXDOMAIN', (asked) => dnsReply(asked, { rcode: 3 }), 1, 'dns-nxdomain'],
    ['nonsense', () => Buffer.from('garbage'), 2, 'dns-malformed'],
  ])('sends twice at most: %s', async (_, script, times, failure) => {
    const { outcome, server } = await ask(script, { resend, timeoutMs: 300 })
    expect(outcome).toMatchObject({ ok: false, failure })
    expect(server.asked).toHaveLength(times)
  })

  it('sends once without it, so that loss shows', async () => {
    const { outcome, server } = await ask(() => null, { timeoutMs: 300 })
    expect(outcome).toEqual({ ok: false, failure: 'dns-timeout' })
    expect(server.asked).toHaveLength(1)
  })

  it('ends both when it is told to', async () => {
    const stop = new AbortController()
    let heard = 0
    const { outcome } = await ask(
      () => {
        if (++heard === 2) stop.abort()
        return null
      },
      { resend, signal: stop.signal, timeoutMs: 400 },
    )
    expect(outcome).toEqual({ ok: false, failure: 'deadline-passed' })
  })
})

describe('askServer after truncation', () => {
  const cut = (asked: DnsAsked): Buffer => dnsReply(asked, { flags: packet.TRUNCATED_RESPONSE })
  const overTcp = (tcp: (asked: DnsAsked) => DnsScripted) => (asked: DnsAsked) =>
    asked.transport === 'udp' ? cut(asked) : tcp(asked)
  const framed = (message: Buffer, length = message.length): Buffer =>
    Buffer.concat([Buffer.from([length >> 8, length & 0xff]), message])

  it('asks again over TCP, once', async () => {
    const text = 'x'.repeat(255)
    const { outcome, server } = await ask(
      overTcp((asked) =>
        dnsReply(asked, {
          answers: Array.from(
            { length: 40 },
            () => ({ type: 'TXT', name: asked.name, ttl: 0, data: text }) as const,
          ),
        }),
      ),
      { type: 'TXT' },
    )
    expect(outcome).toMatchObject({ ok: true, result: { transport: 'tcp' } })
    expect(outcome.ok && outcome.result.records).toHaveLength(40)
    expect(server.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
  })

  it.each<[what: string, script: (asked: DnsAsked) => DnsScripted, failure: string]>([
    ['truncation again', cut, 'dns-malformed'],
    ['a length of 0', () => ({ raw: Buffer.from([0, 0]), end: false }), 'dns-malformed'],
    ['a length of 65535', () => ({ raw: Buffer.from([255, 255, 1]), end: false }), 'dns-malformed'],
    ['a close mid-message', (asked) => ({ raw: framed(good(asked), 900), end: true }), 'reset'],
    [
      'a dribble that stops',
      (asked) => ({ raw: framed(good(asked)).subarray(0, 9), end: false }),
      'dns-timeout',
    ],
    ['another id', (asked) => withId(good(asked), asked.id ^ 1), 'dns-malformed'],
    ['NXDOMAIN', (asked) => dnsReply(asked, { rcode: 3 }), 'dns-nxdomain'],
  ])('%s is a failure', async (_, script, failure) => {
    const { outcome } = await ask(overTcp(script), { timeoutMs: 300 })
    expect(outcome).toMatchObject({ ok: false, failure })
  })

  it('takes the first of two messages', async () => {
    const { outcome } = await ask(
      overTcp((asked) => ({
        raw: Buffer.concat([framed(good(asked)), framed(dnsReply(asked))]),
        end: false,
      })),
    )
    expect(outcome).toMatchObject({ ok: true, result: { records: [{ data: '192.0.2.1' }] } })
  })
})
