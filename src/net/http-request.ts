import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { done, type Failure, failed, type Outcome } from '../core/failure.ts'
import type { HttpSeen } from '../core/ports.ts'
import { request } from './node-http.ts'
import { type Limits, type Settle, settleOnce } from './settle.ts'
import { errorCode, socketFailure } from './socket-errors.ts'
import { stampMs } from './stopwatch.ts'

/** Headers larger than this are no answer of a front door (Node's own default). */
export const MAX_HEADER_BYTES = 16_384

/** One request on a connection of its own. */
export interface HttpAsk extends Limits {
  readonly host: string
  readonly port: number
  readonly path: string
  readonly method: 'GET' | 'HEAD'
  readonly tls: boolean
  /** Bytes of the body that are kept; the rest is not read. */
  readonly maxBytes: number
}

/** An answer, and whether its body was cut at `maxBytes`. */
export interface HttpAnswer extends Omit<HttpSeen, 'verified'> {
  readonly cut: boolean
}

/**
 * Sends one request over an open stream and ends the stream. No redirect is followed, nothing is decompressed. `ms` runs
 * from sending to the head of the answer: neither connect nor handshake is in it.
 */
export function askHttp(stream: Duplex, ask: HttpAsk): Promise<Outcome<HttpAnswer>> {
  const begin = (settle: Settle<HttpAnswer>): (() => void) => {
    const start = stampMs()
    const sent = request({
      // The stream is open already: with this no agent and no pool takes part.
      createConnection: () => stream,
      method: ask.method,
      path: ask.path,
      setDefaultHeaders: false,
      headers: requestHeaders(ask.host, ask.port, ask.tls),
      maxHeaderSize: MAX_HEADER_BYTES,
    })
    sent.on('response', (response) => {
      const ms = stampMs() - start
      collect(response, ask.maxBytes, (body, cut) => {
        const headers = flatten(response.rawHeaders)
        settle(done({ status: response.statusCode ?? 0, headers, body, ms, cut }))
      })
    })
    sent.on('upgrade', () => settle(failed('http-malformed', 'an upgrade that nobody asked for')))
    sent.on('error', (error) => settle(httpFailure(error)))
    sent.on('close', () => settle(failed('reset', 'closed before the answer was whole')))
    sent.end()
    return () => {
      sent.destroy()
      stream.destroy()
    }
  }
  return settleOnce(ask, begin, undefined, () => stream.destroy())
}

/** What every request says of itself. */
export function requestHeaders(host: string, port: number, tls: boolean): Readonly<Record<string, string>> {
  const standard = port === (tls ? 443 : 80)
  return {
    Host: standard ? host : `${host}:${port}`,
    'User-Agent': 'Doorstep',
    Accept: '*/*',
    'Accept-Encoding': 'identity',
    Connection: 'close',
  }
}

function collect(
  response: IncomingMessage,
  maxBytes: number,
  ready: (body: string, cut: boolean) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  const finish = (cut: boolean): void => {
    const bytes = Buffer.concat(chunks).subarray(0, maxBytes)
    ready(bytes.toString('utf8'), cut)
  }
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxBytes) finish(true)
  })
  response.on('end', () => finish(false))
  // A cut body settles through the request's own 'close' or 'error'.
  response.on('error', () => {})
}

/** Lower-case names; repeated ones joined, in order. Node's own views drop or split repeated headers. */
function flatten(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const value = raw[index + 1] ?? ''
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(headers)
}

/** The word for an error of a request under way. */
export function httpFailure(error: Error): Outcome<never> {
  const code = errorCode(error) ?? ''
  const words: Readonly<Record<string, Failure>> = { HPE_HEADER_OVERFLOW: 'http-too-large' }
  if (code.startsWith('HPE_')) return failed(words[code] ?? 'http-malformed', code)
  return socketFailure(error)
}
