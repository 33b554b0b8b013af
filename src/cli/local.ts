import path from 'node:path'
import { ConfigError, EXIT_CONFIG } from '../config/config-error.ts'
import type { Env } from '../config/env-reader.ts'
import { readStoreChoice } from '../config/hub-config.ts'
import { PortTaken } from '../hub/http/port-taken.ts'
import { answerOnce } from '../local/answer-once.ts'
import { ChildEnded } from '../local/child.ts'
import { keepRunning } from '../local/keep-running.ts'
import { type Programs, Stopped } from '../local/launcher.ts'
import {
  dataFolderOf,
  LOCAL_HELP,
  type LocalOptions,
  OptionsError,
  readLocalOptions,
} from '../local/options.ts'
import type { Here } from '../local/seed.ts'
import type { Session } from '../local/session.ts'
import { WorldFolderError } from '../local/world-folder.ts'
import { systemClock } from '../os/clock.ts'
import { systemRandom } from '../os/random.ts'
import { cityNamed } from '../places/cities.ts'
import { CannotOpenStore } from '../store/cannot-open.ts'
import { untilStopped } from './until-stopped.ts'

/** `doorstep local`: everything on this machine, or one message to it. */
export async function local(argv: readonly string[], env: Env, programs: Programs): Promise<number> {
  try {
    const options = readLocalOptions(argv, env.INIT_CWD)
    if (options === 'help') {
      process.stdout.write(LOCAL_HELP)
      return 0
    }
    const session = await sessionOf(options, env, programs)
    const { code, problem } = await (options.once === null
      ? keepRunning(session)
      : answerOnce(session, options.once))
    if (problem !== null) process.stderr.write(`${problem}\n`)
    return code
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    return isConfiguration(error) ? EXIT_CONFIG : 1
  }
}

async function sessionOf(options: LocalOptions, env: Env, programs: Programs): Promise<Session> {
  return {
    options,
    programs,
    env,
    store: readStoreChoice(env, path.join(dataFolderOf(options), 'store')),
    here: await hereOf(options.here),
    clock: systemClock(),
    random: systemRandom,
    say: (sentence) => process.stdout.write(`${sentence}\n`),
    warn: (sentence) => process.stderr.write(`${sentence}\n`),
    stopped: untilStopped(false),
  }
}

async function hereOf(city: string | null): Promise<Here> {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (city === null) return { at: null, timeZone, city: null }
  const found = await cityNamed(city)
  if (found === null) {
    throw new OptionsError(
      `--here does not know "${city}"; name a large city near you, for example --here Berlin`,
    )
  }
  return { at: found, timeZone: found.timeZone, city: found.name }
}

/** Trouble that only another configuration mends, found here or by a program that was started. */
function isConfiguration(error: unknown): boolean {
  return (
    error instanceof OptionsError ||
    error instanceof WorldFolderError ||
    error instanceof ConfigError ||
    error instanceof CannotOpenStore ||
    (error instanceof ChildEnded && error.code === EXIT_CONFIG)
  )
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return isConfiguration(error) || error instanceof PortTaken || error instanceof Stopped
    ? message
    : `Doorstep could not start: ${message}`
}
