import { type Dispatcher, request } from 'undici'
import { done, failed, type Outcome } from '../core/failure.ts'

/** The list is about 80 KB; more than this is something else. */
export const LIST_LIMIT = 5_000_000
/** From the first byte sent to the last received: a web service that dribbles is in trouble like a silent one. */
export const LIST_TIMEOUT_MS = 10_000
/** RFC 6585: too many requests. Microsoft's web service then wants an hour of silence. */
const TOO_MANY = 429

/** How the web service is reached. */
export interface ListWay {
  /** By default direct, with TLS verified against Node's roots. */
  readonly dispatcher?: Dispatcher
  /** {@link LIST_TIMEOUT_MS} if not given. */
  readonly timeoutMs?: number
}

/** GETs from the endpoint web service at `base`: TLS verified, no redirect followed, bounded in size and time. */
export function listFetcher(
  base: string,
  { dispatcher, timeoutMs = LIST_TIMEOUT_MS }: ListWay = {},
): (path: string, signal: AbortSignal) => Promise<Outcome<string>> {
  const origin = base.replace(/\/$/, '')
  return async (path, signal) => {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    try {
      const way = dispatcher === undefined ? {} : { dispatcher }
      const answer = await request(origin + path, { ...way, method: 'GET', signal: ends })
      const text = await readText(answer.body, LIST_LIMIT)
      return text === null ? failed('http-too-large') : wholeAnswer(answer.statusCode, text)
    } catch (error) {
      return failed(ends.aborted ? 'timeout' : 'host-unreachable', troubleOf(error))
    }
  }
}

/** The text of an answer of the web service, or the word for why it is none. Only 200 is one: a redirect is refused. */
export function wholeAnswer(status: number, text: string): Outcome<string> {
  if (status === 200) return done(text)
  return failed(status === TOO_MANY ? 'http-busy' : 'http-malformed', `status ${status}`)
}

/** A body as text; null when it is longer than `limit` bytes, and then the rest is not read. */
export async function readText(body: Dispatcher.ResponseData['body'], limit: number): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A word for the log: an error's code, never its text, which may quote a URL with a password. */
export function troubleOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error'
  const cause = error.cause instanceof Error ? error.cause : error
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}
