import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort } from '../../src/local/ports.ts'

/** Which service of the emulator; each is a program of its own. */
export type AzuriteService = 'table' | 'queue'

/** A running emulator with an empty account in memory. */
export interface Azurite {
  readonly port: number
  /** A connection string; another port leads through a proxy. */
  connectionString(port?: number): string
  stop(): Promise<void>
}

/** The account that every Azurite has; published, so not a secret. */
const ACCOUNT = 'devstoreaccount1'
const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
/** It starts in about a second; a busy machine takes several times that. */
const START_MS = 40_000
const LOOK_AGAIN_MS = 50

/** Why the emulator cannot be started, or undefined when it can. */
export function azuriteMissing(): string | undefined {
  return existsSync(mainOf('table')) ? undefined : 'azurite is not installed'
}

/** Starts one service on a free port and waits until it accepts connections. */
export async function startAzurite(service: AzuriteService = 'table'): Promise<Azurite> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-azurite-'))
  const flags = ['--silent', '--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry']
  const place = [`--${service}Port`, String(port), `--${service}Host`, '127.0.0.1']
  const child = spawn(process.execPath, [mainOf(service), ...flags, ...place], {
    cwd: folder,
    stdio: 'ignore',
  })
  const stop = async () => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await answering(port, child)
  } catch (error) {
    await stop()
    throw error
  }
  const endpoint = service === 'table' ? 'TableEndpoint' : 'QueueEndpoint'
  return {
    port,
    stop,
    connectionString: (through = port) =>
      `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${ACCOUNT_KEY};${endpoint}=http://127.0.0.1:${through}/${ACCOUNT};`,
  }
}

function mainOf(service: AzuriteService): string {
  return resolve(import.meta.dirname, '../../node_modules/azurite/dist/src', service, 'main.js')
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`azurite ended with ${child.exitCode}`)
    if (performance.now() > deadline) throw new Error('azurite did not start in time')
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS))
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      answer(true)
    })
    socket.on('error', () => answer(false))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await exit
}
