import type { Clock } from '../core/ports.ts'
import type { Query } from './query.ts'
import { typeName } from './records.ts'

/** How long a sighting can be read back. A check is over after one minute; ten leave room for a person. */
export const SIGHTING_MS = 10 * 60_000
/** Sightings of one nonce that are kept, the first ones: as many as a runner reads. A resolver asks two or three times. */
export const MOST_PER_NONCE = 8
/** Sightings kept in all (some 65 MB) before the nonces that were asked for longest ago go. */
const MOST_SIGHTINGS = 100_000

/** Where a query came from. */
export interface Origin {
  readonly address: string
  readonly proto: 'udp' | 'tcp'
}

/** What one query for a nonce looked like: the strings of its TXT answer, and its type. */
export interface Sighting {
  readonly strings: readonly string[]
  readonly type: string
}

/** What was seen, by nonce. In memory only: whoever knows a nonce may read it back, nobody can list them. */
export interface Sightings {
  record(nonce: string, sighting: Sighting): void
  /** Oldest first; empty when the nonce was never seen or too long ago. */
  read(nonce: string): readonly Sighting[]
}

/** The sighting of one query (the format is world.md's, which every reader of a beacon knows). */
export function sightingOf(query: Query, from: Origin): Sighting {
  return {
    type: typeName(query.type),
    strings: [
      'v=1',
      `ns=${from.address}`,
      `ecs=${query.edns?.subnet?.text ?? '-'}`,
      `proto=${from.proto}`,
      `do=${query.edns?.dnssecOk ? 1 : 0}`,
      `bufsize=${query.edns?.bufsize ?? 512}`,
      `qname=${query.labels.join('.')}`,
    ],
  }
}

interface Dated extends Sighting {
  readonly at: number
}

/** Sightings that are forgotten with time, and bounded in number. */
export function keepSightings(clock: Pick<Clock, 'monotonic'>, most = MOST_SIGHTINGS): Sightings {
  // In the order of the latest sighting, so that the first is the one to go.
  const seen = new Map<string, readonly Dated[]>()
  let total = 0
  const put = (nonce: string, sightings: readonly Dated[]): void => {
    total += sightings.length - (seen.get(nonce)?.length ?? 0)
    seen.delete(nonce)
    if (sightings.length > 0) seen.set(nonce, sightings)
  }
  const alive = (nonce: string): readonly Dated[] => {
    const tooOld = clock.monotonic() - SIGHTING_MS
    return (seen.get(nonce) ?? []).filter(({ at }) => at > tooOld)
  }
  const forgetOld = (): void => {
    for (const nonce of seen.keys()) {
      if (total <= most && alive(nonce).length > 0) return
      put(nonce, [])
    }
  }
  return {
    record: (nonce, sighting) => {
      put(nonce, [...alive(nonce), { ...sighting, at: clock.monotonic() }].slice(0, MOST_PER_NONCE))
      forgetOld()
    },
    read: alive,
  }
}
