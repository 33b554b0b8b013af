import type { Answer } from 'dns-packet'
import { within } from './addresses.ts'
import { type Atlas, nearest } from './atlas.ts'
import type { Zone } from './beacon-zone.ts'
import { address, cname, found } from './dns-message.ts'
import { alongChain, publishedNames } from './microsoft-names.ts'
import type { DoorSpec, Point, RelaySpec, ResolverSpec, WorldSpec } from './spec.ts'

/** SharePoint's addresses, the same everywhere. */
export const SHAREPOINT_ADDRESSES = ['13.107.136.10', '13.107.138.10'] as const
const TTL = { alias: 300, farm: 60, code: 30, door: 8, edge: 240, relay: 30 } as const

/** The same in IPv6, for worlds that have it; all in the ranges that the endpoint list publishes for their sets. */
const SHAREPOINT_IPV6 = ['2620:1ec:8f8::10', '2620:1ec:908::10'] as const

export const sharePointAddresses = ({ ipv6 = false }: WorldSpec): readonly string[] =>
  ipv6 ? [...SHAREPOINT_ADDRESSES, ...SHAREPOINT_IPV6] : SHAREPOINT_ADDRESSES

export const doorAddresses = (
  door: DoorSpec,
  index: number,
  { ipv6 = false }: WorldSpec,
): readonly string[] =>
  door.addresses ?? [
    ...[2, 18, 34, 50].map((last) => `52.97.${index + 1}.${last}`),
    ...(ipv6 ? [`2603:1016:${index + 1}::2`, `2603:1016:${index + 1}::12`] : []),
  ]

export const relayAddresses = (
  relay: RelaySpec,
  index: number,
  { ipv6 = false }: WorldSpec,
): readonly string[] =>
  relay.addresses ?? [
    `52.113.${index + 1}.10`,
    `52.115.${index + 1}.11`,
    ...(ipv6 ? [`2603:1063:${index + 1}::a`, `2603:1063:${index + 1}::b`] : []),
  ]

export const EXCHANGE_NAMES: readonly string[] = [
  'outlook.office.com',
  'outlook.office365.com',
  'outlook.cloud.microsoft',
]

/** The chain of 2025 and after, entered at the name that was asked. */
const exchangeChain = (name: string, code: string, addresses: readonly string[]): Answer[] => {
  const [office365, cloud] = ['outlook.office365.com', 'outlook.cloud.microsoft']
  const door = `${code}-efz.ms-acdc.office.com`
  const mira = 'acdcatm.outlook.mira.tm.svc.cloud.microsoft'
  const links: [string, string, number][] = [
    ['outlook.office.com', 'substrate.office.com', TTL.alias],
    ['substrate.office.com', office365, TTL.alias],
    [office365, cloud, TTL.alias],
    [cloud, mira, TTL.alias],
    [mira, 'outlook.ms-acdc.office.com', TTL.farm],
    ['outlook.ms-acdc.office.com', door, TTL.code],
  ]
  const from = links.findIndex(([owner]) => owner === name)
  return [
    ...links.slice(from).map(([owner, target, ttl]) => cname(owner, target, ttl)),
    ...addresses.map((data) => address(door, data, TTL.door)),
  ]
}

const sharePointChain = (name: string, spec: WorldSpec): Answer[] => {
  const tenant = name.replace(/-my(?=\.sharepoint\.com$)/, '')
  const farm = '187170-ipv4.farm.dprodmgd104.aa-rt.sharepoint.com'
  const edge = 'spo-0004.spo-msedge.net'
  return [
    ...(tenant === name ? [] : [cname(name, tenant, 3600)]),
    cname(tenant, farm, TTL.farm),
    cname(farm, `${farm}.${edge}`, TTL.edge),
    cname(`${farm}.${edge}`, edge, TTL.edge),
    ...sharePointAddresses(spec).map((data) => address(edge, data, TTL.edge)),
  ]
}

/** Microsoft's authority: judges by the address that asks, as Traffic Manager and "anycast DNS" do. */
export const microsoftZone = (spec: WorldSpec, atlas: Atlas): Zone => {
  const published = publishedNames(spec.endpoints.list, spec.ipv6)
  const rows = spec.placeRows.map((row) => ({ holds: within([row.cidr]), row }))
  const turns = new Map<string, number>()
  const resolverAt = (asker: string): ResolverSpec | undefined =>
    spec.resolvers.find((one) => one.address === asker || one.egress?.some((out) => out.address === asker))
  const pointOf = (asker: string): Point => {
    const resolver = resolverAt(asker)
    const place = resolver?.egress?.find((out) => out.address === asker)?.place ?? resolver?.place
    if (place !== undefined && place !== 'anycast') return atlas.place(place)
    const office = spec.offices.find(({ network }) => network.egress.includes(asker))
    const point = office ?? rows.find(({ holds }) => holds(asker))?.row
    return point ?? nearest(spec.doors, { latitude: 0, longitude: 0 })
  }
  const doorFor = (asker: string, point: Point): DoorSpec => {
    const named = resolverAt(asker)?.doors
    if (named === undefined) return nearest(spec.doors, point)
    const turn = turns.get(asker) ?? 0
    turns.set(asker, turn + 1)
    const code = named[turn % named.length]
    const door = spec.doors.find((one) => one.code === code)
    if (door === undefined) throw new Error(`the world ${spec.name} has no door ${code}`)
    return door
  }
  const relayChain = (name: string, point: Point): Answer[] => {
    const relay = nearest(spec.relays, point)
    const target = `a-tr-teasc-${relay.label}.${relay.region}.cloudapp.azure.com`
    const addresses = relayAddresses(relay, spec.relays.indexOf(relay), spec)
    return [cname(name, target, TTL.relay), ...addresses.map((data) => address(target, data, TTL.relay))]
  }
  const chainOf = (name: string, asker: string, point: Point): Answer[] | undefined => {
    if (EXCHANGE_NAMES.includes(name)) {
      const door = doorFor(asker, point)
      return exchangeChain(name, door.code, doorAddresses(door, spec.doors.indexOf(door), spec))
    }
    const named = /^([a-z]{3})-efz\.ms-acdc\.office\.com$/.exec(name)?.[1]?.toUpperCase()
    const door = spec.doors.find(({ code }) => code === named)
    if (door !== undefined)
      return doorAddresses(door, spec.doors.indexOf(door), spec).map((data) => address(name, data, TTL.door))
    if (/^[a-z0-9-]+\.sharepoint\.com$/.test(name)) return sharePointChain(name, spec)
    if (/^(world|worldaz)\.tr\.teams\.microsoft\.com$/.test(name)) return relayChain(name, point)
    const own = published.addressesOf(name)
    return own.length === 0 ? undefined : own.map((one) => address(name, one, TTL.alias))
  }
  return (question, asker) => {
    const subnet = spec.authorityHonoursEcs === true && question.subnet?.prefix ? question.subnet : undefined
    const chain = chainOf(question.name.toLowerCase(), asker, pointOf(subnet?.address ?? asker))
    return chain === undefined ? undefined : found(alongChain(chain, question.type), subnet?.prefix)
  }
}
