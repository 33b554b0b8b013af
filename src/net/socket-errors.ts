import { type Failure, failed, type Outcome } from '../core/failure.ts'

const WORDS: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'host-unreachable',
  EHOSTDOWN: 'host-unreachable',
  ENETUNREACH: 'network-unreachable',
  ENETDOWN: 'network-unreachable',
  // No source address or no such family on this host: there is no way to that network.
  EADDRNOTAVAIL: 'network-unreachable',
  EAFNOSUPPORT: 'network-unreachable',
  // A firewall on the host itself says no.
  EACCES: 'refused',
  EPERM: 'refused',
}

/** The code of a system or Node error, or null. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** The failure word for a socket's error; `otherwise` for a code that has none. */
export function socketFailure<R = never>(error: unknown, otherwise: Failure = 'reset'): Outcome<R> {
  const code = errorCode(error)
  const detail = error instanceof Error ? error.message : String(error)
  return failed((code === null ? undefined : WORDS[code]) ?? otherwise, detail)
}
