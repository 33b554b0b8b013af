import { t } from './t.ts'

/**
 * The closed list of failure words. A measurement that did not succeed carries one of them and nothing else decides
 * on free text. Add a word here, with its meaning, before using it.
 */
export const FAILURES = {
  'dns-timeout': t`no DNS answer in time`,
  'dns-nxdomain': t`the name does not exist`,
  'dns-servfail': t`the DNS server failed`,
  'dns-refused': t`the DNS server refused`,
  'dns-error': t`the DNS server answered with another error code`,
  'dns-empty': t`the name exists but has no such record`,
  'dns-malformed': t`the DNS answer made no sense`,
  'network-unreachable': t`no route to that network`,
  'host-unreachable': t`no route to that host`,
  refused: t`the connection was refused`,
  reset: t`the connection was cut`,
  timeout: t`no answer in time`,
  'tls-failed': t`the TLS handshake failed`,
  'http-malformed': t`the HTTP answer made no sense`,
  'http-too-large': t`the HTTP answer was larger than allowed`,
  'http-error': t`the HTTP answer was an error, or not the file that was expected`,
  'http-busy': t`the HTTP server asked to be left alone for a while`,
  'stun-error': t`the STUN server answered with an error and no address`,
  'policy-refused': t`the runner refuses to contact that address`,
  'not-published': t`Microsoft publishes no such name for this instance`,
  'not-configured': t`the runner lacks a setting that this needs`,
  'params-refused': t`the runner could not accept the request`,
  'unsupported-probe': t`the runner does not have this probe`,
  'result-refused': t`the runner sent a result that makes no sense`,
  'runner-silent': t`the runner does not answer`,
  'runner-bug': t`the runner failed on its own account`,
  'no-runner': t`no runner is registered`,
  'deadline-passed': t`no result came before the deadline`,
} as const satisfies Record<string, string>

/** One word of the closed list. */
export type Failure = keyof typeof FAILURES

/** Reports whether a text is one of the failure words. */
export function isFailure(word: string): word is Failure {
  return Object.hasOwn(FAILURES, word)
}

/** What a look at the network gave: a result, or the word for why there is none. */
export type Outcome<R> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly failure: Failure; readonly detail?: string }

/** A successful outcome. */
export function done<R>(result: R): Outcome<R> {
  return { ok: true, result }
}

/** A failed outcome; `detail` is for engineers (300 characters at most are kept) and is never decided on. */
export function failed<R = never>(failure: Failure, detail?: string): Outcome<R> {
  return detail === undefined ? { ok: false, failure } : { ok: false, failure, detail: detail.slice(0, 300) }
}
