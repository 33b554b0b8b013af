import type { Failure } from './failure.ts'
import type { DnsFindings } from './findings/dns.ts'
import type { DoorFindings } from './findings/doors.ts'
import type { EgressFindings } from './findings/egress.ts'
import type { HostFindings } from './findings/host.ts'
import type { MediaFindings } from './findings/media.ts'
import type { PathFindings } from './findings/path.ts'
import type { ReachFindings } from './findings/reach.ts'
import type { ThroughputFindings } from './findings/throughput.ts'

export type { Interception, ResolverPlace, ResolverSeen } from './findings/dns.ts'
export type { DoorSeen, DoorTimed } from './findings/doors.ts'
export type { SourceSeen, WaySeen } from './findings/host.ts'
export type { Located } from './findings/located.ts'
export type { MediaSeen } from './findings/media.ts'
export type { ChainState } from './findings/path.ts'
export type { ReachSeen } from './findings/reach.ts'

/**
 * A question that a measurement owes an answer to: `resolver`, `door:<host>`, `edge:<host>`, `relay-egress`,
 * `default-egress`, `rtt:<host>`, `tls:<host>`, `reach:<set id>`, `host`, `proxy`, `media`, `throughput`; beside them `relay-region`, `beacon-egress`,
 * `range:<host>`, `chain:<host>`, `ipv6:<host>`, `nat64` and `buffer-bloat`. Each owed question yields exactly one finding, good or bad, and a
 * criterion passes only when every question it rests on has one.
 */
export type Question = string

/** How loudly a finding is shown: plain facts answer questions, the others name something that should be looked at. */
export const SEVERITIES = ['fact', 'notice', 'warning', 'problem'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What each finding says, by family. Facts only: distances, times, names; the criteria judge. */
export interface FindingArgs
  extends DnsFindings,
    DoorFindings,
    EgressFindings,
    HostFindings,
    MediaFindings,
    PathFindings,
    ReachFindings,
    ThroughputFindings {
  /** The question has no answer, and why. */
  unmeasured: { readonly question: Question; readonly failure: Failure }
}

export type FindingCode = keyof FindingArgs

/** One stated fact, and the measurement it rests on. */
export type Finding = {
  [C in FindingCode]: {
    readonly code: C
    readonly question: Question
    readonly runnerId: string
    readonly measurementId: string
    readonly args: FindingArgs[C]
  }
}[FindingCode]

/** The finding of one code. */
export type FindingOf<C extends FindingCode> = Extract<Finding, { code: C }>
