import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

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
}

/** A program of ours that runs. */
export interface Child {
  readonly pid: number
  /** The line that matched `ready`; rejects with what the program last said when it ends before. */
  readonly ready: Promise<string>
  /** Its exit code, or null after a signal. */
  readonly ended: Promise<number | null>
  /** Asks it to end, and ends it after {@link STOP_MS}. */
  stop(): Promise<void>
}

/** A program that has not ended this long after being asked is ended. */
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
  child.stdin.on('error', () => undefined)
  if (options.input !== undefined) child.stdin.write(options.input)
  const last: string[] = []
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', () => resolve(1))
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    last.push(line)
    if (last.length > LAST_LINES) last.shift()
    options.onError(line)
  })
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (options.ready?.test(line)) resolve(line)
    })
    void ended.then((code) => reject(new Error(`ended with ${code ?? 'a signal'}: ${last.join(' / ')}`)))
  })
  ready.catch(() => undefined)
  return { pid: child.pid ?? 0, ready, ended, stop: () => stopChild(child, ended) }
}

async function stopChild(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  child.stdin?.end()
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(timer)
}
