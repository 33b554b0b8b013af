import type { Criterion, Evidence } from '../core/evidence.ts'
import type { Finding } from '../core/finding.ts'
import type { Remedy } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { proxyOnHost } from './host-evidence.ts'
import { issuersElsewhere } from './issuers-elsewhere.ts'
import { pathEvidence } from './proxy-evidence.ts'
import { reachProofs } from './reach-evidence.ts'
import { CONNECTIVITY_TEST, type Judged, missing, ruleByRunner, unlearned, unproven } from './shared.ts'

const REMEDY: Remedy = {
  order: 2,
  act: t`Let Microsoft 365 pass proxies and inspection`,
  how: t`Exempt the Optimize and Allow names from proxying and from TLS inspection.`,
}

/**
 * Optional, step 4: Optimize and Allow names connect directly. A proxy that is set on the host proves nothing by itself;
 * what makes it one of two agreeing signals stands in `host-evidence.ts`.
 */
export const noProxyOrInspection: Criterion = {
  id: 'no-proxy-or-inspection',
  version: 3,
  level: 'optional',
  title: t`No proxy or inspection`,
  step: t`step 4`,
  rule:
    t`Passes when every Optimize and Allow name shows a chain of the clean public roots. Fails when a chain is an ` +
    t`impostor's, when an unknown authority signs and a second signal agrees, or when a proxy shows itself. A proxy set on the host ` +
    t`shows itself when it asks for a sign-in, refuses, signs in Microsoft's name, or is the system's way for such names.`,
  restsOn: ['tls', 'range', 'chain', 'reach', 'proxy'],
  judge: (evidence) => {
    const ruling = ruleByRunner(evidence, noProxyOrInspection, REMEDY, (runnerId) =>
      judgePath(evidence, runnerId),
    )
    return { ...ruling, findings: ruling.findings.filter(isTold) }
  },
}

/** Of some fifty sets only those where a proxy spoke say anything here. */
function isTold(finding: Finding): boolean {
  return finding.code !== 'reach-seen' || finding.args.hosts.some(({ proxy }) => proxy !== null)
}

function judgePath(evidence: Evidence, runnerId: string): Judged {
  const path = pathEvidence(evidence, runnerId)
  const set = proxyOnHost(evidence, runnerId)
  const proofs = [...path.proofs, ...reachProofs(evidence, runnerId), ...set.proofs]
  const limit = { text: t`all must connect directly`, source: CONNECTIVITY_TEST }
  const facts = [...proofs, ...path.doubts, ...set.doubts]
  const remarks = [...path.remarks, ...set.remarks, ...issuersElsewhere(evidence, runnerId)]
  const rest = { limit, signals: [...facts.map((found) => found.signal), ...remarks] }
  const [proof] = proofs
  if (proof !== undefined) return { verdict: 'fail', because: proof.says, ...rest }
  const [doubt] = path.doubts
  const nothing = doubt !== undefined && path.owed === path.doubts.length && path.clean === 0
  const gap =
    (nothing ? unlearned(evidence, runnerId, 'tls', t`The path to Microsoft 365`) : null) ??
    missing(evidence, runnerId, ['tls', 'reach', 'proxy'])
  if (gap !== null) return unproven(gap, rest)
  if (doubt !== undefined) return unproven(doubt.says, rest)
  const [unsettled] = set.doubts
  if (unsettled !== undefined) return unproven(unsettled.says, rest)
  if (path.optimizeClean === 0) return unproven(t`No Optimize name could be looked at.`, rest)
  const small = path.remarks.find((remark) => remark.name === 'Handshake')
  const because = t`${path.clean} of ${path.owed} Microsoft names connect directly, all must${small === undefined ? '' : t`; a large ClientHello is dropped`}.`
  return { verdict: 'pass', because, ...rest }
}
