import { parsePrefix } from '../../core/nat64.ts'
import type { Atlas } from './atlas.ts'
import type { NetworkSpec, WorldSpec } from './spec.ts'

/**
 * Looks up every place and server that a spec names, and throws for the first that it does not have. Found at the
 * start, a typo is one sentence; found later, it is a runner's failed measurement.
 */
export const refuseContradictions = (spec: WorldSpec, atlas: Atlas): void => {
  const hasPlace = (name: string): void => {
    if (name !== 'anycast') atlas.place(name)
  }
  const hasResolver = (address: string, by: string): void => {
    if (spec.resolvers.every((resolver) => resolver.address !== address)) {
      throw new Error(`the world ${spec.name} has no resolver at ${address}, which ${by} names`)
    }
  }
  const hasPrefix = (prefix: string, by: string): void => {
    if (parsePrefix(prefix) === null)
      throw new Error(
        `the world ${spec.name} has no NAT64 at ${prefix}, which ${by} names: RFC 6052 allows no such prefix`,
      )
  }
  const checkNetwork = (network: Partial<NetworkSpec>, by: string): void => {
    for (const path of [network, ...(network.routes ?? [])]) if (path.backhaul) hasPlace(path.backhaul.via)
    if (network.nat64 !== undefined) hasPrefix(network.nat64.prefix, by)
    if (network.hijackedBy !== undefined) hasResolver(network.hijackedBy, by)
    for (const address of network.systemLookup ?? []) {
      if (network.resolvers && !network.resolvers.includes(address)) {
        throw new Error(`${by} looks names up at ${address}, which is not among its resolvers`)
      }
    }
  }
  for (const resolver of spec.resolvers) {
    hasPlace(resolver.place)
    for (const exit of resolver.egress ?? []) if (exit.place !== undefined) hasPlace(exit.place)
    if (resolver.dns64 !== undefined) hasPrefix(resolver.dns64, resolver.address)
    if (resolver.forwardsTo !== undefined) hasResolver(resolver.forwardsTo, resolver.address)
    for (const code of resolver.doors ?? []) hasPlace(code)
  }
  for (const office of spec.offices) {
    checkNetwork(office.network, office.name)
    for (const runner of office.runners) checkNetwork(runner.network ?? {}, runner.name)
  }
  for (const service of [spec.beacon, spec.echo, spec.endpoints]) if (service) hasPlace(service.place)
  const runners = spec.offices.flatMap((office) => office.runners.map(({ name }) => name))
  if (new Set(runners).size < runners.length)
    throw new Error(`two runners of the world ${spec.name} have one name`)
}
