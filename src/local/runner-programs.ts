import type { Clock } from '../core/ports.ts'
import type { Child } from './child.ts'
import type { Environment, Launcher, Programs } from './launcher.ts'
import type { LocalRunner } from './runners.ts'
import { askHealth } from './running.ts'
import { untilFound, within } from './waiting.ts'

/** Starts runners as whoever owns a host would. */
export interface RunnerPrograms {
  /** Enrols a runner with its code; throws what the runner said when it could not. */
  enrol(runner: LocalRunner): Promise<void>
  /** Starts a runner. */
  run(runner: LocalRunner): Child
  /** Starts a runner, and again whenever it ends by itself for a reason that may pass. */
  keep(runner: LocalRunner): Child
}

interface RunnerProgramsOptions {
  readonly launcher: Launcher
  readonly programs: Programs
  readonly hubUrl: string
  /** Our own environment: what it says about the real Internet is for the machine's own runner. */
  readonly env: Environment
  readonly clock: Clock
  readonly log: (program: string, line: string) => void
  /** Hears, once per runner, why its configuration is refused, in the runner's words: no restart mends it. */
  readonly onRefused: (runner: LocalRunner, words: string) => void
}

/** Longer than a runner tries by itself to reach its hub: four times with pauses, seven seconds in all. */
const ENROL_MS = 20_000

/** The exit code of a runner that is wrongly configured. */
const MISCONFIGURED = 78

/** Exit codes upon which a service manager must not start a runner again: revoked, and wrongly configured. */
const FINAL_CODES: readonly (number | null)[] = [77, MISCONFIGURED]

/** Settings of the runner that are about the network which the machine is in. */
const OWN_SETTINGS = [
  'DOORSTEP_M365_TENANT',
  'DOORSTEP_M365_INSTANCE',
  'DOORSTEP_BEACON',
  'DOORSTEP_PROXY',
  'DOORSTEP_CA_FILE',
  'DOORSTEP_PROBE_ROOTS',
  'DOORSTEP_LOG_LEVEL',
] as const

/**
 * What every runner is told, in a world too: how long it measures is about this machine's time, not its network, and a
 * file is taken only where the tenant is the one that it names.
 */
const SHARED_SETTINGS = ['DOORSTEP_MEDIA_SECONDS', 'DOORSTEP_DOWNLOAD'] as const

export function runnerPrograms(options: RunnerProgramsOptions): RunnerPrograms {
  const { launcher, programs, clock, log } = options
  const own = Object.fromEntries(OWN_SETTINGS.map((key) => [key, options.env[key]]))
  const shared = Object.fromEntries(SHARED_SETTINGS.map((key) => [key, options.env[key]]))
  const settings = ({ home, worldFile }: LocalRunner): Environment => ({
    DOORSTEP_HUB: options.hubUrl,
    DOORSTEP_HOME: home,
    ...shared,
    ...(worldFile === null ? own : { DOORSTEP_WORLD: worldFile }),
  })
  const told = new Set<string>()
  const refuse = (runner: LocalRunner, words: string): void => {
    if (!told.has(runner.name)) options.onRefused(runner, words)
    told.add(runner.name)
  }
  const run = (runner: LocalRunner): Child => {
    // Nothing on the real Internet is contacted before somebody asks for it.
    const onDemand = runner.worldFile === null ? ['--list-on-demand'] : []
    const args = [...programs.runner, 'run', '--exit-with-stdin', ...onDemand]
    return launcher.start(runner.name, { args, settings: settings(runner) })
  }
  return {
    run,
    async enrol(runner) {
      if (runner.code === null) return
      const args = [...programs.runner, 'enroll', '--label', runner.name]
      const launch = { args, settings: settings(runner), input: `${runner.code}\n` }
      const child = launcher.start(runner.name, launch)
      const code = await within(child.ended, ENROL_MS, `runner ${runner.name} did not enrol in time`, clock)
      if (code === MISCONFIGURED) refuse(runner, child.lastWords())
      if (code !== 0) throw new Error(`runner ${runner.name} could not enrol: ${child.lastWords()}`)
    },
    keep(runner) {
      const child = run(runner)
      let last: number | null = null
      const mendable = (code: number | null) => {
        last = code
        return !FINAL_CODES.includes(code)
      }
      void launcher
        .keep(runner.name, child, () => run(runner), mendable)
        .then((words) => {
          log(runner.name, `is not started again: ${words}`)
          if (last === MISCONFIGURED) refuse(runner, words)
        })
      return child
    },
  }
}

/** A start takes a second; a machine with something else to do takes several. */
const ONLINE_MS = 15_000

/** Between two looks at the hub's health: short beside a runner's start. */
const LOOK_MS = 40

/**
 * Waits until runners poll, because a check asked for earlier would find them silent. Returns the names of those that
 * do not: their program has ended, or took too long.
 */
export async function untilOnline(
  hubUrl: string,
  started: readonly { readonly name: string; readonly child: Child }[],
  clock: Clock,
): Promise<readonly string[]> {
  const missing = new Set(started.map(({ name }) => name))
  const ended = new Set<string>()
  for (const { name, child } of started) void child.ended.then(() => ended.add(name))
  await untilFound(
    async () => {
      const health = await askHealth(hubUrl)
      for (const name of health?.runnersOnline ?? []) missing.delete(name)
      return [...missing].every((name) => ended.has(name)) ? true : null
    },
    { everyMs: LOOK_MS, ms: ONLINE_MS, clock },
  )
  return [...missing]
}
