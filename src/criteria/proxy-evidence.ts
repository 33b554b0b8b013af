import type { Evidence } from '../core/evidence.ts'
import { findingsOf, questionsOf } from '../core/evidence.ts'
import { FAILURES } from '../core/failure.ts'
import type { Finding, FindingArgs, FindingOf } from '../core/finding.ts'
import type { Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { limitText, msText } from './words.ts'

type Tls = FindingArgs['tls-seen']

/** A handshake round trip may take this much longer than the TCP connect, or half of it if that is more (lab: probes 1d). */
const SLOW_MS = 20

/** A sentence about the path to one or more hosts. */
export interface PathFact {
  readonly says: string
  readonly signal: Signal
}

/** What a runner's TLS findings add up to. */
export interface PathEvidence {
  /** Each proves a proxy or an inspection by itself or by two agreeing signals. */
  readonly proofs: readonly PathFact[]
  /** Each keeps the path from passing. */
  readonly doubts: readonly PathFact[]
  /** Shown, never judged. */
  readonly remarks: readonly Signal[]
  /** Hosts that connect directly, and hosts that had to (those that do not exist, or need a tenant, left out). */
  readonly clean: number
  readonly owed: number
  readonly optimizeClean: number
}

/** The questions by whose answers a terminating proxy is proved: what counts TCP round trips needs all of them. */
export const PROXY_SHOWS_IN: readonly string[] = ['tls', 'reach']

/**
 * Reports whether a terminating proxy is proved between a runner and Microsoft 365; an inspection that is proved is one.
 * TCP round trips then end at the proxy and say nothing about the way beyond. Names that lead to private addresses are no
 * such proof: they say nothing about the way to the others.
 */
export function provedProxy(evidence: Evidence, runnerId: string): boolean {
  const seen = tlsSeen(evidence, runnerId)
  return connectionFacts(evidence, seen).some(({ proves }) => proves) || proxyAtDoor(evidence, runnerId, seen)
}

/** A proxy's own word for a host whose round trip was timed and whose own certificate nobody saw. */
function proxyAtDoor(evidence: Evidence, runnerId: string, seen: readonly Tls[]): boolean {
  const timed = questionsOf(evidence, runnerId, 'rtt').map(({ question }) => question.slice('rtt:'.length))
  const hosts = findingsOf(evidence, 'reach-seen', runnerId).flatMap(({ args }) => args.hosts)
  return hosts.some(
    ({ host, proxy }) =>
      proxy !== null && timed.includes(host) && !seen.some((tls) => tls.host === host && isClean(tls)),
  )
}

function tlsSeen(evidence: Evidence, runnerId: string): readonly Tls[] {
  return findingsOf(evidence, 'tls-seen', runnerId).map((finding) => finding.args)
}

/** What connections that were made say about who ends them. */
function connectionFacts(evidence: Evidence, seen: readonly Tls[]): readonly Fact[] {
  const facts = [
    ...seen.map((tls) => chainFact(evidence, tls, seen)),
    ...seen.map(httpFact),
    timingFact(seen),
  ]
  return facts.flatMap((one) => one ?? [])
}

/** The longest that the TLS time of one round trip may be for a TCP connect time, ms. */
export function tlsLimitMs(tcpMs: number): number {
  return tcpMs + Math.max(SLOW_MS, tcpMs / 2)
}

export function pathEvidence(evidence: Evidence, runnerId: string): PathEvidence {
  const seen = tlsSeen(evidence, runnerId)
  const hosts = questionsOf(evidence, runnerId, 'tls').map((owed) =>
    evidence.findings.filter(
      (finding) => finding.runnerId === runnerId && finding.question === owed.question,
    ),
  )
  const states = hosts.map((findings) => stateOf(findings))
  const named = privateFact(evidence, runnerId)
  const facts = [...connectionFacts(evidence, seen), ...(named === null ? [] : [named])]
  return {
    proofs: facts.filter(({ proves }) => proves),
    doubts: [
      ...facts.filter(({ proves }) => !proves),
      ...hosts.flatMap((findings, index) => (states[index] === 'unlearned' ? [unlearnedFact(findings)] : [])),
    ],
    remarks: [
      // Several probes may meet the same address.
      ...[...new Set(findingsOf(evidence, 'outside-ranges', runnerId).map(({ args }) => args.address))].map(
        (address) => ({
          name: t`Address`,
          word: t`outside ranges`,
          says: t`${address} is outside Microsoft's published ranges.`,
        }),
      ),
      ...seen
        .filter((tls) => tls.smallHelloOnly)
        .map((tls) => ({
          name: t`Handshake`,
          word: t`small only`,
          says: t`${tls.host} answers a small ClientHello alone: large ClientHello dropped.`,
        })),
    ],
    clean: states.filter((state) => state === 'clean').length,
    owed: states.filter((state) => state !== 'none').length,
    optimizeClean: seen.filter((tls) => isClean(tls) && tls.category.toLowerCase() === 'optimize').length,
  }
}

type Fact = PathFact & { readonly proves: boolean }

function fact(proves: boolean, word: string, says: string): Fact {
  return { proves, says, signal: { name: t`Path`, word, says } }
}

function isClean(tls: Tls): boolean {
  return tls.chain === 'clean' || tls.chain === 'clean-with-known-intermediate'
}

/** `none`: no such name, or it needs a tenant that the runner was not told; nothing is held against it. */
function stateOf(findings: readonly Finding[]): 'clean' | 'none' | 'seen' | 'unlearned' {
  const tls = findings.filter((finding): finding is FindingOf<'tls-seen'> => finding.code === 'tls-seen')
  if (tls.length > 0) return tls.every((finding) => isClean(finding.args)) ? 'clean' : 'seen'
  if (findings.some((finding) => finding.code === 'private-answer')) return 'seen'
  const none = findings.some(
    (finding) =>
      finding.code === 'host-absent' ||
      (finding.code === 'unmeasured' && finding.args.failure === 'not-configured'),
  )
  return none ? 'none' : 'unlearned'
}

/** A host of which nothing was learned; hosts without any finding are the caller's: it asks `missing`. */
function unlearnedFact(findings: readonly Finding[]): PathFact {
  const failed = findings.find((finding) => finding.code === 'unmeasured')
  const why = failed?.code === 'unmeasured' ? `: ${FAILURES[failed.args.failure]}` : ''
  return fact(false, t`not observed`, t`The path to a Microsoft name was not observed${why}.`)
}

function chainFact(evidence: Evidence, tls: Tls, seen: readonly Tls[]): Fact | null {
  const { host } = tls
  switch (tls.chain) {
    case 'clean':
    case 'clean-with-known-intermediate':
      return null
    case 'impostor':
      return fact(
        true,
        'inspected',
        t`${host} shows a trusted issuer's name with another key; none is allowed.`,
      )
    case 'incomplete':
      return fact(
        false,
        'incomplete',
        t`${host} sends an incomplete chain, so whether it is inspected is not proved.`,
      )
    case 'unsettled':
      return fact(false, 'unsettled', t`Whether ${host} is inspected is not proved.`)
    case 'unknown-authority': {
      const second = secondSignal(evidence, tls, seen)
      return second === null
        ? fact(
            false,
            t`unknown authority`,
            t`${host} shows a chain of an unknown authority, by itself no proof.`,
          )
        : fact(
            true,
            'inspected',
            t`${host} shows a chain of an unknown authority, and ${second}; none is allowed.`,
          )
    }
  }
}

/** What else says that an unknown authority is an inspection's. */
function secondSignal(evidence: Evidence, tls: Tls, seen: readonly Tls[]): string | null {
  if (tls.acceptedBySystem === true) return t`the machine's own store accepts it`
  const sameKey = seen.some(
    (other) =>
      other.set !== tls.set &&
      other.host !== tls.host &&
      other.chain === 'unknown-authority' &&
      other.authorityKey !== '' &&
      other.authorityKey === tls.authorityKey,
  )
  if (sameKey) return t`the same key signs for another service`
  const cleanElsewhere = evidence.chainsElsewhere.some((chain) => chain.host === tls.host && chain.clean)
  if (cleanElsewhere) return t`another office sees a clean one`
  return isSlowForSure(tls) ? t`its handshake takes longer than the way` : null
}

function isSlow(tls: Tls): boolean {
  return tls.tcpMs !== null && tls.tlsRoundTripMs !== null && tls.tlsRoundTripMs > tlsLimitMs(tls.tcpMs)
}

/** Slow by more than the runner's own business can explain. */
function isSlowForSure(tls: Tls): boolean {
  return isSlow({
    ...tls,
    tlsRoundTripMs: tls.tlsRoundTripMs === null ? null : tls.tlsRoundTripMs - tls.busyMs,
  })
}

/** A proxy's own words. */
function httpFact(tls: Tls): Fact | null {
  if (tls.httpStatus === 407)
    return fact(true, 'proxy', t`A proxy answers for ${tls.host} with 407; none is allowed.`)
  return tls.httpStatus === 403 && tls.proxyServerHeader
    ? fact(true, 'proxy', t`A proxy answers for ${tls.host} with 403; none is allowed.`)
    : null
}

/** A connection that opens much faster than it can speak is answered on the way. */
function timingFact(seen: readonly Tls[]): Fact | null {
  const slow = seen.filter(isSlow)
  const [first] = slow
  const tooFast = seen.find((tls) => tls.tcpTooFast)
  if (first !== undefined) {
    const limit = tlsLimitMs(first.tcpMs ?? 0)
    const says = t`A handshake round trip to ${first.host} takes ${msText(first.tlsRoundTripMs ?? 0)}, ${limitText(msText(limit))}`
    const certain = new Set(slow.filter(isSlowForSure).map((tls) => tls.host)).size
    const proves = certain > 1 || tooFast !== undefined
    const alone =
      certain === 1 ? t`, on one name alone` : t`, while the runner was busy for ${msText(first.busyMs)}`
    return fact(proves, t`terminating proxy`, proves ? `${says}.` : `${says}${alone}.`)
  }
  return tooFast === undefined
    ? null
    : fact(false, t`too fast`, t`${tooFast.host} connects in less time than light needs to its door.`)
}

/** One name that leads to a private address may be a slip; two are a proxy's or a filter's doing. */
function privateFact(evidence: Evidence, runnerId: string): Fact | null {
  const found = findingsOf(evidence, 'private-answer', runnerId).map((finding) => finding.args)
  const [first] = found
  if (first === undefined) return null
  const hosts = new Set(found.map((args) => args.host)).size
  return hosts > 1
    ? fact(true, t`private address`, t`${hosts} Microsoft names lead to private addresses; none is allowed.`)
    : fact(false, t`private address`, t`${first.host} leads to a private address, by itself no proof.`)
}
