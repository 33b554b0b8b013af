import { isIP } from 'node:net'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { DnsPort } from '../core/ports.ts'
import type { Dialer } from './dialer.ts'
import { askHttp, type HttpAnswer } from './http-request.ts'
import type { CleanRoots } from './public-roots.ts'
import { stampMs } from './stopwatch.ts'
import { shakeHands } from './tls-handshake.ts'
import { WireTap } from './wire-tap.ts'

/** What a document is fetched with. */
export interface FetchOptions {
  readonly dialer: Dialer
  readonly roots: CleanRoots
  readonly lookup: DnsPort['systemLookup']
  /** More than this is `http-too-large`. */
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Gets a document that must be genuine, such as the endpoint list: over https the chain must verify, the whole body must
 * fit, and no redirect is followed. For the runner itself, not for probes: it passes no guard.
 */
export async function fetchDocument(url: URL, options: FetchOptions): Promise<Outcome<HttpAnswer>> {
  const began = stampMs()
  const { dialer, roots, signal, maxBytes } = options
  const left = (): number => Math.max(1, options.timeoutMs - (stampMs() - began))
  const tls = url.protocol === 'https:'
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port)
  const address = await addressOf(host, options.lookup, left, signal)
  if (!address.ok) return address
  const dialed = await dialer.tcp({ address: address.result, port, timeoutMs: left() }, signal)
  if (!dialed.ok) return dialed
  const ask = {
    host,
    port,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    tls,
    maxBytes,
    signal,
  } as const
  if (!tls) return whole(await askHttp(new WireTap(dialed.result.socket), { ...ask, timeoutMs: left() }))
  const hands = { host, roots, smallHello: false, timeoutMs: left(), signal }
  const shaken = await shakeHands(dialed.result.socket, hands)
  if (!shaken.ok) return shaken
  const { socket, verifyError } = shaken.result
  if (verifyError !== null) {
    socket.destroy()
    return failed('tls-failed', verifyError)
  }
  return whole(await askHttp(socket, { ...ask, timeoutMs: left() }))
}

/** IPv4 first; what has no such address is looked up in IPv6. Without either the trouble with IPv4 is told. */
async function addressOf(
  host: string,
  lookup: DnsPort['systemLookup'],
  left: () => number,
  signal: AbortSignal,
): Promise<Outcome<string>> {
  if (isIP(host) !== 0) return done(host)
  const inFamily = async (family: 4 | 6): Promise<Outcome<string>> => {
    const found = await lookup(host, family, left(), signal)
    if (!found.ok) return found
    const [first] = found.result.addresses
    return first === undefined ? failed('dns-empty') : done(first.address)
  }
  const four = await inFamily(4)
  if (four.ok || signal.aborted) return four
  const six = await inFamily(6)
  return six.ok ? six : four
}

function whole(outcome: Outcome<HttpAnswer>): Outcome<HttpAnswer> {
  return outcome.ok && outcome.result.cut ? failed('http-too-large') : outcome
}
