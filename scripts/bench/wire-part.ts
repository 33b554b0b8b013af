import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import packet from 'dns-packet'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { systemRandom } from '../../src/os/random.ts'
import { dnsReply } from '../../test/support/dns-server.ts'
import { type Part, type Spread, spread } from './numbers.ts'
import { capture, isSkipped, type Packet, type Skipped } from './tools.ts'

/** As far as a resolver in the same city. */
const HELD_MS = 5
const ASKS = 400
const WARM_UP = 20
const TIMEOUT_MS = 2_000

/**
 * What our DNS client reports, less the time between query and answer on the wire: tcpdump on the loopback, with the
 * kernel's own stamps of both packets. One question in flight.
 */
export async function measureWire(): Promise<Part> {
  const bias = await biasAgainstWire()
  return {
    rows: [
      {
        what: 'DNS timing bias, reported less the wire (tcpdump on lo), one in flight',
        measured: isSkipped(bias)
          ? `skipped: ${bias.skipped}`
          : `p50 ${bias.p50} ms, p99 ${bias.p99} ms (${bias.n} samples)`,
        budget: 'p50 <= 0.15 ms, p99 <= 1 ms',
      },
    ],
    numbers: { dnsWireBiasMs: bias },
  }
}

async function biasAgainstWire(): Promise<Spread | Skipped> {
  const server = createSocket('udp4')
  server.on('message', (bytes, from) => {
    const { id = 0, questions } = packet.decode(bytes)
    const name = questions?.[0]?.name ?? ''
    const reply = dnsReply({ bytes, id }, { answers: [{ type: 'A', name, ttl: 30, data: '192.0.2.1' }] })
    setTimeout(() => server.send(reply, from.port, from.address), HELD_MS)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address()
    const wire = await capture(`udp and port ${port}`)
    if (isSkipped(wire)) return wire
    const reported = await ask(port)
    return spread(biases(reported, await wire.stop(), port))
  } finally {
    server.close()
  }
}

/** What the client said of each question, in order. */
async function ask(port: number): Promise<readonly number[]> {
  const client = { dialer: directDialer, random: systemRandom, port }
  const query = {
    name: 'outlook.office365.com',
    type: 'A',
    server: '127.0.0.1',
    timeoutMs: TIMEOUT_MS,
  } as const
  const reported: number[] = []
  for (let at = 0; at < WARM_UP + ASKS; at++) {
    const answer = await askServer(client, query, new AbortController().signal)
    if (!answer.ok) throw new Error(`the bench's own DNS server failed: ${answer.failure}`)
    reported.push(answer.result.ms)
  }
  return reported
}

/** Questions are one in flight and each from a port of its own: the n-th pair on the wire is the n-th question. */
function biases(reported: readonly number[], packets: readonly Packet[], port: number): readonly number[] {
  const sent = packets.filter(({ toPort }) => toPort === port)
  const pairs = sent.map((query) => {
    const answer = packets.find(
      ({ fromPort, toPort, at }) => fromPort === port && toPort === query.fromPort && at >= query.at,
    )
    return answer === undefined ? Number.NaN : answer.at - query.at
  })
  if (pairs.length !== reported.length) {
    throw new Error(`the wire had ${pairs.length} questions, the client asked ${reported.length}`)
  }
  return reported.map((ms, at) => ms - (pairs[at] ?? Number.NaN)).slice(WARM_UP)
}
