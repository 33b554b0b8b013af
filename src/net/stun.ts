import { done, failed, type Outcome } from '../core/failure.ts'
import type { DialTarget, Random, StunPort, StunSeen } from '../core/ports.ts'
import type { Dialer } from './dialer.ts'
import { type Settle, settleOnce } from './settle.ts'
import { stampMs } from './stopwatch.ts'
import { countHops } from './stun-hops.ts'
import { encodeRequest, parseStun, type StunMethod } from './stun-message.ts'
import { runTrain } from './stun-train.ts'

const TRANSACTION_BYTES = 12
/** A Binding goes out up to three times; what then still says nothing is asked for an Allocate once. */
const BINDINGS = 3
/** RFC 8489 6.2.1's first interval; a path slower than this is still measured, each request has its own stamp. */
const RESEND_MS = 500

interface Sent {
  readonly method: StunMethod
  readonly transaction: Buffer
  readonly at: number
}

/**
 * Asks a STUN server for the address it sees. Every call is a new source port, so a new flow. Every request has a
 * transaction of its own: with RFC 8489's repeated one, an answer could not be timed.
 */
export function stunClient(dialer: Dialer, random: Random): StunPort {
  return {
    binding: (target, signal) => bindingOnce(dialer, random, target, signal),
    train: (target, plan, signal) => runTrain(dialer, random, target, plan, signal),
    hops: (target, signal) => countHops(dialer, random, target, signal),
  }
}

async function bindingOnce(
  dialer: Dialer,
  random: Random,
  target: DialTarget,
  signal: AbortSignal,
): Promise<Outcome<StunSeen>> {
  const began = stampMs()
  let hear: (bytes: Buffer, at: number) => void = () => {}
  let broke: (outcome: Outcome<never>) => void = () => {}
  const hearing = {
    heard: (bytes: Buffer, at: number) => hear(bytes, at),
    broke: (...failure: Parameters<typeof failed>) => broke(failed(...failure)),
  }
  const opened = await dialer.udp(target, hearing, signal)
  if (!opened.ok) return opened
  const channel = opened.result
  const timeoutMs = Math.max(1, target.timeoutMs - (stampMs() - began))
  const begin = (settle: Settle<StunSeen>): (() => void) => {
    const sent: Sent[] = []
    const send = (method: StunMethod): void => {
      const transaction = Buffer.from(random.hex(TRANSACTION_BYTES), 'hex')
      sent.push({ method, transaction, at: channel.send(encodeRequest(method, transaction)) })
    }
    broke = settle
    hear = (bytes, at) => {
      for (const request of sent) {
        const reply = parseStun(bytes, request.transaction)
        if (reply.kind === 'mapped') return settle(done({ ...reply.mapped, ms: at - request.at }))
        if (reply.kind !== 'error') continue
        // A server that refuses Bindings may still answer an Allocate, with an error that proves the path.
        if (request.method === 'allocate')
          return settle(done({ address: null, error: reply.code, ms: at - request.at }))
        if (!sent.some(({ method }) => method === 'allocate')) send('allocate')
      }
    }
    send('binding')
    const interval = setInterval(
      () => {
        if (sent.length < BINDINGS) return send('binding')
        clearInterval(interval)
        if (!sent.some(({ method }) => method === 'allocate')) send('allocate')
      },
      Math.min(RESEND_MS, timeoutMs / (BINDINGS + 2)),
    )
    return () => {
      clearInterval(interval)
      channel.close()
    }
  }
  return settleOnce({ timeoutMs, signal }, begin, undefined, () => channel.close())
}
