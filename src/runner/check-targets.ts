import type { ProbeName, Target } from '../core/measurement.ts'
import type { EndpointList } from '../endpoints/list.ts'
import { allowsPort, matchesSet } from '../endpoints/match.ts'
import { isRelay } from '../probes/shared/targets.ts'

/** Stands in where no tenant is configured: such a host is never contacted, only its pattern is checked. */
const ANY_TENANT = 'contoso'

/** The port by which a probe contacts a host; its set has to name it. */
interface Way {
  readonly transport: 'tcp' | 'udp'
  readonly port: number
}

const HTTPS: Way = { transport: 'tcp', port: 443 }
/** STUN. The media ports after it are the same server's, and the guard lets nothing else out. */
const MEDIA: Way = { transport: 'udp', port: 3478 }

/** A relay speaks STUN, every other host HTTPS. */
const byHost = (target: Target): Way => (isRelay(target) ? MEDIA : HTTPS)

/** By what each probe contacts a target; null: it only looks the name up. */
const WAYS: Readonly<Record<ProbeName, (target: Target) => Way | null>> = {
  host: byHost,
  egress: () => MEDIA,
  'resolver-identity': () => null,
  'front-door': () => HTTPS,
  rtt: () => HTTPS,
  'tls-path': () => HTTPS,
  reach: byHost,
  media: () => MEDIA,
  throughput: () => HTTPS,
}

/**
 * The first target that the runner's own endpoint list does not allow a probe: its set does not hold the host, or does
 * not name the port by which this probe contacts it. So no hub can send a train of media packets to a web server. Null
 * when all are allowed. Judged with the tenant that the runner's own configuration names.
 */
export function firstRefused(
  probe: ProbeName,
  targets: readonly Target[],
  list: EndpointList,
  tenant: string | null,
): Target | null {
  const allowed = (target: Target): boolean => {
    const { set, host } = target
    const way = WAYS[probe](target)
    const isOpen = way === null || allowsPort(list, set, way.transport, way.port)
    return isOpen && matchesSet(list, set, host.replaceAll('{tenant}', tenant ?? ANY_TENANT))
  }
  return targets.find((target) => !allowed(target)) ?? null
}
