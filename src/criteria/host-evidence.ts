import type { Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import { FAILURES } from '../core/failure.ts'
import type { FindingArgs } from '../core/finding.ts'
import type { Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import type { PathFact } from './proxy-evidence.ts'
import { unmeasuredOf } from './shared.ts'

/** What a proxy that is set on the host means for the names that have to connect directly. */
export interface ProxyOnHost {
  readonly proofs: readonly PathFact[]
  readonly doubts: readonly PathFact[]
  readonly remarks: readonly Signal[]
}

/**
 * A proxy that is set proves nothing alone. It is proved to stand in the way of the Optimize and Allow names that its
 * setting does not exempt when it speaks: it asks for a sign-in (407) or refuses (403), it re-signs what comes straight
 * as genuine, or, where the system's own setting names it, it opens the tunnel: then the applications of this host go
 * through it. What the environment names is read by some programs only, so an open tunnel there is a doubt, and so is a
 * proxy that does not answer. A script is shown: what it chooses is not known, and Microsoft advises one.
 */
export function proxyOnHost(evidence: Evidence, runnerId: string): ProxyOnHost {
  const compared = findingsOf(evidence, 'proxy-compared', runnerId).map(({ args }) => judge(args))
  const scripts = findingsOf(evidence, 'proxy-script-set', runnerId).map(() =>
    signal(t`script set`, t`A script chooses the proxy of this host; what it chooses is not judged.`),
  )
  const unread = unmeasuredOf(evidence, runnerId, 'proxy').map(({ args }) => {
    const says = t`Whether a proxy is set was not observed: ${FAILURES[args.failure]}.`
    return { says, signal: signal(t`not observed`, says) }
  })
  return {
    proofs: compared.flatMap((one) => (one.kind === 'proof' ? [one.fact] : [])),
    doubts: [...compared.flatMap((one) => (one.kind === 'doubt' ? [one.fact] : [])), ...unread],
    remarks: [...compared.flatMap((one) => (one.kind === 'remark' ? [one.fact.signal] : [])), ...scripts],
  }
}

interface Found {
  readonly kind: 'proof' | 'doubt' | 'remark'
  readonly fact: PathFact
}

function judge(args: FindingArgs['proxy-compared']): Found {
  const { takes, connectStatus, via, direct, from } = args
  const [host] = takes
  if (host === undefined) {
    return found('remark', 'bypassed', t`A proxy is set, and every name looked at is exempt from it.`)
  }
  const shown = host.replace('{tenant}', 'tenant')
  const rest = takes.length > 1 ? t` and ${takes.length - 1} more` : ''
  const names = `${shown}${rest}`
  if (connectStatus === 407 || connectStatus === 403) {
    return found(
      'proof',
      'proxy',
      t`The proxy set for ${names} answers with ${connectStatus}; none is allowed.`,
    )
  }
  const answered = via !== null && !('failure' in via)
  if (answered && !via.verified && !('failure' in direct) && direct.verified) {
    return found(
      'proof',
      'inspected',
      t`The proxy set for ${names} signs in Microsoft's name; none is allowed.`,
    )
  }
  if (!answered) {
    return found('doubt', t`not proved`, t`A proxy is set for ${names}, and what it does was not observed.`)
  }
  return from === 'system'
    ? found('proof', 'proxy', t`The system sends ${names} through a proxy; all must connect directly.`)
    : found('doubt', t`not proved`, t`The environment names a proxy for ${names}, which some programs use.`)
}

function found(kind: Found['kind'], word: string, says: string): Found {
  return { kind, fact: { says, signal: signal(word, says) } }
}

function signal(word: string, says: string): Signal {
  return { name: t`Proxy setting`, word, says }
}
