import { createServer } from 'node:net'
import path from 'node:path'
import type { Clock, Random } from '../core/ports.ts'
import type { StoreChoice } from '../core/store-choice.ts'
import { type Child, startChild } from './child.ts'
import { DEMO_PEOPLE } from './connector/people.ts'
import { announce, askHealth, withdraw } from './running.ts'
import { HERE_ID, type Here, type LocalRunner, seedLastPoll, seedStore } from './seed.ts'
import { readWorldFolder } from './world-folder.ts'

/** How the programs of this package are started. */
export interface Programs {
  /** Node's arguments for the command line of which `hub` and `world` are sub-commands. */
  readonly self: readonly string[]
  readonly runner: readonly string[]
}

export interface SupervisorOptions {
  readonly programs: Programs
  readonly env: Readonly<Record<string, string | undefined>>
  readonly dataFolder: string
  /** A world's folder, or null: the demo world is started as a program of its own. */
  readonly worldFolder: string | null
  readonly store: StoreChoice
  readonly here: Here
  readonly port: number
  readonly clock: Clock
  readonly random: Random
  /** One line for the log of a program. */
  readonly log: (program: string, line: string) => void
}

/** Everything that runs on this machine. */
export interface Local {
  readonly hubUrl: string
  readonly hubPid: () => number
  /** Starts the runner of the machine's own office, unless it runs. */
  startHere(): Promise<void>
  /** Ends when the hub cannot be kept running. */
  readonly broken: Promise<string>
  stop(): Promise<void>
}

/** A program that is not ready after this will not be. */
const READY_MS = 20_000

/** How long the demo's silent runner has been silent when the demo is first started. */
const SILENT_SINCE_MS = 42 * 60_000

/** A hub that ends by itself is started again, after this. */
const RESTART_MS = 500

/** Restarts in a row without getting ready, after which something is wrong that no restart mends. */
const MAX_RESTARTS = 3

/** Starts the world, the hub and the runners, in this order, and keeps the hub running. */
export async function startLocal(options: SupervisorOptions): Promise<Local> {
  const { programs, env, clock, log } = options
  const children = new Set<Child>()
  const hubUrl = `http://127.0.0.1:${options.port}`
  let stopping = false

  const start = (program: string, args: readonly string[], more: object, input?: string, ready?: RegExp) => {
    const child = startChild({
      args,
      env: { ...env, ...more },
      ...(input === undefined ? {} : { input }),
      ...(ready === undefined ? {} : { ready }),
      onError: (line) => log(program, line),
    })
    children.add(child)
    void child.ended.then(() => children.delete(child))
    return child
  }

  const stop = async (): Promise<void> => {
    stopping = true
    withdraw(options.dataFolder)
    await Promise.all([...children].map((child) => child.stop()))
  }

  try {
    const demo = options.worldFolder === null
    const folder = options.worldFolder ?? path.join(options.dataFolder, 'world')
    if (demo) {
      const world = start('world', [...programs.self, 'world', folder], {}, undefined, /^ready/)
      await within(world.ready, READY_MS, 'the demo world did not start')
    }
    const world = readWorldFolder(folder)
    const runners = await seedStore({ ...options, world })
    const hubEnv = {
      DOORSTEP_SIGN_IN: 'off',
      DOORSTEP_PORT: String(options.port),
      DOORSTEP_STORE: storeText(options.store),
      DOORSTEP_ADMINS: DEMO_PEOPLE[0].objectId,
      DOORSTEP_EVERYONE: 'operator',
      DOORSTEP_LOCAL_WORLD: world.name,
      ...(world.places === null ? {} : { DOORSTEP_PLACES: world.places }),
      ...(world.endpoints === null ? {} : { DOORSTEP_ENDPOINTS: world.endpoints }),
    }
    const startHub = async (): Promise<Child> => {
      const hub = start('hub', [...programs.self, 'hub', '--exit-with-stdin'], hubEnv, undefined, /^ready/)
      await within(hub.ready, READY_MS, 'the hub did not start')
      return hub
    }
    const runnerEnv = ({ home, worldFile }: LocalRunner) => ({
      DOORSTEP_HUB: hubUrl,
      DOORSTEP_HOME: home,
      ...(worldFile === null ? {} : { DOORSTEP_WORLD: worldFile }),
    })
    const run = (runner: LocalRunner) =>
      start(
        runner.name,
        [
          ...programs.runner,
          'run',
          '--exit-with-stdin',
          ...(runner.worldFile === null ? ['--list-on-demand'] : []),
        ],
        runnerEnv(runner),
      )
    const enroll = async (runner: LocalRunner): Promise<void> => {
      if (runner.code === null) return
      const args = [...programs.runner, 'enroll', '--label', runner.name]
      const child = start(runner.name, args, runnerEnv(runner), `${runner.code}\n`)
      const code = await within(child.ended, READY_MS, `runner ${runner.name} did not enrol`)
      if (code !== 0) throw new Error(`runner ${runner.name} could not enrol: ${await lastWords(child)}`)
    }

    let hub = await startHub()
    const byOffice = Map.groupBy(runners, (runner) => runner.officeId)
    await Promise.all(
      [...byOffice.values()].map(async (some) => {
        // One after another: runners are numbered in the order in which they enrol.
        for (const runner of some) await enroll(runner)
      }),
    )
    const silent = demo ? runners.filter((runner) => SILENT_OFFICES.includes(runner.officeId)) : []
    const fresh = silent.filter((runner) => runner.code !== null)
    if (fresh.length > 0) {
      const polled = fresh.map(run)
      await online(
        hubUrl,
        fresh.map((runner) => runner.name),
      )
      await Promise.all(polled.map((child) => child.stop()))
      await hub.stop()
      for (const runner of fresh) {
        await seedLastPoll(options, runner.name, clock.now() - SILENT_SINCE_MS)
      }
      hub = await startHub()
    }
    const active = runners.filter((runner) => runner.officeId !== HERE_ID && !silent.includes(runner))
    for (const runner of active) run(runner)
    await online(
      hubUrl,
      active.map((runner) => runner.name),
    )

    const broken = keepRunning(
      hub,
      startHub,
      (next) => {
        hub = next
      },
      () => stopping,
      clock,
    )
    announce(options.dataFolder, { pid: process.pid, hubUrl, chatUrl: null })
    let here: Promise<void> | null = null
    return {
      hubUrl,
      hubPid: () => hub.pid,
      startHere: () => {
        here ??= (async () => {
          const mine = runners.filter((runner) => runner.officeId === HERE_ID)
          for (const runner of mine) run(runner)
          await online(
            hubUrl,
            mine.map((runner) => runner.name),
          )
        })()
        return here
      },
      broken,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }

  async function lastWords(child: Child): Promise<string> {
    return child.ready.then(
      () => '',
      (error: Error) => error.message,
    )
  }
}

/** Offices of the demo whose runner polls once and then ends. */
const SILENT_OFFICES: readonly string[] = ['lyon']

function storeText(store: StoreChoice): string {
  if (store.kind === 'embedded') return `embedded:${store.folder}`
  return 'url' in store ? store.url : store.connectionString
}

/** Waits until runners poll: a check asked for earlier would find them silent. */
async function online(hubUrl: string, names: readonly string[]): Promise<void> {
  const until = performance.now() + READY_MS
  for (;;) {
    const health = await askHealth(hubUrl)
    if (health && names.every((name) => health.runnersOnline.includes(name))) return
    if (performance.now() > until) throw new Error(`runners did not come online: ${names.join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, ASK_MS))
  }
}

/** Between two looks at the hub's health while runners start: short beside their start of half a second. */
const ASK_MS = 50

/** Starts the hub again when it ends by itself; ends with a sentence when that does not help. */
async function keepRunning(
  first: Child,
  startHub: () => Promise<Child>,
  use: (hub: Child) => void,
  stopping: () => boolean,
  clock: Clock,
): Promise<string> {
  let hub = first
  for (let failures = 0; failures < MAX_RESTARTS; ) {
    const code = await hub.ended
    if (stopping()) return new Promise<string>(() => undefined)
    await new Promise<void>((resolve) => clock.after(RESTART_MS, resolve))
    try {
      hub = await startHub()
      use(hub)
      failures = 0
    } catch {
      failures++
    }
    void code
  }
  return 'the hub ends as soon as it is started; its last words are in the log'
}

async function within<T>(promise: Promise<T>, ms: number, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), ms)
  })
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer))
}

/** A port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
