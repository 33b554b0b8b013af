import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../src/local/ports.ts'

/** Local mode as a user starts it: a process of its own on ports of its own. */
export interface LocalMode {
  readonly pid: number
  readonly hubUrl: string
  readonly chatUrl: string
  /** From the start of the process to the line that says it is ready, in ms. */
  readonly readyMs: number
  stop(): Promise<void>
}

/** A start from nothing takes a few seconds on two free cores, and several times that on busy ones. */
const READY_MS = 90_000

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')

/** Starts `npm start` on a folder and waits until it says where the chat page is. */
export async function startLocalMode(dataFolder: string): Promise<LocalMode> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, [MAIN, 'local', '--port', String(port), '--data', dataFolder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chatUrl = await readyLine(child)
  return {
    pid: child.pid ?? 0,
    hubUrl: `http://127.0.0.1:${port}`,
    chatUrl,
    readyMs: performance.now() - began,
    stop: () => ended(child),
  }
}

/** A folder for data, gone after `use`. */
export async function withDataFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-local-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readyLine(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  const timer = setTimeout(() => {
    child.kill('SIGTERM')
    reject(new Error(`local mode was not ready after ${READY_MS} ms: ${said}`))
  }, READY_MS)
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^Doorstep is ready\. Open (\S+)/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
  }
  child.once('exit', (code) => reject(new Error(`local mode ended with ${code}: ${said}`)))
  return promise.finally(() => clearTimeout(timer))
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
