import type { Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import type { Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { plainSentence } from './words.ts'

/** One office may be the odd one itself; two that agree are what everybody sees. */
const OFFICES_THAT_AGREE = 2

/**
 * Who signs here and nowhere else: one signal per key that signs for a host of this office whose chain did not verify,
 * where no other office sees that key for the host and two or more agree on another. Shown only: whether the office is
 * inspected is decided by the chain itself. Clean chains are left out, since Microsoft's own authorities take turns.
 */
export function issuersElsewhere(evidence: Evidence, runnerId: string): readonly Signal[] {
  const alone = new Map<string, { readonly says: string; hosts: number }>()
  for (const { args: tls } of findingsOf(evidence, 'tls-seen', runnerId)) {
    if (tls.chain === 'clean' || tls.chain === 'clean-with-known-intermediate') continue
    const theirs = evidence.chainsElsewhere.filter((chain) => chain.host === tls.host)
    const most = mostSeen(theirs)
    const shared = theirs.some((chain) => chain.authorityKey === tls.authorityKey)
    if (shared || most === null || most.offices < OFFICES_THAT_AGREE) continue
    const others = most.issuer === '' ? t`another issuer` : most.issuer
    const says = t`This office alone sees ${tls.issuer || t`an issuer without a name`} for ${tls.host}; ${most.offices} offices see ${others}`
    const known = alone.get(tls.authorityKey)
    if (known === undefined) alone.set(tls.authorityKey, { says, hosts: 1 })
    else known.hosts += 1
  }
  return [...alone.values()].map(({ says, hosts }) => ({
    name: t`Issuer`,
    word: t`seen here alone`,
    says: plainSentence(hosts === 1 ? `${says}.` : t`${says}. So it is for ${hosts} names.`),
  }))
}

/** The issuer that most offices see, and how many they are. */
function mostSeen(
  chains: Evidence['chainsElsewhere'],
): { readonly issuer: string; readonly offices: number } | null {
  const keys = Map.groupBy(chains, (chain) => chain.authorityKey)
  const counted = [...keys.values()].map((seen) => ({
    issuer: seen.find((chain) => chain.issuer !== undefined)?.issuer ?? '',
    offices: new Set(seen.map((chain) => chain.officeId)).size,
  }))
  return counted.toSorted((a, b) => b.offices - a.offices)[0] ?? null
}
