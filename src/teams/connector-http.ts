import { HttpHeaders } from 'botbuilder-stdlib/lib/azureCoreHttpCompat.js'
import type { ConnectorClientOptions } from 'botframework-connector'
import { type Dispatcher, request } from 'undici'
import { z } from 'zod'
import type { NotSent } from '../core/chat.ts'
import type { Clock } from '../core/ports.ts'
import { parseRetryAfter } from './retry-after.ts'

/** Teams answers within a second or two; ten are its worst day, and as long again for a body that trickles. */
export const HEAD_TIMEOUT_MS = 10_000
export const BODY_TIMEOUT_MS = 10_000

/** Answers are an id, or a list of members by the page. */
const MAX_ANSWER_BYTES = 1024 * 1024

/** What became of a request, as an exception that the SDK's retry policies do not know and therefore leave alone. */
export class ConnectorFault extends Error {
  override readonly name = 'ConnectorFault'
  readonly outcome: NotSent
  /** The platform's own word for a refusal, as `ConversationNotFound`; empty without one, null when it was not asked. */
  readonly code: string | null

  constructor(outcome: NotSent, code: string | null = null) {
    super(outcome.outcome === 'refused' ? `the connector answered ${outcome.status}` : outcome.why)
    this.outcome = outcome
    this.code = code
  }
}

type HttpClient = NonNullable<ConnectorClientOptions['httpClient']>

/**
 * The HTTP client that the SDK's connector is given in place of its own, which has no timeout, reads without end and
 * repeats a POST after a 5xx (so that a card stands in the chat four times). This one asks once, follows nothing,
 * reads 1 MB at most, and throws {@link ConnectorFault} for whatever is not a success.
 */
export function connectorHttp(dispatcher: Dispatcher, clock: Clock): HttpClient {
  return {
    async sendRequest(asked) {
      const aborter = new AbortController()
      let cancel = clock.after(HEAD_TIMEOUT_MS, () => aborter.abort())
      try {
        const answer = await request(asked.url, {
          method: asked.method as Dispatcher.HttpMethod,
          headers: asked.headers.rawHeaders(),
          body: asked.body ?? null,
          dispatcher,
          signal: aborter.signal,
        })
        cancel()
        cancel = clock.after(BODY_TIMEOUT_MS, () => aborter.abort())
        const refusal = judge(answer.statusCode, answer.headers['retry-after'], clock.now())
        if (refusal) {
          const code = answer.statusCode === 404 ? await codeIn(answer.body) : ''
          answer.body.on('error', () => {}).destroy()
          throw new ConnectorFault(refusal, code)
        }
        const bodyAsText = await limited(answer.body)
        if (!isJsonOrEmpty(bodyAsText)) {
          throw new ConnectorFault({ outcome: 'unknown', why: 'the answer made no sense' })
        }
        return { request: asked, status: answer.statusCode, headers: compat(answer.headers), bodyAsText }
      } catch (error) {
        throw error instanceof ConnectorFault ? error : new ConnectorFault(troubleOf(error))
      } finally {
        cancel()
      }
    },
  }
}

/** 408 and 5xx come from in between as well, after the message was posted: nobody knows. Other non-successes are a no. */
function judge(status: number, retryAfter: string | string[] | undefined, now: number): NotSent | undefined {
  if (status >= 200 && status < 300) return undefined
  const retryAfterMs = parseRetryAfter(retryAfter, now)
  if (status !== 408 && status < 500) return { outcome: 'refused', status, retryAfterMs }
  const why = `the connector answered ${status}`
  return retryAfterMs === null ? { outcome: 'unknown', why } : { outcome: 'unknown', why, retryAfterMs }
}

const refusalBody = z.object({ error: z.object({ code: z.string().max(100) }) })

/** The word for what was not found: a message, or the whole conversation. A body that does not say stays without one. */
async function codeIn(body: AsyncIterable<Buffer>): Promise<string> {
  try {
    return refusalBody.parse(JSON.parse(await limited(body))).error.code
  } catch {
    return ''
  }
}

/** These mean that no connection was made, so nothing was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function troubleOf(error: unknown): NotSent {
  const { code, name } = error as { code?: unknown; name?: unknown }
  if (typeof code === 'string' && NEVER_SENT.has(code))
    return { outcome: 'refused', status: 0, retryAfterMs: null }
  if (name === 'AbortError') return { outcome: 'unknown', why: 'no answer in time' }
  return { outcome: 'unknown', why: 'the connection was cut' }
}

async function limited(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop destroys the body and with it the connection.
    if (size > MAX_ANSWER_BYTES)
      throw new ConnectorFault({ outcome: 'unknown', why: 'the answer was too large' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The SDK would throw an error of its own for anything else. */
function isJsonOrEmpty(text: string): boolean {
  if (text === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function compat(headers: Record<string, string | string[] | undefined>): HttpHeaders {
  return new HttpHeaders(
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
    ),
  )
}
