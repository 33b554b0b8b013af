import type { Finding, FindingOf } from './finding.ts'

/** What an office last saw of the required names, so that others can compare. */
export interface ReachMemory {
  /** Hosts that answered at least one of its runners. */
  readonly answered: readonly string[]
  /** Hosts that were asked and answered none. */
  readonly failed: readonly string[]
}

/** Reports whether a host itself answered: a proxy's word in its place is none. */
export function answersReach(host: FindingOf<'reach-seen'>['args']['hosts'][number]): boolean {
  return host.failure === null && host.proxy === null
}

/** What the findings of one office leave for others. A host of several ports answered when one of them did. */
export function reachMemoryOf(findings: readonly Finding[]): ReachMemory {
  const hosts = findings.flatMap((finding) => (finding.code === 'reach-seen' ? finding.args.hosts : []))
  const answered = new Set(hosts.filter(answersReach).map(({ host }) => host))
  const failed = new Set(hosts.map(({ host }) => host).filter((host) => !answered.has(host)))
  return { answered: [...answered], failed: [...failed] }
}
