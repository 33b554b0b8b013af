import type { IncomingMessage } from 'node:http'
import { MAX_HEADERS } from './limits.ts'
import type { ErrorStatus } from './types.ts'

/** Letters that a path of ours may have; a percent sign only before two hex digits that decode to a plain letter. */
const PLAIN_PATH = /^\/(?:[A-Za-z0-9._~@:-][A-Za-z0-9._~@:/-]*)?$/

/**
 * Judges the head of a request before anything else is done with it: a version without headers (400), too many headers (431), more than one of a header
 * that may come once, an absolute or crooked target (400), a host that is not ours (421). Undefined: go on.
 */
export function judgeHead(
  req: IncomingMessage,
  allowedHosts: ReadonlySet<string> | undefined,
): ErrorStatus | undefined {
  if (req.httpVersion === '0.9') return 400
  if (req.rawHeaders.length / 2 > MAX_HEADERS) return 431
  if (hasDoubled(req.rawHeaders)) return 400
  if (pathOf(req.url ?? '') === undefined) return 400
  const host = req.headers.host?.toLowerCase()
  if (allowedHosts && (host === undefined || !allowedHosts.has(host))) return 421
  return undefined
}

/**
 * The path of a request target, or undefined for one that no route of ours can mean: an absolute URI, `//`, dot
 * segments, a backslash, and any encoded control character, slash or dot.
 */
export function pathOf(target: string): string | undefined {
  const path = target.split('?', 1)[0] ?? ''
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  if (!PLAIN_PATH.test(decoded) || decoded.split('/').length !== path.split('/').length) return undefined
  const segments = decoded.slice(1).split('/')
  const crooked = segments.some(
    (part, at) => part === '.' || part === '..' || (part === '' && at < segments.length - 1),
  )
  return crooked ? undefined : path
}

/** Headers as a map without a prototype, lower-case names, repeated ones joined by ", ". */
export function headerMap(rawHeaders: readonly string[]): Record<string, string | undefined> {
  const map: Record<string, string | undefined> = Object.create(null)
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    const before = map[name]
    map[name] = before === undefined ? value : `${before}, ${value}`
  }
  return map
}

/** Node keeps the first of these and drops the rest; two readers that disagree on which counts are an old attack. */
const ONCE = new Set(['host', 'content-type', 'content-length', 'content-encoding', 'transfer-encoding'])

function hasDoubled(rawHeaders: readonly string[]): boolean {
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    if (ONCE.has(name) && seen.has(name)) return true
    seen.add(name)
  }
  return false
}
