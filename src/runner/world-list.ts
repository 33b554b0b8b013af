import { failed } from '../core/failure.ts'
import type { Dialer } from '../net/dialer.ts'
import { askHttp } from '../net/http-request.ts'
import type { FetchText } from './endpoint-source.ts'

/** A name would need the world's resolvers, which are there to be measured and not to be relied on. */
const LITERAL = /^(\d+(\.\d+){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i

const TIMEOUT_MS = 10_000
const LIST_LIMIT = 5_000_000

/**
 * GETs from a world's endpoint web service, at a claimed literal address through the world's gateway. Plain http: only
 * a world file, which the machine's owner wrote, can lead here.
 */
export function worldListFetcher(base: string, dialer: Dialer): FetchText {
  const url = new URL(base)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? 80 : Number(url.port)
  return async (path, signal) => {
    if (url.protocol !== 'http:' || !LITERAL.test(host)) {
      return failed('not-configured', 'a world serves its list over http at a literal address')
    }
    const dialed = await dialer.tcp({ address: host, port, timeoutMs: TIMEOUT_MS }, signal)
    if (!dialed.ok) return dialed
    const answer = await askHttp(dialed.result.socket, {
      host: url.hostname,
      port,
      path: url.pathname.replace(/\/$/, '') + path,
      method: 'GET',
      tls: false,
      maxBytes: LIST_LIMIT,
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    if (!answer.ok) return answer
    const { status, body, cut } = answer.result
    if (cut) return failed('http-too-large')
    return status === 200 ? { ok: true, result: body } : failed('http-malformed', `status ${status}`)
  }
}
