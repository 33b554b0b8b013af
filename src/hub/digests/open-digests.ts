import type { Random } from '../../core/ports.ts'
import type { DigestStore } from '../../store/digests.ts'
import { type DigestDesks, digestDesks } from './desk.ts'
import { DigestKeeper, type DigestKeeperDeps } from './keeper.ts'

/** Everything about digests that the hub holds. */
export interface OpenDigests {
  /** Digests as commands see them. */
  readonly desks: DigestDesks
  readonly lastAt: DigestStore['lastAt']
  /** Begins to post what is due. */
  start(): void
  stop(): Promise<void>
}

/** Digests over one store; each run of a hub claims slots under a name of its own. */
export function openDigests(
  deps: Omit<DigestKeeperDeps, 'holder'> & { readonly random: Random },
): OpenDigests {
  const { digests, clock, random } = deps
  const keeper = new DigestKeeper({ ...deps, holder: random.hex(8) })
  return {
    desks: digestDesks({ digests, clock, random, onChanged: () => keeper.changed() }),
    lastAt: () => digests.lastAt(),
    start: () => keeper.changed(),
    stop: () => keeper.stop(),
  }
}
