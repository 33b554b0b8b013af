import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A comparison that could not be made, and why: it stands in the table in place of a number. */
export interface Skipped {
  readonly skipped: string
}

export const isSkipped = (value: object): value is Skipped => 'skipped' in value

/** Why a tool cannot be compared with; null when it is here. Debian keeps servers where only root looks. */
export function missing(tool: string): Skipped | null {
  try {
    execFileSync('sh', ['-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${tool}`], { stdio: 'ignore' })
    return null
  } catch {
    return { skipped: `no ${tool} here` }
  }
}

/** Our environment, with the folders of servers in the path. */
export const TOOL_ENV = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }

/** Kernel ticks per second as every Linux of today has them (USER_HZ). */
const TICKS_PER_SECOND = 100

/** CPU time that a process and its threads have taken, ms; null where the system does not tell. */
export function cpuMs(pid: number): number | null {
  try {
    // Fields after the name in brackets, which may hold anything: utime and stime are the 12th and 13th of them.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND
  } catch {
    return null
  }
}

/** One packet on the loopback. */
export interface Packet {
  /** The kernel's own stamp, ms; differences mean something, the number alone does not. */
  readonly at: number
  /** Length of the frame, headers included. */
  readonly bytes: number
  readonly fromPort: number
  readonly toPort: number
}

const LINE =
  /^(\d+\.\d+) .*?, length (\d+): (?:127\.0\.0\.1|localhost)\.(\d+) > (?:127\.0\.0\.1|localhost)\.(\d+):/

/** tcpdump says when it listens within this time, or may not. */
const LISTENING_MS = 5_000

/** Packets that the kernel has handed over by now are written before tcpdump ends; the rest needs a moment. */
const DRAIN_MS = 300

/** Takes down every packet on the loopback that `filter` lets through, until `stop`. */
export async function capture(filter: string): Promise<{ stop(): Promise<readonly Packet[]> } | Skipped> {
  const none = missing('tcpdump')
  if (none !== null) return none
  const args = ['-i', 'lo', '-n', '-e', '-tt', '--nano', '--immediate-mode', '-l', '-s', '96', filter]
  const child = spawn('tcpdump', args, { stdio: ['ignore', 'pipe', 'pipe'], env: TOOL_ENV })
  const packets: Packet[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, at, bytes, fromPort, toPort] = LINE.exec(line) ?? []
    if (at === undefined) return
    packets.push({
      at: Number(at) * 1_000,
      bytes: Number(bytes),
      fromPort: Number(fromPort),
      toPort: Number(toPort),
    })
  })
  const said = await spokenLine(child, /listening on/)
  if (said !== null) return { skipped: `tcpdump may not listen on lo: ${said}` }
  return {
    async stop() {
      await new Promise((done) => setTimeout(done, DRAIN_MS))
      await end(child, 'SIGINT')
      return packets
    },
  }
}

/** Null once a line of standard error matched; what it said instead when it did not. */
async function spokenLine(child: ChildProcess, expected: RegExp): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (expected.test(said)) resolve(null)
  })
  child.once('error', (error) => resolve(error.message))
  child.once('exit', () => resolve(said.trim().split('\n').at(-1) ?? 'it ended'))
  const timer = setTimeout(() => resolve('it says nothing'), LISTENING_MS)
  return promise.finally(() => clearTimeout(timer))
}

/** Ends a program that we started and waits for it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Starts one of our own programs and waits for its line `ready <words>`. */
export async function startProgram(
  file: string,
  ...args: readonly string[]
): Promise<{ readonly child: ChildProcess; readonly words: string }> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) return { child, words: line.slice('ready '.length) }
  }
  throw new Error(`${file} ended before it was ready`)
}
