import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../src/core/ports.ts'

/** What the connector does with one request. Those that take the message show it in the chat, whatever is answered. */
export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      readonly takes?: boolean
    }
  | {
      readonly kind:
        | 'reset before'
        | 'reset after'
        | 'cut in the answer'
        | 'silent'
        | 'endless answer'
        | 'too much'
    }
  | { readonly kind: 'says'; readonly text: string }

export interface AskedOf {
  readonly method: string
  readonly url: string
  /** By the clock under test, ms. */
  readonly at: number
}

/** A real HTTP server in Teams' place, which fails as it is told to. */
export interface FaultConnector {
  readonly url: string
  readonly asked: readonly AskedOf[]
  /** Messages that stand in the chat, by the text of their summary: a post that was taken twice stands twice. */
  readonly standing: readonly string[]
  /** Requests that are held without an answer. */
  readonly held: number
  /** The next requests fail so, one after another; then all succeed. */
  fail(faults: readonly Fault[]): void
  close(): Promise<void>
}

/** Bytes of an answer that no connector would send; the client reads 1 MB. */
const TOO_MUCH = 3 * 1024 * 1024

/** Starts it on a free port of this machine. */
export async function startFaultConnector(clock: Clock): Promise<FaultConnector> {
  const asked: AskedOf[] = []
  const standing: string[] = []
  let faults: Fault[] = []
  let held = 0

  const server = createServer(async (req, res) => {
    const { method = '', url = '' } = req
    asked.push({ method, url, at: clock.monotonic() })
    const fault = faults.shift()
    if (fault?.kind === 'reset before') {
      req.socket.resetAndDestroy()
      return
    }
    let text = ''
    for await (const chunk of req) text += String(chunk)
    const { summary = '' } = (text === '' ? {} : JSON.parse(text)) as { summary?: string }
    const takes = fault === undefined || fault.kind !== 'status' || fault.takes === true
    if (method === 'POST' && takes) standing.push(summary)
    if (fault) act(fault, res)
    else answer(res, method === 'POST' ? 201 : 200, `{"id":"m-${standing.length}"}`)
  })

  function act(fault: Fault, res: ServerResponse): void {
    if (fault.kind === 'status') {
      answer(res, fault.status, fault.body ?? '{"error":{"code":"Of","message":"theirs"}}', fault.headers)
    } else if (fault.kind === 'says') {
      answer(res, 200, fault.text)
    } else if (fault.kind === 'too much') {
      answer(res, 200, ' '.repeat(TOO_MUCH))
    } else if (fault.kind === 'cut in the answer') {
      begin(res, () => res.socket?.resetAndDestroy())
    } else if (fault.kind === 'silent' || fault.kind === 'endless answer') {
      held += 1
      res.on('close', () => {
        held -= 1
      })
      if (fault.kind === 'endless answer') begin(res, () => undefined)
    } else {
      res.socket?.resetAndDestroy()
    }
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    standing,
    get held() {
      return held
    },
    fail: (next) => {
      faults = [...next]
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(
  res: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
) {
  // Not chained: restify replaces writeHead for the whole process by one that returns nothing.
  res.writeHead(status, { 'content-type': 'application/json', ...headers })
  res.end(body)
}

function begin(res: ServerResponse, then: () => void): void {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
  res.write('{"id"', then)
}
