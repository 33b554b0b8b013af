import type { Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'

/** Doors by whether applications are led to them. */
export interface ApplicationDoors<D> {
  /** Applications are led here: a failure here counts. */
  readonly certain: readonly D[]
  /** Applications may be led here: these must be fine before anything passes, and fail nothing. */
  readonly possible: readonly D[]
}

/**
 * Tells the doors that applications get from those that only an idle server's answers lead to. A door counts when the
 * system's own lookup led to it, or the answers of a server that leaves from an address which served the system. When
 * no resolver was seen, or one that served cannot be attributed to a server, every other door is possible; when no door
 * at all is certain, the possible ones are.
 */
export function applicationDoors<
  D extends { readonly servers: readonly string[]; readonly bySystem: boolean },
>(evidence: Evidence, runnerId: string, doors: readonly D[]): ApplicationDoors<D> {
  const seen = findingsOf(evidence, 'resolvers-seen', runnerId)
  const serving = seen.flatMap((finding) => finding.args.serving)
  const servers = new Set(serving.flatMap((resolver) => resolver.servers))
  const idle = new Set(
    seen
      .flatMap((finding) => finding.args.idle)
      .flatMap((resolver) => resolver.servers.filter((at) => !servers.has(at))),
  )
  const attributable = serving.length > 0 && serving.every((resolver) => resolver.servers.length > 0)
  const certain = doors.filter((door) => door.bySystem || door.servers.some((server) => servers.has(server)))
  const possible = doors.filter((door) => {
    if (certain.includes(door)) return false
    if (door.servers.length === 0) return true
    return attributable ? false : door.servers.some((server) => !idle.has(server))
  })
  return certain.length > 0 ? { certain, possible } : { certain: possible, possible: [] }
}
