import type { X509Certificate } from 'node:crypto'
import type { Finding } from '../../core/finding.ts'
import { isImpossible } from '../../core/geography.ts'
import type { Target } from '../../core/measurement.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { doorCode } from '../shared/doors.ts'
import { doorOf, finding, unmeasured } from '../shared/findings.ts'
import { privateAnswer } from '../shared/lookup.ts'
import { plainBy } from '../shared/nat64.ts'
import { least, round2 } from '../shared/numbers.ts'
import { PROXY_SERVER } from '../shared/proxy-server.ts'
import { outsideRanges } from '../shared/ranges.ts'
import { distinctTargets, shownHost } from '../shared/targets.ts'
import { authorityKeyOf, parseCertificate, shortName, signedPath } from './certificates.ts'
import { chainState } from './chain-state.ts'
import type { TlsChain, TlsHost, TlsPathResult } from './result.ts'

/** One finding per host; more beside it where a cause can be named, or the address lies outside the published ranges. */
export function evaluate(
  result: TlsPathResult,
  context: EvaluateContext,
  knownIntermediates: readonly X509Certificate[],
): readonly Finding[] {
  const plain = plainBy(result.nat64)
  return distinctTargets(context.measurement.params.targets).flatMap((target) => {
    const question = `tls:${target.host}`
    const seen = result.hosts.find((one) => one.target === target.host)
    if (seen === undefined) return [unmeasured(context, question, 'result-refused')]
    const own = hostFinding(context, question, target, inPlain(seen, plain), knownIntermediates)
    const addresses = seen.address === null ? [] : [plain(seen.address)]
    const shown = shownHost(target.host, seen.host)
    return [own, ...named(context, target, own), ...outsideRanges(context, target, shown, addresses)]
  })
}

/** The answers with the IPv4 addresses that they carry to a NAT64. */
function inPlain(seen: TlsHost, plain: (address: string) => string): TlsHost {
  const { system } = seen
  if ('failure' in system) return seen
  return { ...seen, system: { ...system, addresses: system.addresses.map(plain) } }
}

function hostFinding(
  context: EvaluateContext,
  question: string,
  target: Target,
  seen: TlsHost,
  knownIntermediates: readonly X509Certificate[],
): Finding {
  const host = shownHost(target.host, seen.host)
  if ('failure' in seen.system) {
    const absent = seen.system.failure === 'dns-nxdomain'
    return absent
      ? finding(context, question, 'host-absent', { host })
      : unmeasured(context, question, seen.system.failure)
  }
  if (seen.system.addresses.length === 0) return unmeasured(context, question, 'dns-empty')
  const hidden = privateAnswer(seen.system.addresses)
  if (hidden !== null) return finding(context, question, 'private-answer', { host, ...hidden })
  if (seen.chain === null) return unmeasured(context, question, seen.failure ?? 'deadline-passed')
  const tcpMs = least(seen.handshakes.map((one) => one.tcpMs))
  const http = seen.http !== null && 'status' in seen.http ? seen.http : null
  return finding(context, question, 'tls-seen', {
    host,
    set: target.set,
    category: context.atlas.category(target.set),
    ...chainArgs(context, host, seen.chain, knownIntermediates),
    acceptedBySystem: seen.chain.acceptedBySystem,
    tcpMs,
    tlsRoundTripMs: least(seen.handshakes.map((one) => round2(one.tlsMs / one.roundTrips))),
    tlsVersion: seen.chain.version,
    busyMs: Math.round(context.measurement.loopDelayMs),
    tcpTooFast: isTooFast(context, seen.lastName, tcpMs),
    httpStatus: http?.status ?? null,
    proxyServerHeader: PROXY_SERVER.test(http?.server ?? ''),
    smallHelloOnly: seen.smallHelloOnly,
  })
}

function chainArgs(
  context: EvaluateContext,
  host: string,
  seen: TlsChain,
  knownIntermediates: readonly X509Certificate[],
) {
  const parsed = seen.certificates.map((text) => parseCertificate(Buffer.from(text, 'base64')))
  const certificates = parsed.filter((one) => one !== null)
  const at = context.measurement.startedAt
  const facts = {
    ...seen,
    truncated: seen.truncated || certificates.length < parsed.length,
    certificates,
    host,
    at,
  }
  return {
    chain: chainState(facts, knownIntermediates),
    issuer: shortName(certificates[0]?.issuer ?? ''),
    authorityKey: authorityKeyOf(signedPath(certificates)),
  }
}

/** Only where the host's name leads to a door whose place is known: a proxy nearer than the door answers too early. */
function isTooFast(context: EvaluateContext, lastName: string | null, tcpMs: number | null): boolean {
  const place = lastName === null ? null : doorOf(context, doorCode([lastName]))
  const km = place?.km ?? null
  return km !== null && tcpMs !== null && isImpossible(km, tcpMs)
}

/** What `tls-seen` says of a cause that is certain, by its own name. */
function named(context: EvaluateContext, target: Target, own: Finding): Finding[] {
  if (own.code !== 'tls-seen') return []
  const { host, issuer, chain, smallHelloOnly } = own.args
  const question = `chain:${target.host}`
  const found: Finding[] = []
  if (smallHelloOnly) found.push(finding(context, question, 'large-clienthello-dropped', { host }))
  if (chain === 'incomplete') found.push(finding(context, question, 'chain-incomplete', { host, issuer }))
  if (chain === 'impostor') found.push(finding(context, question, 'issuer-impersonated', { host, issuer }))
  return found
}
