import type { Clock, HostAddress, ProbePorts, Random } from '../core/ports.ts'
import { type Dialer, directDialer } from './dialer.ts'
import { askServer } from './dns-client.ts'
import { gatewayDialer } from './gateway-dialer.ts'
import { type GuardPolicy, guardedPorts, type HostPort } from './guard.ts'
import { realHost, worldHost } from './host-view.ts'
import { bundledRoots, type CleanRoots, secureContextOf } from './public-roots.ts'
import { stunClient } from './stun.ts'
import { realLookup, worldLookup } from './system-lookup.ts'
import { tcpProbe } from './tcp-probe.ts'
import type { World } from './world-file.ts'

/** What the doors are made of. */
export interface ProbePortsOptions {
  /** Null: the real host and the real Internet. */
  readonly world: World | null
  /** The real host's configured DNS servers, asked for each time: they change when a laptop moves. */
  readonly systemResolvers: () => readonly string[]
  /** The real host's addresses. */
  readonly hostAddresses: () => readonly HostAddress[]
  /** How many of the host's own lookups there are threads for at a time. */
  readonly lookupsAtOnce: number
  readonly clock: Clock
  readonly random: Random
  readonly policy: GuardPolicy
  /** Clean roots made earlier by `rootsFor`. */
  readonly roots: CleanRoots
}

/** The dialer for a world with a gateway, or for the host's own routes. */
export function dialerFor(world: World | null): Dialer {
  return world?.gateway === undefined ? directDialer : gatewayDialer(world.gateway)
}

/** Getaddrinfo, where it leads to the world's own resolvers: never behind a gateway. */
function asksTheHost(world: World | null): boolean {
  return (
    world === null || [world.gateway, world.resolvers, world.systemLookup].every((key) => key === undefined)
  )
}

/**
 * The clean roots of a world, or Node's own, and `further` ones that the operator names. Takes about 35 ms: once, before
 * anything is timed.
 */
export function rootsFor(world: World | null, further: readonly string[] = []): CleanRoots {
  return secureContextOf([...(world?.roots ?? bundledRoots()), ...further])
}

/** The policy that a configuration amounts to: the echo and the proxies may be private, on any port. */
export function policyFor(settings: {
  readonly beacon: string | null
  readonly echo: string | null
  readonly proxies: readonly string[]
}): GuardPolicy {
  const urls = settings.echo === null ? settings.proxies : [settings.echo, ...settings.proxies]
  return { beacon: settings.beacon, alsoTcp: urls.map(hostPort) }
}

function hostPort(text: string): HostPort {
  const { hostname, port, protocol } = new URL(text)
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return { host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
}

/**
 * The doors that probes are given: behind the guard, and the same code in a world and out of it. Only the dialer and what
 * stands for getaddrinfo differ.
 */
export function probePorts(options: ProbePortsOptions): ProbePorts {
  const { world, random, clock, roots, policy } = options
  const dialer = dialerFor(world)
  const servers = (): readonly string[] => world?.resolvers ?? options.systemResolvers()
  const query: ProbePorts['dns']['query'] = (question, signal) =>
    askServer({ dialer, random }, question, signal)
  const lookups = asksTheHost(world)
    ? realLookup(options.lookupsAtOnce)
    : worldLookup(world?.systemLookup ?? servers().slice(0, 1), query)
  const ports: ProbePorts = {
    dns: { query, servers, systemLookup: lookups },
    tcp: tcpProbe(dialer, roots),
    stun: stunClient(dialer, random),
    host: world?.interfaces === undefined ? realHost(options.hostAddresses) : worldHost(world.interfaces),
    random,
    clock,
  }
  return guardedPorts(ports, policy)
}
