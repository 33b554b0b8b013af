import { done, type Outcome } from '../../core/failure.ts'
import type { ProbeParams, Target } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical, isPublic } from '../shared/address.ts'
import { familiesByWay } from '../shared/families.ts'
import { SYSTEM_TIMEOUT_MS } from '../shared/lookup.ts'
import { askNat64For } from '../shared/nat64.ts'
import { round2 } from '../shared/numbers.ts'
import { eachLimited } from '../shared/steps.ts'
import { concreteHost, distinctTargets, isRelay } from '../shared/targets.ts'
import {
  endedBy,
  LATE,
  MAX_HOSTS,
  RELAY_PORTS,
  type ReachHost,
  type ReachResult,
  type WebAnswer,
} from './result.ts'

/** Few enough that handshakes on a fast path disturb nobody, this machine included. */
const STARTING_AT_ONCE = 4

/**
 * A host that needs longer waits for its path, and the next may start beside it: behind 190 ms some sixteen are then
 * under way, and fifty are done in three seconds.
 */
const STARTING_MS = 150

/** Connect, handshake and answer are four round trips at most. */
const REQUEST_TIMEOUT_MS = 4_000

/** Port 80 takes two round trips; where the first SYN is lost the second goes a second later. */
const PLAIN_TIMEOUT_MS = 2_500

/**
 * All is over by then, whatever hangs: the last host begins within two seconds, its lookup may first wait 5 s for a dead
 * server, and its answer takes what it may. The budget is fourteen seconds.
 */
const ALL_MS = 12_000

const BINDING_TIMEOUT_MS = 2_000

type Families = readonly [4 | 6, 4 | 6]

/** Asks every host; trouble with one is its own. */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<ReachResult>> {
  const { clock } = context.ports
  const over = new AbortController()
  const cancel = clock.after(ALL_MS, () => over.abort())
  const limited = { ...context, signal: AbortSignal.any([context.signal, over.signal]) }
  const cut = (host: ReachHost): ReachHost => (context.signal.aborted ? host : saidInTime(host))
  const families = await familiesByWay(limited)
  const asked: Promise<ReachHost>[] = []
  await eachLimited(distinctTargets(params.targets).slice(0, MAX_HOSTS), STARTING_AT_ONCE, async (target) => {
    const begin = () => ask(limited, target, families)
    const work = over.signal.aborted ? begin() : begin().then(cut)
    asked.push(work)
    const patience = Promise.withResolvers<void>()
    const stop = clock.after(STARTING_MS, () => patience.resolve())
    await Promise.race([work, patience.promise])
    stop()
  })
  const hosts = await Promise.all(asked)
  const addresses = hosts.flatMap(({ address }) => address ?? [])
  const nat64 = await askNat64For(limited, addresses)
  cancel()
  return done({ hosts, nat64 })
}

async function ask(context: ProbeContext, target: Target, families: Families): Promise<ReachHost> {
  const host = concreteHost(target.host, context.settings.tenant)
  const none = {
    target: target.host,
    host,
    lookupFailure: null,
    address: null,
    https: null,
    http: null,
    relay: [],
  }
  if (host === null) return { ...none, lookupFailure: 'not-configured' }
  if (context.signal.aborted) return { ...none, lookupFailure: LATE }
  const found = await addressesOf(context, host, families)
  if (!found.ok) return { ...none, lookupFailure: found.failure }
  const address = found.result.find(isPublic)
  if (address === undefined) return { ...none, address: found.result[0] ?? null }
  if (isRelay(target)) return { ...none, address, relay: await bindings(context, address) }
  const [https, http] = await Promise.all([
    head(context, { host, address, port: 443, tls: true, timeoutMs: REQUEST_TIMEOUT_MS }),
    head(context, { host, address, port: 80, tls: false, timeoutMs: PLAIN_TIMEOUT_MS }),
  ])
  // The runner's own list need not name port 80 for the set of the host.
  return { ...none, address, https, http: endedBy(http, 'policy-refused') ? null : http }
}

/** A host that was asked and cut off by this probe's own limit did not answer in time. */
function saidInTime(host: ReachHost): ReachHost {
  if (host.lookupFailure === LATE) return { ...host, lookupFailure: 'dns-timeout' }
  return { ...host, https: inTime(host.https), http: inTime(host.http) }
}

function inTime(answer: WebAnswer): WebAnswer {
  return endedBy(answer, LATE) ? { failure: 'timeout' } : answer
}

/**
 * IPv4, and IPv6 where there is none; the other way round where the host has IPv6 alone. getaddrinfo does not tell "no
 * such record" from "no such name".
 */
async function addressesOf(
  context: ProbeContext,
  host: string,
  [usual, other]: Families,
): Promise<Outcome<readonly string[]>> {
  const { dns } = context.ports
  const look = (family: 4 | 6) => dns.systemLookup(host, family, SYSTEM_TIMEOUT_MS, context.signal)
  const first = await look(usual)
  const none = !first.ok && (first.failure === 'dns-empty' || first.failure === 'dns-nxdomain')
  const second = none ? await look(other) : first
  const outcome = second.ok ? second : first
  if (!outcome.ok) return outcome
  return done(outcome.result.addresses.flatMap(({ address }) => canonical(address) ?? []))
}

interface Asking {
  readonly host: string
  readonly address: string
  readonly port: number
  readonly tls: boolean
  readonly timeoutMs: number
}

async function head(context: ProbeContext, asking: Asking): Promise<WebAnswer> {
  const request = { ...asking, path: '/', method: 'HEAD' } as const
  const outcome = await context.ports.tcp.request(request, context.signal)
  if (!outcome.ok) return { failure: outcome.failure }
  const { status, headers, verified, ms } = outcome.result
  return { status, server: headers['server']?.slice(0, 100) ?? null, verified, ms: round2(ms) }
}

function bindings(context: ProbeContext, address: string): Promise<ReachHost['relay']> {
  const ask = async (port: number): Promise<ReachHost['relay'][number]> => {
    const target = { address, port, timeoutMs: BINDING_TIMEOUT_MS }
    const outcome = await context.ports.stun.binding(target, context.signal)
    return outcome.ok ? { port, ms: round2(outcome.result.ms) } : { port, failure: outcome.failure }
  }
  return Promise.all(RELAY_PORTS.map(ask))
}
