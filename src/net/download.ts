import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { DownloadSeen, DownloadTarget } from '../core/ports.ts'
import type { Dialer } from './dialer.ts'
import { httpFailure, MAX_HEADER_BYTES, requestHeaders } from './http-request.ts'
import { request } from './node-http.ts'
import type { CleanRoots } from './public-roots.ts'
import { type Limits, type Settle, settleOnce } from './settle.ts'
import { countdown, stampMs } from './stopwatch.ts'
import { shakeHands } from './tls-handshake.ts'

/** As much as Microsoft's connectivity test takes: on a fast line the slow start is a small part of it. */
export const MAX_DOWNLOAD_BYTES = 15_000_000
/** Longer than a person waits for a number, and long enough for 10 MB at the least speed that is asked of an office. */
const MAX_DOWNLOAD_MS = 10_000
/** A body that brings nothing for as long has stopped, and its average would be of the pause. */
const STALLED_MS = 3_000
/** How much may come between two marks; the second half begins at a mark, so this blurs it by less than 1 %. */
const MARK_BYTES = 65_536

/** Downloads one file: connects, shakes hands, asks, counts. The chain is not judged here: other probes do. */
export async function downloadOnce(
  dialer: Dialer,
  roots: CleanRoots,
  target: DownloadTarget,
  signal: AbortSignal,
): Promise<Outcome<DownloadSeen>> {
  const left = countdown(Math.min(target.timeoutMs, MAX_DOWNLOAD_MS))
  const dialed = await dialer.tcp({ ...target, timeoutMs: left() }, signal)
  if (!dialed.ok) return dialed
  const options = { host: target.host, roots, smallHello: false, timeoutMs: left(), signal }
  const shaken = await shakeHands(dialed.result.socket, options)
  if (!shaken.ok) return shaken
  return fetchFile(shaken.result.socket, target, { timeoutMs: left(), signal })
}

function fetchFile(stream: Duplex, target: DownloadTarget, limits: Limits): Promise<Outcome<DownloadSeen>> {
  const start = stampMs()
  const tally = new Tally(start)
  const begin = (settle: Settle<DownloadSeen>): (() => void) => {
    const sent = request({
      // The stream is open already: with this no agent and no pool takes part.
      createConnection: () => stream,
      method: 'GET',
      path: target.path,
      setDefaultHeaders: false,
      headers: requestHeaders(target.host, target.port, true),
      maxHeaderSize: MAX_HEADER_BYTES,
    })
    let stall: NodeJS.Timeout | undefined
    const alive = (): void => {
      clearTimeout(stall)
      stall = setTimeout(() => settle(failed('timeout', `${tally.bytes} bytes, then nothing`)), STALLED_MS)
    }
    alive()
    sent.on('response', (response) => {
      if (response.statusCode === 200) count(response, tally, alive, settle)
      else settle(done({ ...tally.seen('whole'), status: response.statusCode ?? 0, ms: stampMs() - start }))
    })
    sent.on('upgrade', () => settle(failed('http-malformed', 'an upgrade that nobody asked for')))
    sent.on('error', (error) => settle(httpFailure(error)))
    sent.on('close', () => settle(failed('reset', 'closed before the file was whole')))
    sent.end()
    return () => {
      clearTimeout(stall)
      sent.destroy()
      stream.destroy()
    }
  }
  // Out of time is no failure once bytes have come: a slow line is what was to be seen.
  const late = (): Outcome<DownloadSeen> => (tally.bytes > 0 ? done(tally.seen('time')) : failed('timeout'))
  return settleOnce(limits, begin, late, () => stream.destroy())
}

function count(
  response: IncomingMessage,
  tally: Tally,
  alive: () => void,
  settle: Settle<DownloadSeen>,
): void {
  response.on('data', (chunk: Buffer) => {
    tally.add(chunk.length, stampMs())
    if (tally.bytes >= MAX_DOWNLOAD_BYTES) settle(done(tally.seen('bytes')))
    else alive()
  })
  response.on('end', () => settle(done(tally.seen('whole'))))
  // A cut body settles through the request's own 'close' or 'error'.
  response.on('error', () => {})
}

/** Counts bytes, and marks when how many had come, so that the rate of the second half can be told afterwards. */
class Tally {
  readonly #start: number
  readonly #marks: { readonly bytes: number; readonly at: number }[] = []
  #bytes = 0
  #at: number

  constructor(start: number) {
    this.#start = start
    this.#at = start
  }

  get bytes(): number {
    return this.#bytes
  }

  add(bytes: number, at: number): void {
    this.#bytes += bytes
    this.#at = at
    const last = this.#marks.at(-1)
    if (last === undefined || this.#bytes - last.bytes >= MARK_BYTES) {
      this.#marks.push({ bytes: this.#bytes, at })
    }
  }

  seen(ended: DownloadSeen['ended']): DownloadSeen {
    const half = this.#marks.find(({ bytes }) => bytes >= this.#bytes / 2)
    const ms = half === undefined ? 0 : this.#at - half.at
    const secondHalfPerMs = half === undefined || ms <= 0 ? null : (this.#bytes - half.bytes) / ms
    return { status: 200, bytes: this.#bytes, ms: this.#at - this.#start, secondHalfPerMs, ended }
  }
}
