import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../core/ports.ts'
import type { ChatLog } from '../connector/chat-log.ts'
import { SECURITY_HEADERS } from './reply.ts'

/** A comment this often keeps the connection from looking dead. */
const KEEP_ALIVE_MS = 20_000

export interface Feed {
  /** Sends every change from now on as Server-Sent Events, until the reader leaves. */
  open(req: IncomingMessage, res: ServerResponse): void
  close(): void
}

/** The changes of the chat, as a stream for pages. A page reads the whole state at each (re)connection. */
export function createFeed(log: ChatLog, clock: Pick<Clock, 'after'>): Feed {
  const readers = new Set<ServerResponse>()
  const unfollow = log.follow((change) => {
    for (const res of readers) res.write(`id: ${change.seq}\ndata: ${JSON.stringify(change)}\n\n`)
  })
  let cancel: () => void = () => {}
  const keepAlive = (): void => {
    for (const res of readers) res.write(': still here\n\n')
    cancel = clock.after(KEEP_ALIVE_MS, keepAlive)
  }
  cancel = clock.after(KEEP_ALIVE_MS, keepAlive)
  return {
    open: (_req, res) => {
      res.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' })
      res.write('retry: 1000\n\n')
      readers.add(res)
      res.once('close', () => readers.delete(res))
    },
    close: () => {
      unfollow()
      cancel()
      for (const res of readers) res.end()
    },
  }
}
