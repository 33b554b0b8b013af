import { type LookupAddress, lookup } from 'node:dns'
import { done, type Failure, failed, type Outcome } from '../core/failure.ts'
import type { DnsPort, SystemAnswer } from '../core/ports.ts'
import { settleOnce } from './settle.ts'
import { errorCode } from './socket-errors.ts'
import { stampMs } from './stopwatch.ts'
import { Turns } from './turns.ts'

type SystemLookup = DnsPort['systemLookup']

/** How long a world's lookup waits for one server before it asks the next (world.md). */
const NEXT_SERVER_MS = 2000

/**
 * getaddrinfo does not tell a name that does not exist from one without such addresses. For IPv6 the second is the
 * everyday case.
 */
function lookupFailure(code: string | null, family: 4 | 6): Failure {
  if (code === 'ENOTFOUND' || code === 'ENODATA') return family === 6 ? 'dns-empty' : 'dns-nxdomain'
  return code === 'EAI_AGAIN' || code === 'EAI_FAIL' ? 'dns-servfail' : 'dns-error'
}

/** Node's getaddrinfo. */
type Getaddrinfo = (
  name: string,
  options: { readonly all: true; readonly family: 4 | 6 },
  told: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/**
 * What the host's own getaddrinfo answers applications, hosts file and all; which server answered stays its secret.
 * `atOnce` run at a time, no more than there are threads for it, and neither a timeout nor a measured time holds the
 * wait for a thread. One that was given up still holds its thread, and so its turn, until getaddrinfo itself gives up.
 */
export function realLookup(atOnce: number, getaddrinfo: Getaddrinfo = lookup): SystemLookup {
  const turns = new Turns(atOnce)
  return async (name, family, timeoutMs, signal) => {
    if (!(await turns.take(signal))) return failed('deadline-passed')
    if (signal.aborted) {
      turns.give()
      return failed('deadline-passed')
    }
    const start = stampMs()
    return settleOnce<SystemAnswer>(
      { timeoutMs, signal },
      (settle) => {
        getaddrinfo(name, { all: true, family }, (error, found) => {
          const ms = stampMs() - start
          turns.give()
          if (error) return settle(failed(lookupFailure(errorCode(error), family), error.message))
          const addresses = found.map(({ address }) => ({ address, family }))
          settle(addresses.length === 0 ? failed('dns-empty') : done({ addresses, ms, server: null }))
        })
        return () => {}
      },
      () => failed('dns-timeout'),
    )
  }
}

/** The failures after which nobody has answered, so that the next server is asked. */
const SILENCE = new Set<Failure>([
  'dns-timeout',
  'timeout',
  'refused',
  'reset',
  'network-unreachable',
  'host-unreachable',
])

/**
 * Stands for getaddrinfo in a world: each lookup takes the next entry of `servers`, and the one after it if none
 * answers in 2 s. Addresses only.
 */
export function worldLookup(servers: readonly string[], query: DnsPort['query']): SystemLookup {
  let turn = 0
  return async (name, family, timeoutMs, signal) => {
    if (servers.length === 0) return failed('not-configured', 'the world has no system resolver')
    const first = turn
    turn = (turn + 1) % servers.length
    const start = stampMs()
    let last: Outcome<never> = failed('dns-timeout')
    for (const step of [0, 1]) {
      const server = servers[(first + step) % servers.length]
      const left = timeoutMs - (stampMs() - start)
      if (server === undefined || left <= 0) break
      const type = family === 6 ? 'AAAA' : 'A'
      const wait = Math.min(left, NEXT_SERVER_MS)
      const answer = await query({ name, type, server, timeoutMs: wait }, signal)
      if (answer.ok) {
        const own = answer.result.records.filter((record) => record.type === type)
        const addresses = own.map(({ data }) => ({ address: data, family }))
        if (addresses.length === 0) return failed('dns-empty')
        return done({ addresses, ms: stampMs() - start, server })
      }
      if (!SILENCE.has(answer.failure)) return answer
      last = answer
    }
    return last
  }
}
