import { done, failed, type Outcome } from '../core/failure.ts'
import type { DnsAnswer, DnsQuery, Random } from '../core/ports.ts'
import type { Dialer } from './dialer.ts'
import { frameReader } from './dns-frame.ts'
import { type Asked, encodeQuery, parseReply, type Reply } from './dns-guard.ts'
import { resent } from './dns-resend.ts'
import { settleOnce } from './settle.ts'
import { socketFailure } from './socket-errors.ts'
import { countdown, stampMs } from './stopwatch.ts'

const DNS_PORT = 53

/** FORMERR and NOTIMP: what servers that do not know EDNS answer to it (RFC 6891 7). */
const WITHOUT_EDNS: ReadonlySet<number> = new Set([1, 4])

/** What a DNS client works with. `port` is for tests on hosts where 53 cannot be had. */
export interface DnsClientOptions {
  readonly dialer: Dialer
  readonly random: Random
  readonly port?: number
}

interface Question {
  readonly bytes: Buffer
  readonly asked: Asked
  readonly server: string
  readonly port: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** A failure that may be for the EDNS in the question. */
interface Unknown {
  readonly unknown: Outcome<never>
}

/**
 * Asks one server one question: over UDP from a fresh port with a random id, and over TCP only when the answer says it
 * was cut. A server that answers EDNS with an error is asked once more without it. NOERROR is an answer, with or without
 * records; every other code is a failure word.
 */
export function askServer(
  options: DnsClientOptions,
  query: DnsQuery,
  signal: AbortSignal,
): Promise<Outcome<DnsAnswer>> {
  const ask = (timeoutMs: number, until: AbortSignal) => askOnce(options, { ...query, timeoutMs }, until)
  return query.resend === true ? resent(ask, query.timeoutMs, signal) : ask(query.timeoutMs, signal)
}

async function askOnce(
  options: DnsClientOptions,
  query: DnsQuery,
  signal: AbortSignal,
): Promise<Outcome<DnsAnswer>> {
  const left = countdown(query.timeoutMs)
  const first = await askWith(options, query, { edns: true, left, signal })
  if (!first.ok || !('unknown' in first.result)) return first as Outcome<DnsAnswer>
  // A subnet cannot be asked for without EDNS: that would be another question.
  if (query.clientSubnet !== undefined) return first.result.unknown
  const plain = await askWith(options, query, { edns: false, left, signal })
  if (plain.ok) return 'unknown' in plain.result ? plain.result.unknown : done(plain.result)
  // Who now says nothing did say something before.
  return plain.failure === 'dns-timeout' ? first.result.unknown : plain
}

/** One question, with what is left of its time. */
async function askWith(
  { dialer, random, port = DNS_PORT }: DnsClientOptions,
  query: DnsQuery,
  {
    edns,
    left,
    signal,
  }: { readonly edns: boolean; readonly left: () => number; readonly signal: AbortSignal },
): Promise<Outcome<DnsAnswer | Unknown>> {
  const encoded = encodeQuery(query, Number.parseInt(random.hex(2), 16), edns)
  if (!encoded.ok) return encoded
  const question = { ...encoded.result, server: query.server, port, timeoutMs: left(), signal }
  const first = await askOverUdp(dialer, question)
  if (!first.ok || first.result !== 'truncated') return first as Outcome<DnsAnswer | Unknown>
  return askOverTcp(dialer, { ...question, timeoutMs: left() })
}

async function askOverUdp(
  dialer: Dialer,
  question: Question,
): Promise<Outcome<DnsAnswer | Unknown | 'truncated'>> {
  const { asked, bytes, signal } = question
  const target = { address: question.server, port: question.port, timeoutMs: question.timeoutMs }
  const began = stampMs()
  let strays = 0
  let nonsense: string | null = null
  const late = (): Outcome<never> =>
    nonsense === null ? failed('dns-timeout') : failed('dns-malformed', nonsense)
  let hear: (bytes: Buffer, at: number) => void = () => {}
  let broke: (outcome: Outcome<never>) => void = () => {}
  const opened = await dialer.udp(
    target,
    {
      heard: (datagram, at) => hear(datagram, at),
      broke: (failure, detail) => broke(failed(failure, detail)),
    },
    signal,
  )
  if (!opened.ok) return opened.failure === 'timeout' ? failed('dns-timeout') : opened
  const channel = opened.result
  return settleOnce<DnsAnswer | Unknown | 'truncated'>(
    { timeoutMs: Math.max(1, question.timeoutMs - (stampMs() - began)), signal },
    (settle) => {
      broke = settle
      let sentAt = 0
      hear = (datagram, at) => {
        const reply = parseReply(datagram, asked, 'udp')
        // Whoever sends garbage or guesses must not end the wait for the real answer (RFC 5452).
        if (reply.kind === 'stray') strays += 1
        else if (reply.kind === 'malformed') nonsense = reply.why
        else if (reply.kind === 'failed' && WITHOUT_EDNS.has(reply.rcode))
          settle(done({ unknown: failed(reply.failure, reply.detail) }))
        else settle(outcomeOf(reply, at - sentAt, strays, 'udp'))
      }
      sentAt = channel.send(bytes)
      return () => channel.close()
    },
    late,
    () => channel.close(),
  )
}

async function askOverTcp(dialer: Dialer, question: Question): Promise<Outcome<DnsAnswer>> {
  const { asked, bytes, signal, timeoutMs } = question
  const began = stampMs()
  const dialed = await dialer.tcp({ address: question.server, port: question.port, timeoutMs }, signal)
  if (!dialed.ok) return dialed.failure === 'timeout' ? failed('dns-timeout', 'over TCP') : dialed
  const { socket } = dialed.result
  return settleOnce<DnsAnswer>(
    { timeoutMs: Math.max(1, timeoutMs - (stampMs() - began)), signal },
    (settle) => {
      const frames = frameReader()
      let firstAt: number | null = null
      let sentAt = 0
      socket.on('data', (chunk: Buffer) => {
        firstAt ??= stampMs()
        const frame = frames.take(chunk)
        if (frame.state === 'more') return
        if (frame.state === 'refused') return settle(failed('dns-malformed', frame.why))
        const reply = parseReply(frame.message, asked, 'tcp')
        if (reply.kind === 'stray' || reply.kind === 'malformed') settle(failed('dns-malformed', reply.why))
        else if (reply.kind === 'truncated') settle(failed('dns-malformed', 'truncated over TCP'))
        else settle(outcomeOf(reply, firstAt - sentAt, 0, 'tcp') as Outcome<DnsAnswer>)
      })
      socket.on('error', (error) => settle(socketFailure(error)))
      socket.on('close', () => settle(failed('reset', 'closed before the answer was whole')))
      const framed = Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
      sentAt = stampMs()
      socket.write(framed)
      socket.resume()
      return () => socket.destroy()
    },
    () => failed('dns-timeout', 'over TCP'),
    () => socket.destroy(),
  )
}

function outcomeOf(
  reply: Exclude<Reply, { kind: 'stray' | 'malformed' }>,
  ms: number,
  strays: number,
  transport: 'udp' | 'tcp',
): Outcome<DnsAnswer | 'truncated'> {
  if (reply.kind === 'truncated') return done('truncated')
  if (reply.kind === 'failed') return failed(reply.failure, reply.detail)
  const { records, flags, subnetScope } = reply
  return done({ records, flags, subnetScope, transport, ms, strays })
}
