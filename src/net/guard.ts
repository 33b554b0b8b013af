import { done, failed, type Outcome } from '../core/failure.ts'
import type {
  DialTarget,
  DnsAnswer,
  DnsPort,
  DnsQuery,
  HostPort as HostDoor,
  ProbePorts,
  StunPort,
  TcpPort,
} from '../core/ports.ts'
import { sameAddress } from './address-bytes.ts'
import { type AddressPolicy, addressPolicy } from './address-policy.ts'
import { normalName } from './dns-guard.ts'
import { type Nat64Policy, nat64Policy } from './nat64-policy.ts'

/** A host, by literal address or by name, and a port. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/** What the runner's own configuration allows beyond Microsoft's front doors. The hub cannot widen any of it. */
export interface GuardPolicy {
  /** The beacon's zone; null: no beacon is asked directly. */
  readonly beacon: string | null
  /** The echo and the configured proxies: the only TCP destinations that may be private or on other ports. */
  readonly alsoTcp: readonly HostPort[]
}

const WEB_PORTS = new Set([80, 443])
const DOWNLOAD_PORTS = new Set([443])
/** Teams' media ports, where its relays answer STUN. */
const STUN_PORTS = new Set([3478, 3479, 3480, 3481])

/**
 * Wraps ports so that nothing leaves but what the policy allows ("What a runner may contact"): DNS to the configured
 * servers and to the addresses that `ns.<zone>` and `silent.<zone>` were found to have, TCP to public addresses on 80
 * and 443, STUN to public addresses on 3478-3481. Everything else is `policy-refused`, and no packet is sent. In a world
 * the addresses judged are the claimed ones.
 */
export function guardedPorts(ports: ProbePorts, policy: GuardPolicy): ProbePorts {
  const beacon = beaconAddresses(policy.beacon)
  const nat64 = nat64Policy()
  return {
    ...ports,
    dns: guardedDns(ports.dns, beacon, nat64),
    tcp: guardedTcp(ports.tcp, policy.alsoTcp, nat64.judge),
    stun: guardedStun(ports.stun, nat64.judge),
    host: guardedHost(ports.host),
  }
}

interface Learned {
  note(name: string, addresses: readonly string[]): void
  has(address: string): boolean
}

/** The beacon's own addresses, learned from answers to its two host names and nothing else; private ones never count. */
function beaconAddresses(zone: string | null): Learned {
  const names = zone === null ? [] : [normalName(`ns.${zone}`), normalName(`silent.${zone}`)]
  const known = new Set<string>()
  return {
    note: (name, addresses) => {
      const plain = normalName(name)
      if (plain === null || !names.includes(plain)) return
      for (const address of addresses) if (addressPolicy(address).allowed) known.add(address)
    },
    has: (address) => [...known].some((one) => sameAddress(one, address)),
  }
}

type Judge = (address: string) => AddressPolicy

function guardedDns(dns: DnsPort, beacon: Learned, nat64: Nat64Policy): DnsPort {
  const learn = (name: string, addresses: readonly string[]): void => {
    beacon.note(name, addresses)
    nat64.note(name, addresses)
  }
  const configured = (server: string): boolean =>
    dns.servers().some((known) => known === server || sameAddress(known, server))
  return {
    servers: () => dns.servers(),
    query: async (query, signal) => {
      const trusted = configured(query.server)
      const verdict = trusted ? done(null) : askedBeacon(query, beacon)
      if (!verdict.ok) return verdict
      const answer = await dns.query(query, signal)
      if (answer.ok && trusted) learn(query.name, addressesOf(answer.result))
      return answer
    },
    systemLookup: async (name, family, timeoutMs, signal) => {
      const answer = await dns.systemLookup(name, family, timeoutMs, signal)
      if (answer.ok) {
        learn(
          name,
          answer.result.addresses.map(({ address }) => address),
        )
      }
      return answer
    },
  }
}

function askedBeacon(query: DnsQuery, beacon: Learned): Outcome<null> {
  const policy = addressPolicy(query.server)
  if (!policy.allowed) return refuse(query.server, 53, policy.why)
  return beacon.has(query.server) ? done(null) : refuse(query.server, 53, 'not a configured DNS server')
}

function addressesOf(answer: DnsAnswer): readonly string[] {
  return answer.records.filter(({ type }) => type === 'A' || type === 'AAAA').map(({ data }) => data)
}

function guardedTcp(tcp: TcpPort, also: readonly HostPort[], policyOf: Judge): TcpPort {
  const judge = (target: DialTarget & { readonly host?: string }): Outcome<null> => {
    const named = ({ host, port }: HostPort): boolean =>
      port === target.port && (sameAddress(host, target.address) || host === target.host)
    return also.some(named) ? done(null) : publicOn(target, WEB_PORTS, policyOf)
  }
  const allowed = <T extends DialTarget & { readonly host?: string }, R>(
    run: (target: T, signal: AbortSignal) => Promise<Outcome<R>>,
  ) => {
    return async (target: T, signal: AbortSignal): Promise<Outcome<R>> => {
      const verdict = judge(target)
      return verdict.ok ? run(target, signal) : verdict
    }
  }
  return {
    largeHello: tcp.largeHello,
    connect: allowed((target, signal) => tcp.connect(target, signal)),
    handshake: allowed((target, signal) => tcp.handshake(target, signal)),
    request: allowed((target, signal) => tcp.request(target, signal)),
    // A file comes from a front door alone: neither an echo nor a proxy is asked for one.
    download: async (target, signal) => {
      const verdict = publicOn(target, DOWNLOAD_PORTS, policyOf)
      return verdict.ok ? tcp.download(target, signal) : verdict
    },
    tunnel: async (target, signal) => {
      const { address, port, host } = target.proxy
      const configured = also.some(
        (known) => port === known.port && (sameAddress(known.host, address) || known.host === host),
      )
      if (!configured) return refuse(address, port, 'not a configured proxy')
      if (!WEB_PORTS.has(target.port)) return refuse(target.host, target.port, 'not a port of its set')
      return tcp.tunnel(target, signal)
    },
  }
}

/** Nothing is sent to find a source address, but only public addresses have one that matters. */
function guardedHost(host: HostDoor): HostDoor {
  return {
    interfaces: () => host.interfaces(),
    sourceTowards: async (address, signal) => {
      const policy = addressPolicy(address)
      return policy.allowed ? host.sourceTowards(address, signal) : refuse(address, 0, policy.why)
    },
  }
}

function guardedStun(stun: StunPort, policyOf: Judge): StunPort {
  const guarded = async <R>(target: DialTarget, run: () => Promise<Outcome<R>>): Promise<Outcome<R>> => {
    const verdict = publicOn(target, STUN_PORTS, policyOf)
    return verdict.ok ? run() : verdict
  }
  return {
    binding: (target, signal) => guarded(target, () => stun.binding(target, signal)),
    train: (target, plan, signal) => guarded(target, () => stun.train(target, plan, signal)),
    hops: (target, signal) => guarded(target, () => stun.hops(target, signal)),
  }
}

function publicOn(target: DialTarget, ports: ReadonlySet<number>, policyOf: Judge): Outcome<null> {
  const policy = policyOf(target.address)
  if (!policy.allowed) return refuse(target.address, target.port, policy.why)
  return ports.has(target.port) ? done(null) : refuse(target.address, target.port, 'not a port of its set')
}

function refuse(address: string, port: number, why: string): Outcome<never> {
  return failed('policy-refused', `${address} port ${port}: ${why}`)
}
