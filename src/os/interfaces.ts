import { Resolver } from 'node:dns'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { HostAddress } from '../core/ports.ts'
import { withAskedByStub } from './stub-servers.ts'

/** The addresses by which this host may reach others: no loopback, no link-local. */
export function hostAddresses(): readonly HostAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ internal, address }) => !internal && !/^(fe[89ab]|169\.254\.)/i.test(address))
      .map(({ address, family }) => ({ name, address, family: family === 'IPv6' ? 6 : 4 }) as const),
  )
}

/**
 * The DNS servers that the system has configured now, in order, as literal addresses without ports. Each new resolver
 * reads the configuration anew (0.1 ms on Linux); what `dns.getServers()` tells stays as it was when the process began.
 * Behind systemd-resolved's stub come those that it asks itself.
 */
export function systemResolvers(): readonly string[] {
  return withAskedByStub(resolverAddresses(new Resolver().getServers()))
}

/** Takes the ports off what Node gives: `1.2.3.4`, `1.2.3.4:5353`, `2001:db8::1`, `[2001:db8::1]:5353`. */
export function resolverAddresses(servers: readonly string[]): readonly string[] {
  const addresses = servers.map((server) => {
    if (isIP(server) !== 0) return server
    return /^\[(.+)\]:\d+$/.exec(server)?.[1] ?? server.replace(/:\d+$/, '')
  })
  return [...new Set(addresses.filter((address) => isIP(address) !== 0))]
}
