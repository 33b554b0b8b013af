import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../core/ports.ts'
import { jsonDepth } from './json-depth.ts'
import { BODY_TIMEOUT_MS, MAX_JSON_DEPTH } from './limits.ts'
import type { ErrorStatus } from './types.ts'

export type BodyRead =
  | { readonly ok: true; readonly value: unknown; readonly raw: Buffer }
  | { readonly ok: false; readonly status: ErrorStatus }

/** `application/json`, alone or with `charset=utf-8`: nothing else is read. */
const JSON_TYPE = /^application\/json(?:\s*;\s*charset=(?:utf-8|"utf-8"))?\s*;?\s*$/i

/**
 * Reads a JSON body: only `application/json` in UTF-8 and without any content coding (415), at most `limitBytes` (413),
 * within 10 s (408), well-formed and at most 32 deep (400). Refuses by the head alone where it can, and asks an
 * `Expect: 100-continue` client for the body only then. A client that goes away in between is a 400 nobody reads.
 */
export async function readJsonBody(
  req: IncomingMessage,
  res: ServerResponse,
  limitBytes: number,
  clock: Pick<Clock, 'after'>,
): Promise<BodyRead> {
  if (req.headers['content-encoding'] !== undefined) return { ok: false, status: 415 }
  if (!JSON_TYPE.test(req.headers['content-type'] ?? '')) return { ok: false, status: 415 }
  if (Number(req.headers['content-length'] ?? 0) > limitBytes) return { ok: false, status: 413 }
  if (/^100-continue$/i.test(req.headers['expect'] ?? '')) res.writeContinue()
  const raw = await collect(req, limitBytes, clock)
  return typeof raw === 'number' ? { ok: false, status: raw } : parseJson(raw)
}

/** Parses bytes as JSON under the same rules of encoding and depth. */
export function parseJson(raw: Buffer): BodyRead {
  try {
    // ignoreBOM keeps a byte order mark in the text, where JSON.parse refuses it.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
    if (jsonDepth(text) > MAX_JSON_DEPTH) return { ok: false, status: 400 }
    return { ok: true, value: JSON.parse(text), raw }
  } catch {
    return { ok: false, status: 400 }
  }
}

function collect(
  req: IncomingMessage,
  limitBytes: number,
  clock: Pick<Clock, 'after'>,
): Promise<Buffer | ErrorStatus> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (result: Buffer | ErrorStatus): void => {
      cancel()
      req.removeListener('data', onData)
      resolve(result)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > limitBytes) settle(413)
      else chunks.push(chunk)
    }
    const cancel = clock.after(BODY_TIMEOUT_MS, () => settle(408))
    req.on('data', onData)
    req.once('end', () => settle(Buffer.concat(chunks)))
    req.once('error', () => settle(400))
    req.once('close', () => settle(400))
  })
}
