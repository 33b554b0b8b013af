import type { SampleLine, SamplePiece } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { theirs, timesText } from '../shared/samples.ts'
import type { ReachHost, ReachResult, WebAnswer } from './result.ts'

/** What every name answered; those that did not come first. */
export function reachSamples({ hosts }: ReachResult): readonly SampleLine[] {
  return hosts
    .toSorted((a, b) => Number(hasAnswered(a)) - Number(hasAnswered(b)))
    .map((seen): SampleLine => {
      const { target, host, address } = seen
      const at = address === null ? [] : [theirs(address), ': ']
      return { of: theirs(host ?? target), about: target, says: [...at, ...saysOf(seen)] }
    })
}

function hasAnswered({ https, http, relay }: ReachHost): boolean {
  const web = [https, http].filter((one) => one !== null)
  return (web.length > 0 && web.every((one) => 'status' in one)) || relay.some((one) => 'ms' in one)
}

function saysOf({ host, lookupFailure, https, http, relay }: ReachHost): readonly SamplePiece[] {
  if (host === null) return [t`no tenant is set`]
  if (lookupFailure !== null) return [t`lookup: ${lookupFailure}`]
  if (relay.length > 0) {
    return [
      relay
        .map((one) => t`UDP ${one.port} ${'failure' in one ? one.failure : timesText([one.ms])}`)
        .join('; '),
    ]
  }
  if (https === null) return [t`not asked`]
  return [...answerOf(https), ...(http === null ? [] : [t`; port 80: `, ...answerOf(http)])]
}

function answerOf(answer: NonNullable<WebAnswer>): readonly SamplePiece[] {
  if ('failure' in answer) return [answer.failure]
  const { status, server, verified, ms } = answer
  const by = server === null ? [] : [t` by `, theirs(server)]
  const chain = verified === null ? '' : verified ? ', verified' : t`, not verified`
  return [t`HTTP ${status}`, ...by, `${chain}: ${timesText([ms])}`]
}
