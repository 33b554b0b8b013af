import { once } from 'node:events'
import type { IncomingMessage, Server as NodeServer, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import restify from 'restify'
import type { Clock } from '../../core/ports.ts'
import { answer } from './answer.ts'
import {
  CLOSE_GRACE_MS,
  CONNECTIONS_CHECK_MS,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  MAX_CONNECTIONS,
  MAX_HEADERS,
  REQUEST_TIMEOUT_MS,
} from './limits.ts'
import { PortTaken } from './port-taken.ts'
import { judgeHead } from './request-head.ts'
import { serve } from './serve.ts'
import { ERROR_WORDS, type ErrorStatus, type HttpLog, type HubRoute, refusal } from './types.ts'

export interface HubServerOptions {
  /** The address to listen on. With `allowedHosts: 'loopback'` it must be 127.0.0.1. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /**
   * Values of the Host header that are answered, lower case, with the port where it is not the scheme's own.
   * `loopback` (no sign-in): 127.0.0.1 and localhost with the port. `any`: behind a proxy that checks it.
   */
  readonly allowedHosts: 'loopback' | 'any' | readonly string[]
  readonly routes: readonly HubRoute[]
  /** CIDRs of proxies that say in `X-Forwarded-For` who asks; absent: nobody's word counts. */
  readonly trustedProxies?: readonly string[]
  readonly log: HttpLog
  readonly clock: Clock
}

export interface HubServer {
  readonly url: string
  readonly port: number
  /** Refuses new connections, gives open requests a second, aborts and ends the rest. */
  close(): Promise<void>
}

/**
 * Starts the hub's HTTP server. restify routes and nothing more: bodies are read by us, answers written by us, errors
 * are fixed words, and upgrades and absolute targets are not listened to, nor forwarded headers but those of named proxies.
 */
export async function startHubServer(options: HubServerOptions): Promise<HubServer> {
  if (options.allowedHosts === 'loopback' && options.host !== '127.0.0.1') {
    throw new Error('without sign-in the hub listens on 127.0.0.1 only')
  }
  const server = restify.createServer({
    name: '',
    log: quiet as never,
    noWriteContinue: true,
    ignoreTrailingSlash: false,
  } as restify.ServerOptions)
  const node = server.server as NodeServer
  harden(node)
  let hosts: ReadonlySet<string> | undefined
  const open = new Set<AbortController>()
  const { clock, log, trustedProxies = [] } = options

  server.pre((req, res, next) => {
    const status = judgeHead(req, hosts)
    if (status === undefined) return next()
    answer(req, res, refusal(status), clock)
    return next(false)
  })
  for (const route of options.routes) {
    server[registrars[route.method]](route.path, (req, res, next) => {
      void serve(route, req, res, open, { clock, log, trustedProxies }).finally(() => next(false))
    })
  }
  // Everything that restify itself would refuse (404, 405, and whatever it throws) gets our words instead of its own.
  server.on('restifyError', (req: IncomingMessage, res: ServerResponse, error: unknown, done: () => void) => {
    const status = statusOf(error)
    if (status === 500) log.error({ err: error }, 'the HTTP server failed')
    const allow = res.getHeader('allow')
    answer(req, res, refusal(status, typeof allow === 'string' ? { allow } : {}), clock)
    ;(res as { _sent?: boolean })._sent = true
    done()
  })

  // restify repeats the node server's errors; without a listener of its own a taken port would end the process.
  server.on('error', () => {})
  const port = await listen(node, options)
  node.on('error', (error) => log.error({ err: error }, 'the HTTP server failed'))
  hosts = hostsOf(options.allowedHosts, port)
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    close: () => close(node, open, clock),
  }
}

const registrars = {
  GET: 'get',
  HEAD: 'head',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'del',
} as const

/** restify wants a logger of its own; ours hears of what matters in `restifyError`. */
const nothing = (): void => {}
const quiet = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => quiet,
}

function harden(node: NodeServer): void {
  node.requestTimeout = REQUEST_TIMEOUT_MS
  node.headersTimeout = HEADERS_TIMEOUT_MS
  node.keepAliveTimeout = KEEP_ALIVE_MS
  node.maxConnections = MAX_CONNECTIONS
  // One more than allowed is enough to see that there were too many.
  node.maxHeadersCount = MAX_HEADERS + 1
  // Read by Node when it starts to listen; restify passes no options to http.createServer.
  Object.assign(node, { connectionsCheckingInterval: CONNECTIONS_CHECK_MS })
  // restify listens for upgrades without answering them; without a listener Node treats them as plain requests.
  node.removeAllListeners('upgrade')
  node.on('checkExpectation', (_req: IncomingMessage, res: ServerResponse) => {
    res.writeHead(417, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
    res.end(JSON.stringify({ error: ERROR_WORDS[417] }))
  })
  node.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const status =
      error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
    const body = JSON.stringify({ error: ERROR_WORDS[status] })
    socket.end(
      `HTTP/1.1 ${status} ${ERROR_WORDS[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    )
  })
}

function statusOf(error: unknown): ErrorStatus {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode
  return status === 404 || status === 405 ? status : 500
}

async function listen(node: NodeServer, { host, port }: HubServerOptions): Promise<number> {
  node.listen(port, host)
  try {
    await once(node, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTaken(port)
    throw error
  }
  return (node.address() as AddressInfo).port
}

function hostsOf(allowed: HubServerOptions['allowedHosts'], port: number): ReadonlySet<string> | undefined {
  if (allowed === 'any') return undefined
  return new Set(allowed === 'loopback' ? [`127.0.0.1:${port}`, `localhost:${port}`] : allowed)
}

async function close(node: NodeServer, open: ReadonlySet<AbortController>, clock: Clock): Promise<void> {
  if (!node.listening) return
  const closed = once(node, 'close')
  node.close()
  node.closeIdleConnections()
  for (const request of open) request.abort()
  const cancel = clock.after(CLOSE_GRACE_MS, () => node.closeAllConnections())
  await closed
  cancel()
}
