import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../core/ports.ts'
import { PortTaken } from '../../hub/http/port-taken.ts'
import { readJsonBody } from '../../hub/http/read-body.ts'
import { createChatLog } from '../connector/chat-log.ts'
import { createHubClient } from '../connector/hub-client.ts'
import { answerConnector } from '../connector/routes.ts'
import { readAssets } from './assets.ts'
import { createFeed } from './feed.ts'
import { createPageApi } from './page-api.ts'
import { reply, SECURITY_HEADERS } from './reply.ts'

export interface ChatServerOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** The hub's messaging endpoint, e.g. `http://127.0.0.1:3978/api/messages`. */
  readonly hubUrl: string
  /** Sentences offered under the compose box. */
  readonly suggestions: readonly string[]
  readonly clock: Clock
}

export interface ChatServer {
  /** Where the chat page is. */
  readonly url: string
  readonly port: number
  /** The service URL that activities carry: where the hub answers to. */
  readonly connectorUrl: string
  close(): Promise<void>
}

/** Cards are 100 KB at most; the refusal of larger ones is the connector's own. */
const MAX_BODY_BYTES = 1024 * 1024

/**
 * Starts the chat of local mode: the page, the stand-in Teams connector and the feed of changes, in one server on
 * 127.0.0.1. It answers to its own names only, so that no other web page can reach it through a name that leads here.
 */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const assets = await readAssets()
  const log = createChatLog(options.clock.now)
  const feed = createFeed(log, options.clock)
  const server = createServer()
  const port = await listen(server, options.port)
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  const url = `http://127.0.0.1:${port}`
  const connectorUrl = `${url}/connector`
  const hub = createHubClient(options.hubUrl, connectorUrl, options.clock.now)
  const api = createPageApi({ log, hub, suggestions: options.suggestions })

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/'
    if (!hosts.has(req.headers.host ?? '')) return reply(res, 421, { error: 'wrong-host' })
    if (req.method === 'GET') {
      const asset = assets.get(path)
      if (asset) {
        res.writeHead(200, { ...SECURITY_HEADERS, 'content-type': asset.type })
        res.end(asset.bytes)
        return
      }
      if (path === '/api/state') return reply(res, 200, api.state())
      if (path === '/api/events') return feed.open(req, res)
    }
    const hasBody = req.method === 'POST' || req.method === 'PUT'
    const read = hasBody ? await readJsonBody(req, res, MAX_BODY_BYTES, options.clock) : NO_BODY
    if (!read.ok) return reply(res, read.status, { error: 'bad-request' })
    if (path.startsWith('/connector/')) {
      const answer = answerConnector(log, req.method ?? '', path.slice('/connector'.length), read.value)
      return reply(res, answer.status, answer.body)
    }
    if (req.method === 'POST' && path === '/api/say') return reply(res, 200, await api.say(read.value))
    if (req.method === 'POST' && path === '/api/press') return reply(res, 200, await api.press(read.value))
    return reply(res, 404, { error: 'not-found' })
  }
  server.on('request', (req, res) => {
    // What can be wrong here is the input of a program on this machine: a bad escape, a body of another shape.
    handle(req, res).catch(() => reply(res, 400, { error: 'bad-request' }))
  })

  return {
    url,
    port,
    connectorUrl,
    close: async () => {
      feed.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const NO_BODY = { ok: true, value: undefined, raw: Buffer.alloc(0) } as const

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTaken(port)
    throw error
  }
  return (server.address() as AddressInfo).port
}
