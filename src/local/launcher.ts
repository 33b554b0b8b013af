import type { Clock } from '../core/ports.ts'
import { type Child, startChild } from './child.ts'

/** How the programs of this package are started. */
export interface Programs {
  /** Node's arguments for the command line of which `hub` and `world` are sub-commands. */
  readonly self: readonly string[]
  readonly runner: readonly string[]
  /** Where Node keeps what it compiled, so that the next start of the same program takes half the time. */
  readonly compiled: string
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface LauncherOptions {
  readonly programs: Programs
  /** Our own environment. */
  readonly env: Environment
  readonly clock: Clock
  /** One line for the log of a program. */
  readonly log: (program: string, line: string) => void
}

/** What one program is started with. */
export interface Launch {
  readonly args: readonly string[]
  /** Its settings; nothing of our own `DOORSTEP_*` is handed on, for that may hold secrets of another program. */
  readonly settings: Environment
  readonly input?: string
  readonly ready?: RegExp
}

/** A program that ran this long was not broken from the start: its restarts are counted anew. */
const STEADY_MS = 30_000

/** Between the end of a program and its restart. */
const RESTART_MS = 500

/** Restarts in a row, after which something is wrong that no restart mends. */
const MAX_RESTARTS = 3

/** Somebody wanted everything to end before it was ready. */
export class Stopped extends Error {
  override readonly name = 'Stopped'

  constructor() {
    super('Doorstep was stopped before it was ready.')
  }
}

/** Starts programs, keeps them running, and ends them all. */
export class Launcher {
  readonly #options: LauncherOptions
  readonly #env: Environment
  readonly #children = new Set<Child>()
  #stopping = false

  constructor(options: LauncherOptions) {
    this.#options = options
    this.#env = { NODE_COMPILE_CACHE: options.programs.compiled, ...withoutSettings(options.env) }
  }

  /** Reports whether everything is to end. */
  get stopping(): boolean {
    return this.#stopping
  }

  /** Starts a program; `name` stands in the log. Throws `Stopped` once everything is to end. */
  start(name: string, { args, settings, ...more }: Launch): Child {
    if (this.#stopping) throw new Stopped()
    const { clock, log } = this.#options
    const env = { ...this.#env, ...settings }
    const child = startChild({ args, env, ...more, clock, onError: (line) => log(name, line) })
    this.#children.add(child)
    void child.ended.then(() => this.#children.delete(child))
    return child
  }

  /**
   * Starts a program again whenever it ends by itself. Resolves to its last words when that does not help or
   * `mendable` says that it cannot; never, when we stop.
   */
  async keep(
    name: string,
    first: Child,
    start: () => Child,
    mendable: (code: number | null) => boolean = () => true,
  ): Promise<string> {
    const { clock, log } = this.#options
    let child = first
    for (let restarts = 0; ; restarts++) {
      const since = clock.monotonic()
      const code = await child.ended
      if (clock.monotonic() - since > STEADY_MS) restarts = 0
      if (!this.#stopping && (!mendable(code) || restarts >= MAX_RESTARTS)) return child.lastWords()
      await this.#pause(RESTART_MS)
      log(name, `ended with ${code ?? 'a signal'}; it is started again`)
      // One that ends before it is ready counts as one that ended.
      child = start()
    }
  }

  /** Ends every program. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all([...this.#children].map((child) => child.stop()))
  }

  /** Never ends when we stop meanwhile: nothing is started any more. */
  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (!this.#stopping) this.#options.clock.after(ms, () => (this.#stopping ? undefined : resolve()))
    return promise
  }
}

function withoutSettings(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !key.toUpperCase().startsWith('DOORSTEP_')))
}
