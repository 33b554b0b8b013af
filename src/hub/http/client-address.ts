import type { IncomingMessage } from 'node:http'
import { anyHolds, parseIp } from '../../core/cidr.ts'

/** More hops than any chain of proxies has; what lies behind them is not looked at. */
const MAX_HOPS = 20

/**
 * Who asks: the other end of the connection, or, as long as that is a proxy that the configuration names, the last entry
 * of `X-Forwarded-For`, which that proxy wrote. Entries before the first address that is no such proxy are the client's
 * own words and never count. An entry that is no address ends the chain at the proxy before it.
 */
export function clientAddress(
  req: Pick<IncomingMessage, 'headers' | 'socket'>,
  trustedProxies: readonly string[],
): string {
  let address = plain(req.socket.remoteAddress ?? '')
  if (trustedProxies.length === 0) return address
  const forwarded = req.headers['x-forwarded-for']
  // Node joins repeated headers of this name in the order in which they came.
  const said = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? ''))
    .split(',')
    .slice(-MAX_HOPS)
  for (const entry of said.reverse()) {
    if (!anyHolds(trustedProxies, address)) return address
    const next = withoutPort(entry.trim())
    if (parseIp(next) === null) return address
    address = plain(next)
  }
  return address
}

/** Some proxies write the port along: `203.0.113.7:51000`, `[2001:db8::1]:51000`. */
function withoutPort(entry: string): string {
  const [, six] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(entry) ?? []
  if (six !== undefined) return six
  return /^\d+(\.\d+){3}:\d{1,5}$/.test(entry) ? entry.slice(0, entry.lastIndexOf(':')) : entry
}

/** An IPv4 address that came in by a socket of both families, as the IPv4 address that it is. */
function plain(address: string): string {
  const [, four] = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address) ?? []
  return four ?? address.toLowerCase()
}
