import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { promisify } from 'node:util'
import packet from 'dns-packet'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { systemRandom } from '../../src/os/random.ts'
import { dnsReply } from '../../test/support/dns-server.ts'
import { type Part, round, type Spread, spread } from './numbers.ts'

/** How long the server holds an answer: as far as a resolver in the same city. */
const HELD_MS = 5
const ASKS = 400
const DIG_ASKS = 60
const WARM_UP = 20
const TIMEOUT_MS = 2_000

/**
 * What our DNS client reports, less what the server itself saw between the query's arrival and the answer's departure:
 * the kernel's loopback and our own bias together, so an upper bound of the bias against the wire.
 */
export async function measureDns(): Promise<Part> {
  const server = await startTimedServer()
  try {
    const reported: number[] = []
    const bias: number[] = []
    const client = { dialer: directDialer, random: systemRandom, port: server.port }
    for (let ask = 0; ask < WARM_UP + ASKS; ask++) {
      const query = {
        name: 'outlook.office365.com',
        type: 'A',
        server: '127.0.0.1',
        timeoutMs: TIMEOUT_MS,
      } as const
      const answer = await askServer(client, query, new AbortController().signal)
      if (!answer.ok) throw new Error(`the bench's own DNS server failed: ${answer.failure}`)
      if (ask < WARM_UP) continue
      reported.push(answer.result.ms)
      bias.push(answer.result.ms - (server.held.at(-1) ?? Number.NaN))
    }
    const dig = await askDig(server)
    const ours = spread(bias)
    return {
      rows: [
        {
          what: 'DNS timing bias, reported less what the server saw',
          measured: text(ours),
          budget: 'p50 <= 0.15 ms, p99 <= 1 ms',
        },
        {
          what: 'the same of dig',
          measured: dig === null ? 'no dig here' : text(dig),
          budget: '',
        },
      ],
      numbers: { dnsReportedMs: spread(reported), dnsBiasMs: ours, digBiasMs: dig },
    }
  } finally {
    server.close()
  }
}

const text = ({ p50, p99, n }: Spread) => `p50 ${p50} ms, p99 ${p99} ms (${n} samples)`

interface TimedServer {
  readonly port: number
  /** Milliseconds from each query's arrival to its answer's departure. */
  readonly held: readonly number[]
  close(): void
}

async function startTimedServer(): Promise<TimedServer> {
  const held: number[] = []
  const socket = createSocket('udp4')
  socket.on('message', (bytes, from) => {
    const arrived = performance.now()
    const { id = 0, questions } = packet.decode(bytes)
    const name = questions?.[0]?.name ?? ''
    const answers: packet.Answer[] = [{ type: 'A', name, ttl: 30, data: '192.0.2.1' }]
    const reply = dnsReply({ bytes, id }, { answers })
    setTimeout(() => {
      held.push(performance.now() - arrived)
      socket.send(reply, from.port, from.address)
    }, HELD_MS)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, held, close: () => socket.close() }
}

/** dig's own time in microseconds (`-u`), against the same server. Null without dig. */
async function askDig(server: TimedServer): Promise<Spread | null> {
  const bias: number[] = []
  for (let ask = 0; ask < DIG_ASKS; ask++) {
    try {
      const args = ['-u', '+tries=1', '-p', String(server.port), '@127.0.0.1', 'outlook.office365.com', 'A']
      const { stdout } = await promisify(execFile)('dig', args)
      const usec = /Query time: (\d+) usec/.exec(stdout)?.[1]
      if (usec !== undefined) bias.push(Number(usec) / 1000 - (server.held.at(-1) ?? Number.NaN))
    } catch {
      return null
    }
  }
  return bias.length === 0 ? null : { ...spread(bias), max: round(Math.max(...bias)) }
}
