import type { RunnerShown } from '../../cards/band.ts'
import type { Runner, RunnerStatus } from '../../core/runner.ts'
import type { Presence } from './presence.ts'

/** Every runner as cards show it, with its status as it is now (epoch ms), by office. */
export function runnersShown(
  runners: readonly Runner[],
  presence: Presence,
  now: number,
): ReadonlyMap<string, readonly RunnerShown[]> {
  const byOffice = new Map<string, RunnerShown[]>()
  for (const runner of runners) {
    const others = byOffice.get(runner.officeId) ?? []
    byOffice.set(runner.officeId, others)
    others.push({
      name: runner.name,
      status: statusOf(runner, presence, now),
      ...(runner.quarantined ? { quarantined: true } : {}),
      ...(runner.hello === null ? {} : { version: runner.hello.version, platform: runner.hello.platform }),
      ...(runner.seenAt === null ? {} : { seenAt: runner.seenAt }),
    })
  }
  return byOffice
}

/** The status of one runner: what an admin decided first, then what its polls say. */
export function statusOf(runner: Runner, presence: Presence, now: number): RunnerStatus {
  if (runner.state !== 'active') return runner.state
  if (runner.hello === null) return 'never-seen'
  return presence.isSilent(runner.id, now) ? 'silent' : 'online'
}
