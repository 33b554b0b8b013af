import { type Dispatcher, request } from 'undici'
import type { Failure } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'

/** One question to a service whose answer is a small JSON document. */
export interface JsonQuestion {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  /** A form, sent as such. */
  readonly form?: Readonly<Record<string, string>>
  /** For everything: connection, head and body. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** The answer with its status, whatever that is; or the word for why there is none. */
export type JsonAnswer =
  | { readonly ok: true; readonly status: number; readonly value: unknown }
  | { readonly ok: false; readonly failure: Failure }

/** Asks once, follows nothing, reads so much and no more, and is done in time. */
export async function askJson(
  question: JsonQuestion,
  dispatcher: Dispatcher,
  clock: Pick<Clock, 'after'>,
): Promise<JsonAnswer> {
  const aborter = new AbortController()
  const cancel = clock.after(question.timeoutMs, () => aborter.abort())
  const { url, form } = question
  try {
    const answer = await request(url, {
      method: question.method ?? 'GET',
      headers: { accept: 'application/json', ...(form ? FORM : {}), ...question.headers },
      body: form ? new URLSearchParams(form).toString() : null,
      dispatcher,
      signal: aborter.signal,
    })
    const text = await limited(answer.body, question.maxBytes)
    return text === null
      ? { ok: false, failure: 'http-too-large' }
      : { ok: true, status: answer.statusCode, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, failure: failureOf(error) }
  } finally {
    cancel()
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function limited(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop destroys the body and with it the connection.
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const BY_CODE: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  UND_ERR_SOCKET: 'reset',
  ENOTFOUND: 'dns-nxdomain',
  EAI_AGAIN: 'dns-timeout',
  EHOSTUNREACH: 'host-unreachable',
  ENETUNREACH: 'network-unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
}

function failureOf(error: unknown): Failure {
  if (error instanceof SyntaxError) return 'http-malformed'
  const { code, name } = error as { code?: unknown; name?: unknown }
  if (name === 'AbortError') return 'timeout'
  if (typeof code !== 'string') return 'http-malformed'
  return BY_CODE[code] ?? (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code) ? 'tls-failed' : 'http-malformed')
}
