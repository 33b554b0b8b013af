import type { Readable } from 'node:stream'

/** A code has at most 61 characters. */
const LINE_LIMIT = 1000

/** The first line of a stream, or what came before its end. */
export async function readLineFrom(input: Readable): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += String(chunk)
    if (text.includes('\n') || text.length > LINE_LIMIT) break
  }
  return text.split('\n')[0] ?? ''
}

/** The parts of `process` that this needs. */
export interface Stoppable {
  once(event: string, listener: () => void): unknown
  readonly stdin: Readable
}

/**
 * A signal that aborts when this process is told to stop. `withStdin`: also when its standard input ends, which happens
 * however the parent that holds the other end dies.
 */
export function onStop(process: Stoppable, withStdin: boolean): AbortSignal {
  const stop = new AbortController()
  const end = () => stop.abort()
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(name, end)
  if (withStdin) {
    process.stdin.once('end', end)
    process.stdin.once('close', end)
    process.stdin.once('error', end)
    process.stdin.resume()
  }
  return stop.signal
}
