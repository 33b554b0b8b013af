import type { Finding, Question, ReachSeen } from '../../core/finding.ts'
import type { Target } from '../../core/measurement.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { isPublic } from '../shared/address.ts'
import { finding, unmeasured } from '../shared/findings.ts'
import { plainBy } from '../shared/nat64.ts'
import { distinct } from '../shared/numbers.ts'
import { PROXY_SERVER } from '../shared/proxy-server.ts'
import { shownHost } from '../shared/targets.ts'
import { endedBy, LATE, type ReachHost, type ReachResult, type WebAnswer } from './result.ts'

const HTTPS_PORT = 443
const HTTP_PORT = 80

/** The questions of some targets: one per set, in their order. */
export function questionsOf(targets: readonly Target[]): readonly Question[] {
  return distinct(targets.map(({ set }) => `reach:${set}`))
}

/** One finding per set, failures included. */
export function evaluate(result: ReachResult, context: EvaluateContext): readonly Finding[] {
  const { targets } = context.measurement.params
  const plain = plainBy(result.nat64)
  return distinct(targets.map(({ set }) => set)).map((set): Finding => {
    const question = `reach:${set}`
    const own = targets.filter((target) => target.set === set)
    const looked = own.flatMap(({ host }) => result.hosts.filter((one) => one.target === host).slice(0, 1))
    const hosts = looked.flatMap((one) => seenOf(one, plain))
    if (hosts.length > 0) {
      return finding(context, question, 'reach-seen', { set, category: context.atlas.category(set), hosts })
    }
    return unmeasured(context, question, looked[0]?.lookupFailure ?? 'result-refused')
  })
}

/** What one host gave; nothing when it was never asked, for want of a tenant or of time. */
function seenOf(seen: ReachHost, plain: (address: string) => string): readonly ReachSeen[] {
  const { lookupFailure, https } = seen
  const address = seen.address === null ? null : plain(seen.address)
  if (endedBy(https, LATE) || lookupFailure === 'not-configured' || lookupFailure === LATE) return []
  const hidden = address !== null && !isPublic(address)
  const none = {
    host: shownHost(seen.target, seen.host),
    port: HTTPS_PORT,
    address,
    hidden,
    status: null,
    failure: null,
    proxy: null,
    ms: null,
  }
  if (seen.relay.length > 0) {
    return seen.relay.map((one) =>
      'failure' in one
        ? { ...none, port: one.port, failure: one.failure }
        : { ...none, port: one.port, ms: one.ms },
    )
  }
  if (https === null) {
    return [{ ...none, failure: lookupFailure ?? (address === null ? 'dns-empty' : 'policy-refused') }]
  }
  const plainly = seen.http === null || endedBy(seen.http, LATE) ? [] : [answered(none, HTTP_PORT, seen.http)]
  return [answered(none, HTTPS_PORT, https), ...plainly]
}

function answered(none: ReachSeen, port: number, answer: NonNullable<WebAnswer>): ReachSeen {
  if ('failure' in answer) return { ...none, port, failure: answer.failure }
  return { ...none, port, status: answer.status, proxy: proxyWord(answer), ms: answer.ms }
}

type Answered = Exclude<WebAnswer, null | { readonly failure: unknown }>

/** Behind a chain that verified nobody but Microsoft can answer. */
function proxyWord({ status, server, verified }: Answered): ReachSeen['proxy'] {
  if (verified === true) return null
  if (status === 407) return 'asks-sign-in'
  return status === 403 && PROXY_SERVER.test(server ?? '') ? 'refuses' : null
}
