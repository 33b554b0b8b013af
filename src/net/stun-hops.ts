import { done, failed, type Outcome } from '../core/failure.ts'
import type { DialTarget, Random } from '../core/ports.ts'
import type { Dialer } from './dialer.ts'
import { type Settle, settleOnce } from './settle.ts'
import { encodeRequest, parseStun } from './stun-message.ts'

const TRANSACTION_BYTES = 12
/** Ways on the Internet have about 8 to 20 hops, and hardly ever more than 30. */
const MOST_HOPS = 30
/** Each TTL twice, for one lost datagram would make the way one hop longer. */
const ROUNDS = 2
/** Routers answer few expired datagrams in a row; ours need not be answered, only not be a burst. */
const APART_MS = 10
const LATE_MS = 800

/**
 * Sends Bindings with the TTLs 1 to 30 on one flow and gives the least that was answered. Routers' own answers are not
 * heard by a plain socket and not needed.
 */
export async function countHops(
  dialer: Dialer,
  random: Random,
  target: DialTarget,
  signal: AbortSignal,
): Promise<Outcome<{ readonly hops: number }>> {
  let hear: (bytes: Buffer) => void = () => {}
  const hearing = { heard: (bytes: Buffer) => hear(bytes), broke: () => {} }
  const opened = await dialer.udp(target, hearing, signal)
  if (!opened.ok) return opened
  const channel = opened.result
  const { setTtl } = channel
  if (setTtl === undefined) {
    channel.close()
    return failed('unsupported-probe', 'a gateway sets the TTL of its own datagrams')
  }
  const begin = (settle: Settle<{ readonly hops: number }>): (() => void) => {
    const sent: { readonly ttl: number; readonly transaction: Buffer }[] = []
    let least: number | null = null
    let timer: NodeJS.Timeout | null = null
    hear = (bytes) => {
      for (const { ttl, transaction } of sent) {
        const { kind } = parseStun(bytes, transaction)
        if (kind === 'mapped' || kind === 'error') least = Math.min(ttl, least ?? ttl)
      }
    }
    const finish = (): void => settle(least === null ? failed('timeout') : done({ hops: least }))
    const next = (): void => {
      if (sent.length === ROUNDS * MOST_HOPS) {
        timer = setTimeout(finish, LATE_MS)
        return
      }
      const ttl = 1 + (sent.length % MOST_HOPS)
      const transaction = Buffer.from(random.hex(TRANSACTION_BYTES), 'hex')
      sent.push({ ttl, transaction })
      setTtl(ttl)
      channel.send(encodeRequest('binding', transaction))
      timer = setTimeout(next, APART_MS)
    }
    next()
    return () => {
      if (timer !== null) clearTimeout(timer)
      channel.close()
    }
  }
  // Twice what it takes: only a machine that stands still is later.
  const timeoutMs = 2 * (ROUNDS * MOST_HOPS * APART_MS + LATE_MS)
  return settleOnce({ timeoutMs, signal }, begin, undefined, () => channel.close())
}
