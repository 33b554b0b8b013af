import type { Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import { FAILURES } from '../core/failure.ts'
import { answersReach } from '../core/reach-memory.ts'
import type { Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import type { PathFact } from './proxy-evidence.ts'

/** A proxy's own word in the place of an Optimize or Allow name. Default names are ordinary traffic and may be proxied. */
export function reachProofs(evidence: Evidence, runnerId: string): readonly PathFact[] {
  const found = findingsOf(evidence, 'reach-seen', runnerId)
    .filter(({ args }) => ['optimize', 'allow'].includes(args.category.toLowerCase()))
    .flatMap(({ args }) => args.hosts)
    .flatMap(({ host, proxy }) => (proxy === null ? [] : [{ host, status: proxy === 'refuses' ? 403 : 407 }]))
  return found.map(({ host, status }) => {
    const says = t`A proxy answers for ${host} with ${status}; none is allowed.`
    return { says, signal: { name: t`Reach`, word: t`proxy`, says } }
  })
}

/** What a runner reached of the required sets, in a few lines: shown, never judged. */
export function reachSignals(evidence: Evidence, runnerId: string): readonly Signal[] {
  const sets = findingsOf(evidence, 'reach-seen', runnerId).map(({ args }) => args)
  const answering = sets.filter(({ hosts }) => hosts.some(answersReach)).length
  const here = findingsOf(evidence, 'reach-fails-here', runnerId).map(({ args }) => args)
  const nowhere = findingsOf(evidence, 'reach-fails-everywhere', runnerId).flatMap(({ args }) => args.hosts)
  const without = evidence.unmeasurableSets
  const [first] = here
  return [
    ...(sets.length === 0 ? [] : [signal('seen', t`${answering} of ${sets.length} required sets answer.`)]),
    ...(first === undefined
      ? []
      : [
          signal(
            t`fails here`,
            t`${first.host} answers other offices and not this one${first.failure === null ? '' : `: ${FAILURES[first.failure]}`}${more(here.length)}.`,
          ),
        ]),
    ...(nowhere[0] === undefined
      ? []
      : [signal(t`fails everywhere`, t`${nowhere[0]} answers no office${more(nowhere.length)}.`)]),
    ...(without.length === 0
      ? []
      : [
          signal(
            t`not measurable`,
            t`No runner can ask set ${without.join(', ')}: no concrete name, or no port for it.`,
          ),
        ]),
  ]
}

function more(count: number): string {
  return count > 1 ? t`, and ${count - 1} more like it` : ''
}

function signal(word: string, says: string): Signal {
  return { name: t`Reach`, word, says }
}
