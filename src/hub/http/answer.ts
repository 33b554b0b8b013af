import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../core/ports.ts'
import { DRAIN_BYTES, DRAIN_MS } from './limits.ts'
import type { HubResponse } from './types.ts'

/** Answers are for programs and for one reader: never kept, never guessed at. */
const COMMON = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * Writes an answer. Where the request's body was not read to its end, the connection is closed after it, and the rest
 * of the body is dropped first: closing with unread bytes would reset the connection and take the answer with it.
 */
export function answer(
  req: IncomingMessage,
  res: ServerResponse,
  response: HubResponse,
  clock: Pick<Clock, 'after'>,
): void {
  if (res.headersSent || res.destroyed) return
  const unread = !req.complete && hasBody(req)
  const { type, bytes } = contentOf(response)
  const silent = response.status === 204 || response.status === 304
  res.writeHead(response.status, {
    ...COMMON,
    ...response.headers,
    ...(silent ? {} : { 'content-length': String(bytes.length) }),
    ...(bytes.length === 0 ? {} : { 'content-type': type }),
    ...(unread ? { connection: 'close' } : {}),
  })
  if (!unread) {
    res.end(silent || req.method === 'HEAD' ? undefined : bytes)
    return
  }
  res.write(bytes)
  drain(req, () => res.end(), clock)
}

function contentOf({ body, content }: HubResponse): { readonly type: string; readonly bytes: Uint8Array } {
  if (content !== undefined) return content
  const text = body === undefined ? '' : JSON.stringify(body)
  return { type: 'application/json; charset=utf-8', bytes: Buffer.from(text, 'utf8') }
}

function hasBody(req: IncomingMessage): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0
}

function drain(req: IncomingMessage, finish: () => void, clock: Pick<Clock, 'after'>): void {
  let dropped = 0
  let done = false
  const settle = (): void => {
    if (done) return
    done = true
    cancel()
    finish()
  }
  const cancel = clock.after(DRAIN_MS, settle)
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length
    if (dropped > DRAIN_BYTES) settle()
  })
  req.once('end', settle)
  req.once('close', settle)
  req.resume()
}
