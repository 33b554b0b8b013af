import type { RunnerShown } from '../../cards/band.ts'
import type { Clock } from '../../core/ports.ts'
import type { Runner, RunnerStatus } from '../../core/runner.ts'
import type { RunnerStore } from '../../store/runners.ts'
import type { Presence } from './presence.ts'

/** Runners as cards show them. */
export interface ShownRunners {
  readonly byRunner: ReadonlyMap<string, RunnerShown>
  readonly byOffice: ReadonlyMap<string, readonly RunnerShown[]>
}

/** Names every runner with its status as it is now (epoch ms). */
export function runnersShown(runners: readonly Runner[], presence: Presence, now: number): ShownRunners {
  const byRunner = new Map(
    runners.map((runner) => [
      runner.id,
      {
        name: runner.name,
        status: statusOf(runner, presence, now),
        ...(runner.quarantined ? { quarantined: true } : {}),
        ...(runner.hello === null ? {} : { version: runner.hello.version, platform: runner.hello.platform }),
        ...(runner.seenAt === null ? {} : { seenAt: runner.seenAt }),
      },
    ]),
  )
  const byOffice = Map.groupBy(runners, (runner) => runner.officeId)
  return {
    byRunner,
    byOffice: new Map(
      [...byOffice].map(([officeId, some]) => [
        officeId,
        some.flatMap((runner) => byRunner.get(runner.id) ?? []),
      ]),
    ),
  }
}

/** Runners as cards show them, looked up now and then. */
export class LastShown {
  readonly #runners: Pick<RunnerStore, 'all'>
  readonly #presence: Presence
  readonly #clock: Clock
  /** As of the last look, by runner. */
  last: ReadonlyMap<string, RunnerShown> = new Map()

  constructor(runners: Pick<RunnerStore, 'all'>, presence: Presence, clock: Clock) {
    this.#runners = runners
    this.#presence = presence
    this.#clock = clock
  }

  /** Runners as they are now. */
  async look(): Promise<ShownRunners> {
    const shown = runnersShown(await this.#runners.all(), this.#presence, this.#clock.now())
    this.last = shown.byRunner
    return shown
  }
}

/** The status of one runner: what an admin decided first, then what its polls say. */
export function statusOf(runner: Runner, presence: Presence, now: number): RunnerStatus {
  if (runner.state !== 'active') return runner.state
  if (runner.hello === null) return 'never-seen'
  return presence.isSilent(runner.id, now) ? 'silent' : 'online'
}
