import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Clock } from '../core/ports.ts'

/** How one of our own programs is started. */
export interface ChildOptions {
  /** Node's arguments: the program and its own arguments. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Written to its standard input, which then stays open: its end tells the child that we are gone. */
  readonly input?: string
  /** A line of standard output that says the program is ready. */
  readonly ready?: RegExp
  /** Where its standard error goes. */
  readonly onError: (line: string) => void
  readonly clock: Clock
}

/** A program of ours that runs. */
export interface Child {
  readonly pid: number
  /** Ends when a line matched `ready`; rejects with a {@link ChildEnded} when the program ends before. */
  readonly ready: Promise<void>
  /** Its exit code, or null after a signal. */
  readonly ended: Promise<number | null>
  /** What it said last on standard error. */
  lastWords(): string
  /** Asks it to end, and ends it after {@link STOP_MS}. */
  stop(): Promise<void>
}

/** A program ended before it was ready. The message is what it said last. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded'
  readonly code: number | null

  constructor(code: number | null, lastWords: string) {
    super(lastWords === '' ? `a program ended with ${code ?? 'a signal'} and said nothing` : lastWords)
    this.code = code
  }
}

/** A program that has not ended this long after being asked is ended. Each takes less than 2 s by itself. */
const STOP_MS = 3_000

/** What is kept of a program's last words, to say why it ended. */
const LAST_LINES = 5

/** Starts a program of ours. It ends when we end, however we end: its standard input is a pipe of ours. */
export function startChild(options: ChildOptions): Child {
  const child = spawn(process.execPath, [...options.args], {
    env: { ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  // A program that has ended does not read any more; `ended` tells so.
  child.stdin.on('error', () => undefined)
  if (options.input !== undefined) child.stdin.write(options.input)
  const last: string[] = []
  const ended = new Promise<number | null>((resolve) => {
    // Not "exit": its last words may still be in the pipe then.
    child.once('close', (code) => resolve(code))
    child.once('error', () => resolve(1))
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    last.push(line)
    if (last.length > LAST_LINES) last.shift()
    options.onError(line)
  })
  const lastWords = () => last.join(' / ')
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (options.ready?.test(line)) resolve()
  })
  void ended.then((code) => reject(new ChildEnded(code, lastWords())))
  // Whoever does not wait for it being ready does not want to hear that it never was.
  ready.catch(() => undefined)
  return { pid: child.pid ?? 0, ready, ended, lastWords, stop: () => stopChild(child, ended, options.clock) }
}

/** The end of standard input is what every program of ours ends upon, on every system; signals are not. */
async function stopChild(child: ChildProcess, ended: Promise<number | null>, clock: Clock): Promise<void> {
  child.stdin?.end()
  const cancel = clock.after(STOP_MS, () => child.kill('SIGKILL'))
  await ended
  cancel()
}
