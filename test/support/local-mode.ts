import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../src/local/ports.ts'

/** The programs as a person starts them: real processes, real ports. */
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

/** A start takes four seconds on a free machine; tests share two cores with others. */
const READY_MS = 120_000

export interface StartOptions {
  readonly data: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly port?: number
}

/** A local mode that runs with its chat page. */
export interface LocalMode {
  readonly pid: number
  readonly hubUrl: string
  readonly chatUrl: string
  /** Process ids of its programs, by a word of their command line (`hub`, `world`, a runner's `run`). */
  pidsOf(word: string): readonly number[]
  /** Lines of the programs' log so far. */
  log(): readonly string[]
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>
  /** Ends it and everything it started, at once. */
  killAll(): Promise<void>
}

/** What a run to the end left behind. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

/** A new folder under the system's temporary one, with a space in its name, and how to take it away. */
export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep e2e '))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Starts `npm start` and waits until it says that it is ready. */
export async function startLocalMode(options: StartOptions): Promise<LocalMode> {
  const port = options.port ?? (await freePort())
  const args = ['--data', options.data, '--port', String(port), ...(options.args ?? [])]
  const child = launch(args, options.env)
  const output = collect(child)
  const ready = await waitFor(child, output, /^Doorstep is ready\. Open (\S+)/m)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const pid = child.pid ?? 0
  return {
    pid,
    hubUrl: `http://127.0.0.1:${port}`,
    chatUrl: ready[1] ?? '',
    pidsOf: (word) => descendantsOf(pid).flatMap(({ id, command }) => (command.includes(word) ? [id] : [])),
    log: () => readFileSync(join(options.data, 'demo', 'local.log'), 'utf8').split('\n'),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
    killAll: async () => {
      const all = [pid, ...descendantsOf(pid).map(({ id }) => id)]
      for (const id of all) killQuietly(id)
      await ended
    },
  }
}

/** Runs local mode with some arguments until it ends by itself. */
export async function runLocal(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<Ran> {
  const began = performance.now()
  const child = launch(args, env)
  const output = collect(child)
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, ...output, ms: performance.now() - began }
}

/** Reports whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends when none of these processes lives any more; throws after `ms`. */
export async function untilDead(pids: readonly number[], ms: number): Promise<void> {
  const until = performance.now() + ms
  while (pids.some(isAlive)) {
    if (performance.now() > until) throw new Error(`still alive: ${pids.filter(isAlive).join(', ')}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

function launch(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, 'local', ...args], {
    // A second of media is enough where nothing is lost, and saves nine per check.
    env: { DOORSTEP_MEDIA_SECONDS: '1', ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString()
  })
  return output
}

function waitFor(
  child: ChildProcess,
  output: { readonly stdout: string; readonly stderr: string },
  line: RegExp,
): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
  const timer = setTimeout(() => reject(new Error(`not ready in time: ${output.stderr}`)), READY_MS)
  child.stdout?.on('data', () => {
    const found = line.exec(output.stdout)
    if (found) resolve(found)
  })
  child.once('close', (code) => reject(new Error(`ended with ${code}: ${output.stderr}`)))
  return promise.finally(() => clearTimeout(timer))
}

interface Process {
  readonly id: number
  readonly parent: number
  readonly command: string
}

/** Only what this process tree started; nothing is ever looked for by name alone. */
function descendantsOf(pid: number): readonly Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const all = lines.flatMap((line): readonly Process[] => {
    const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return command === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }]
  })
  const below = (parent: number): readonly Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.id)])
  return below(pid)
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
