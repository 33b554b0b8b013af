import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import type { RunnerConfig } from '../config/runner-config.ts'
import { readRoots } from '../net/public-roots.ts'
import { readWorldFile } from '../net/world-file.ts'
import { readTextFile } from '../os/files.ts'
import { systemRandom } from '../os/random.ts'
import { EXIT } from './endings.ts'
import { selfCheck } from './self-check.ts'
import { RUNNER_VERSION } from './version.ts'
import { clockOf, openWorkshop } from './workshop.ts'

/** How the program speaks with the person at the machine. */
export interface Terminal {
  /** The one-time code, as it was pasted. */
  readonly code: () => Promise<string>
  /** A sentence beside the result. */
  readonly say: (sentence: string) => void
  /** A line of the result. */
  readonly print: (line: string) => void
}

/** A result that nobody could have waited for: the hub's own deadline is 60 s. */
const MOST_MS = 120_000

/** `self-check`: one look from this machine. Nothing is kept on it: no key, no list, no identity. Gives the exit code. */
export async function selfCheckHere(
  config: RunnerConfig,
  lookupsAtOnce: number,
  extraRoots: string | null,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const { hub } = config
  const { say } = terminal
  const problems: string[] = []
  if (hub === null) problems.push('--hub: name the hub, e.g. --hub https://doorstep.example')
  const worldRead = config.world === null ? null : await readWorldFile(config.world)
  if (worldRead !== null && !worldRead.ok) problems.push(`DOORSTEP_WORLD: ${worldRead.message}`)
  const probeRoots =
    config.probeRoots === null ? [] : readRoots((await readTextFile(config.probeRoots)) ?? '')
  if (probeRoots === null) problems.push('DOORSTEP_PROBE_ROOTS: is no file of certificates (PEM)')
  if (problems.length > 0 || hub === null || probeRoots === null || worldRead?.ok === false) {
    say(`config: ${problems.join('; ')}`)
    return EXIT.configuration
  }
  const world = worldRead?.world ?? null
  const clock = clockOf(world)
  // Engineers' lines would stand between those for the person.
  const log = pino(
    { level: config.logLevel === 'info' ? 'error' : config.logLevel, base: null },
    pino.destination(2),
  )
  const offset = { ms: 0 }
  const workshop = await openWorkshop({
    config,
    hub,
    world,
    lookupsAtOnce,
    extraRoots,
    probeRoots,
    listMemory: { load: async () => null, save: async () => undefined },
    clientId: randomUUID(),
    hubNow: () => clock.now() + offset.ms,
    log,
  })
  try {
    const code = await terminal.code()
    const ends = AbortSignal.any([stop, AbortSignal.timeout(MOST_MS)])
    await workshop.askForList(ends)
    const { measuring, settings, send } = workshop
    const { tenant, echo, beacon } = settings
    const end = await selfCheck(
      code,
      {
        send,
        measuring,
        introduce: () => ({
          version: RUNNER_VERSION,
          probes: Object.fromEntries(measuring.probes.map((probe) => [probe.name, probe.version])),
          listVersion: workshop.listVersion(),
          settings: { tenant: tenant !== null, echo: echo !== null, beacon: beacon !== null },
          world: world?.name ?? null,
        }),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
        onOffset: (ms) => {
          offset.ms = ms
        },
        say,
        clock,
        random: systemRandom,
      },
      ends,
    )
    if (!end.ok) {
      say(`No self-check: ${end.because}.`)
      return EXIT.failed
    }
    for (const line of end.lines) terminal.print(line)
    say('The card in your chat shows the same.')
    return EXIT.ok
  } finally {
    await workshop.close()
  }
}
