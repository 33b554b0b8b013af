import { appendFileSync } from 'node:fs'
import path from 'node:path'
import type { Clock, Random } from '../core/ports.ts'
import type { StoreChoice } from '../core/store-choice.ts'
import type { Environment, Programs } from './launcher.ts'
import { dataFolderOf, type LocalOptions } from './options.ts'
import type { Here } from './seed.ts'
import { type Local, startLocal } from './supervisor.ts'

/** What one run of local mode is made of. */
export interface Session {
  readonly options: LocalOptions
  readonly programs: Programs
  readonly env: Environment
  readonly store: StoreChoice
  readonly here: Here
  readonly clock: Clock
  readonly random: Random
  /** Tells the person at the terminal. */
  readonly say: (sentence: string) => void
  /** Tells them, apart from the answer, what is wrong and does not stop the rest. */
  readonly warn: (sentence: string) => void
  /** Ends when the person wants it to. */
  readonly stopped: Promise<void>
}

/** How a run ended: the exit code, and what is left to say on standard error. */
export interface Outcome {
  readonly code: 0 | 1
  readonly problem: string | null
}

/** Another local mode on the folder is looked for this often while it starts or ends. */
export const LOOK_MS = 100

/** Starts everything on the session's data folder, which must be held. */
export function startSession(session: Session, port: number, withHere: boolean): Promise<Local> {
  const { options } = session
  const dataFolder = dataFolderOf(options)
  const logFile = path.join(dataFolder, 'local.log')
  return startLocal({
    ...session,
    dataFolder,
    worldFolder: options.world,
    withHere,
    port,
    log: (program, line) => appendFileSync(logFile, `${program} ${line}\n`),
  })
}
