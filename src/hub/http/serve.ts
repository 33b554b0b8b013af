import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../core/ports.ts'
import { answer } from './answer.ts'
import { clientAddress } from './client-address.ts'
import { MAX_BODY_BYTES } from './limits.ts'
import { readJsonBody } from './read-body.ts'
import { headerMap, pathOf } from './request-head.ts'
import { type HttpLog, type HubRequest, type HubRoute, refusal } from './types.ts'

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

export interface ServeParts {
  readonly clock: Clock
  readonly log: HttpLog
  /** CIDRs of the proxies whose word about the client counts. */
  readonly trustedProxies: readonly string[]
}

/** Takes one request through its route: body, handler, answer. Never rejects. `open` holds it until its connection ends. */
export async function serve(
  route: HubRoute,
  req: IncomingMessage & { params?: Record<string, string> },
  res: ServerResponse,
  open: Set<AbortController>,
  { clock, log, trustedProxies }: ServeParts,
): Promise<void> {
  const gone = new AbortController()
  open.add(gone)
  res.once('close', () => {
    open.delete(gone)
    if (!res.writableFinished) gone.abort()
  })
  try {
    const body = WITH_BODY.has(route.method)
      ? await readJsonBody(req, res, route.limitBytes ?? MAX_BODY_BYTES, clock)
      : NO_BODY
    if (!body.ok) {
      answer(req, res, refusal(body.status), clock)
      return
    }
    const request: HubRequest = {
      body: body.value,
      rawBody: body.raw,
      headers: headerMap(req.rawHeaders),
      path: pathOf(req.url ?? '') ?? '/',
      params: { ...req.params },
      remoteAddress: clientAddress(req, trustedProxies),
      signal: gone.signal,
    }
    answer(req, res, await route.handle(request), clock)
  } catch (error) {
    log.error({ err: error, route: `${route.method} ${route.path}` }, 'a route failed')
    answer(req, res, refusal(500), clock)
  }
}

const NO_BODY = { ok: true, value: undefined, raw: Buffer.alloc(0) } as const
