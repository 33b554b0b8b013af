import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { readText, troubleOf } from '../net/list-fetcher.ts'
import { bundledRoots } from '../net/public-roots.ts'
import { HUB_BODY_LIMIT } from '../wire/limits.ts'
import type { HubSend } from './hub-link.ts'

/** How this machine reaches its hub. */
export interface HttpWay {
  /** Null: direct. */
  readonly proxy: string | null
  /** PEM of roots to trust besides the usual ones; null: none. */
  readonly extraRoots: string | null
}

const CONNECT_MS = 10_000

/** Connections to the hub: TLS is always verified, no redirect is ever followed. */
export function httpDispatcher(way: HttpWay): Dispatcher {
  const ca = way.extraRoots === null ? {} : { ca: [...bundledRoots(), way.extraRoots] }
  const tls = { ...ca, rejectUnauthorized: true }
  if (way.proxy === null) return new Agent({ connect: { ...tls, timeout: CONNECT_MS } })
  return new ProxyAgent({ uri: way.proxy, requestTls: tls, proxyTls: { ...tls, timeout: CONNECT_MS } })
}

/** Sends POSTs to the hub at `origin`. */
export function hubSender(origin: string, dispatcher: Dispatcher): HubSend {
  return async ({ path, body, authorization, timeoutMs, signal }) => {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    try {
      const answer = await request(origin + path, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body,
        signal: ends,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      })
      const text = await readText(answer.body, HUB_BODY_LIMIT)
      if (text === null) return { ok: false, trouble: 'the answer is too large' }
      const { date, 'retry-after': retryAfter } = answer.headers
      return {
        ok: true,
        status: answer.statusCode,
        body: text,
        retryAfterMs: retryAfterMs(retryAfter),
        date: typeof date === 'string' && !Number.isNaN(Date.parse(date)) ? Date.parse(date) : null,
      }
    } catch (error) {
      return { ok: false, trouble: troubleOf(error) }
    }
  }
}

/** Whole seconds only: a date would need a clock that both sides trust. */
function retryAfterMs(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null
}
