// First: it must be so before anything else is loaded.
import '../os/small-heap.ts'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { isLoopback, type RunnerConfig, readRunnerConfig } from '../config/runner-config.ts'
import { readRoots } from '../net/public-roots.ts'
import { readWorldFile } from '../net/world-file.ts'
import { systemClock } from '../os/clock.ts'
import { readTextFile } from '../os/files.ts'
import { lookupThreads } from '../os/lookup-threads.ts'
import { systemRandom } from '../os/random.ts'
import { type Command, HELP, readCommandLine } from './command-line.ts'
import { EXIT, exitCodeOf } from './endings.ts'
import { enroll } from './enroll.ts'
import { HomeDamaged, readIdentity } from './home.ts'
import { openHome } from './home-folder.ts'
import { httpDispatcher, hubSender } from './http-client.ts'
import { selfCheckHere } from './self-check-here.ts'
import { serve } from './serve.ts'
import { onStop, readLineFrom } from './standard-input.ts'
import { RUNNER_VERSION } from './version.ts'

/** The oldest Node that undici 8 runs on. */
const NODE_NEEDED = [22, 19] as const
/** Between the wish to stop and the end of the process, at most; the work gets most of it. */
const STOP_WITHIN_MS = 1_800

/** A sentence for the person at the machine; the log is for those who look later. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

/** Before anything uses a thread; nothing that is imported does. */
const lookupsAtOnce = lookupThreads(process.env, process.platform)

function nodeIsOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major < NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor < NODE_NEEDED[1])
}

async function main(): Promise<number> {
  if (nodeIsOld()) {
    say(`The runner needs Node ${NODE_NEEDED.join('.')} or newer, this is ${process.version}.`)
    return EXIT.configuration
  }
  const command = readCommandLine(process.argv.slice(2))
  switch (command.name) {
    case 'help':
      process.stdout.write(HELP)
      return EXIT.ok
    case 'version':
      process.stdout.write(`${RUNNER_VERSION}\n`)
      return EXIT.ok
    case 'mistake':
      say(`${command.because}. --help tells what there is.`)
      return EXIT.configuration
    default:
      return withConfig(command)
  }
}

async function withConfig(
  command: Extract<Command, { name: 'enroll' | 'run' | 'self-check' }>,
): Promise<number> {
  const read = readRunnerConfig(process.env, command, join(homedir(), '.doorstep-runner'))
  if (!read.ok) {
    say(`config: ${read.problems.join('; ')}`)
    return EXIT.configuration
  }
  for (const key of read.warnings) say(`config: ${key} is not a setting of the runner`)
  const { config } = read
  const extraRoots = config.caFile === null ? null : await readTextFile(config.caFile)
  if (config.caFile !== null && extraRoots === null) {
    say('config: DOORSTEP_CA_FILE: there is no such file')
    return EXIT.configuration
  }
  if (command.name === 'self-check') return selfCheckNow(config, extraRoots)
  return command.name === 'enroll'
    ? enrollHere(config, extraRoots, command.label ?? hostname())
    : runHere(config, extraRoots, command)
}

function selfCheckNow(config: RunnerConfig, extraRoots: string | null): Promise<number> {
  const terminal = {
    say,
    print: (line: string) => void process.stdout.write(`${line}\n`),
    code: () => {
      if (process.stdin.isTTY) say('Paste the one-time code and press Enter:')
      return readLineFrom(process.stdin)
    },
  }
  return selfCheckHere(config, lookupsAtOnce, extraRoots, terminal, onStop(process, false))
}

async function enrollHere(config: RunnerConfig, extraRoots: string | null, label: string): Promise<number> {
  const { hub } = config
  if (hub === null) {
    say('config: --hub: name the hub, e.g. --hub https://doorstep.example')
    return EXIT.configuration
  }
  if (process.stdin.isTTY) say('Paste the enrolment code and press Enter:')
  const code = await readLineFrom(process.stdin)
  const proxy = hub.startsWith('http:') ? null : config.proxy
  const dispatcher = httpDispatcher({ proxy, extraRoots })
  const result = await enroll(
    code,
    {
      hub,
      home: await openHome(config.home),
      send: hubSender(hub, dispatcher),
      clock: systemClock(),
      random: systemRandom,
      version: RUNNER_VERSION,
      label: label.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').slice(0, 60),
    },
    AbortSignal.timeout(60_000),
  )
  await dispatcher.destroy()
  if (!result.ok) {
    say(`Not enrolled: ${result.because}.`)
    return EXIT.failed
  }
  const { runnerId, officeName, status } = result.answer
  const next = status === 'pending' ? ' An admin must approve it before it works.' : ''
  say(`Enrolled as runner ${runnerId} of ${officeName}. Key ${result.fingerprint}.${next}`)
  return EXIT.ok
}

async function runHere(
  config: RunnerConfig,
  extraRoots: string | null,
  { exitWithStdin, listOnDemand }: Extract<Command, { name: 'run' }>,
): Promise<number> {
  const home = await openHome(config.home)
  const identity = await readIdentity(home)
  const problems: string[] = []
  if (identity === null) problems.push('DOORSTEP_HOME: holds no enrolled runner; run enroll first')
  const hub = identity === null ? null : hubOf(identity.hub, config.hub)
  if (identity !== null && hub === null) {
    problems.push('DOORSTEP_HUB: is not the hub that this runner was enrolled at')
  }
  const worldRead = config.world === null ? null : await readWorldFile(config.world)
  if (worldRead !== null && !worldRead.ok) problems.push(`DOORSTEP_WORLD: ${worldRead.message}`)
  const probeRoots =
    config.probeRoots === null ? [] : readRoots((await readTextFile(config.probeRoots)) ?? '')
  if (probeRoots === null) problems.push('DOORSTEP_PROBE_ROOTS: is no file of certificates (PEM)')
  if (
    problems.length > 0 ||
    probeRoots === null ||
    identity === null ||
    hub === null ||
    worldRead?.ok === false
  ) {
    say(`config: ${problems.join('; ')}`)
    return EXIT.configuration
  }
  const world = worldRead?.world ?? null
  const { logLevel } = config
  const log = pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }))
  const stop = onStop(process, exitWithStdin)
  stop.addEventListener('abort', () => {
    setTimeout(() => process.exit(EXIT.ok), STOP_WITHIN_MS).unref()
  })
  if (world !== null && world.unknownKeys.length > 0) {
    log.warn({ keys: world.unknownKeys }, 'the world file has keys that mean nothing here')
  }
  const { runnerId, officeId } = identity
  log.info({ runnerId, officeId, version: RUNNER_VERSION, world: world?.name ?? null }, 'runner starts')
  const platform = `${process.platform} ${process.arch}, Node ${process.versions.node}`
  const ending = await serve(
    {
      config,
      home,
      identity: { ...identity, hub },
      world,
      lookupsAtOnce,
      extraRoots,
      probeRoots,
      platform,
      listOnDemand,
      log,
    },
    stop,
  )
  log.info({ ending }, 'runner ends')
  return exitCodeOf(ending)
}

/**
 * The hub to speak to: the one of the enrolment. Only a hub on this very machine may have moved to another port since:
 * nobody can stand between. Null when the configuration names another hub.
 */
function hubOf(enrolledAt: string, configured: string | null): string | null {
  if (configured === null || configured === enrolledAt) return enrolledAt
  const local = [enrolledAt, configured].every((origin) => isLoopback(new URL(origin).hostname))
  return local ? configured : null
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // What is wrong with the folder is for its owner to mend; anything else is a bug, and says where.
    const known = error instanceof HomeDamaged || (error instanceof Error && /key file/.test(error.message))
    say(
      known
        ? `config: DOORSTEP_HOME: ${error.message}`
        : String(error instanceof Error ? error.stack : error),
    )
    process.exit(known ? EXIT.configuration : EXIT.failed)
  },
)
