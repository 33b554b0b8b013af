import path from 'node:path'
import type { Clock, Random } from '../core/ports.ts'
import type { StoreChoice } from '../core/store-choice.ts'
import { DEMO_SILENT_OFFICES } from './demo/silent.ts'
import { prepareStore } from './enrol.ts'
import { startHubProgram } from './hub-program.ts'
import { type Environment, Launcher, type Programs, Stopped } from './launcher.ts'
import { refuseTaken } from './ports.ts'
import { readRunnerFiles, refusedRunnerFiles, worldHash } from './runner-files.ts'
import { runnerPrograms, untilOnline } from './runner-programs.ts'
import type { LocalRunner } from './runners.ts'
import { HERE_ID, type Here } from './seed.ts'
import { within } from './waiting.ts'
import { readWorldFolder, type WorldFolder } from './world-folder.ts'

export interface SupervisorOptions {
  readonly programs: Programs
  readonly env: Environment
  readonly dataFolder: string
  /** A world's folder, or null: the demo world is started as a program of its own. */
  readonly worldFolder: string | null
  readonly store: StoreChoice
  readonly here: Here
  /** Whether the machine's own runner will be wanted. */
  readonly withHere: boolean
  readonly port: number
  readonly clock: Clock
  readonly random: Random
  /** Ends when the person wants all of it to end, which may be while it starts. */
  readonly stopped: Promise<void>
  /** One line for the log of a program. */
  readonly log: (program: string, line: string) => void
  /** Tells the person at the terminal what is wrong, beside what was asked. */
  readonly warn: (sentence: string) => void
}

/** Everything that runs on this machine. */
export interface Local {
  readonly hubUrl: string
  /** Ends when the machine's own runner polls, or cannot. */
  startHere(): Promise<void>
  /** Ends when the hub cannot be kept running, with what it said last. */
  readonly broken: Promise<string>
  stop(): Promise<void>
}

/** The demo world starts in half a second. */
const WORLD_MS = 20_000

/**
 * Starts the world, prepares the store, starts the hub and the runners, in this order, and keeps them running. Throws
 * `PortTaken`, `ChildEnded`, `CannotOpenStore`, `WorldFolderError` or `Stopped`; whatever was started has ended then.
 */
export async function startLocal(options: SupervisorOptions): Promise<Local> {
  const { env, clock, log, warn, programs, port } = options
  await refuseTaken(port)
  const hubUrl = `http://127.0.0.1:${port}`
  const launcher = new Launcher({ programs, env, clock, log })
  void options.stopped.then(() => launcher.stop())
  try {
    const world = await openWorld(options, launcher)
    const files = await readRunnerFiles(world)
    const refused = refusedRunnerFiles(world, files)
    for (const sentence of refused.values()) warn(sentence)
    const onRefused = ({ name, worldFile }: LocalRunner, words: string): void => {
      // What its file says wrong is told already.
      if (worldFile === null || !refused.has(worldFile)) warn(`Runner ${name} does not start. ${words}`)
    }
    const isDemo = options.worldFolder === null
    const silentOffices = isDemo ? DEMO_SILENT_OFFICES : []
    const runnersOf = runnerPrograms({ launcher, programs, hubUrl, env, clock, log, onRefused })
    const runners = await prepareStore({
      ...options,
      world,
      // The demo is the same at each start, on other ports.
      worldHash: isDemo ? null : await worldHash(world, files),
      silentOffices,
      hubUrl,
      programs: runnersOf,
    })
    const hub = await startHubProgram({ ...options, launcher, world })
    const startAll = async (wanted: typeof runners): Promise<void> => {
      const started = wanted.map((runner) => ({ name: runner.name, child: runnersOf.keep(runner) }))
      const missing = await untilOnline(hubUrl, started, clock)
      if (missing.length > 0) log('supervisor', `these runners do not poll: ${missing.join(', ')}`)
    }
    await startAll(
      runners.filter(({ officeId }) => officeId !== HERE_ID && !silentOffices.includes(officeId)),
    )
    return {
      hubUrl,
      startHere: async () => {
        const mine = runners.filter(({ officeId }) => officeId === HERE_ID)
        try {
          for (const runner of mine) await runnersOf.enrol(runner)
          await startAll(mine)
        } catch (error) {
          log('supervisor', (error as Error).message)
        }
      },
      broken: hub.broken,
      stop: () => launcher.stop(),
    }
  } catch (error) {
    const wanted = launcher.stopping
    await launcher.stop()
    throw wanted ? new Stopped() : error
  }
}

/** Reads the world; the demo is started first, and ends with us. */
async function openWorld(options: SupervisorOptions, launcher: Launcher): Promise<WorldFolder> {
  if (options.worldFolder !== null) return readWorldFolder(options.worldFolder)
  const folder = path.join(options.dataFolder, 'world')
  const args = [...options.programs.self, 'world', folder, '--exit-with-stdin']
  const child = launcher.start('world', { args, settings: {}, ready: /^ready/ })
  await within(child.ready, WORLD_MS, 'the demo world did not start in time', options.clock)
  return readWorldFolder(folder)
}
