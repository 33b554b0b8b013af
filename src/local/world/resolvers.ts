import { performance } from 'node:perf_hooks'
import type { Answer } from 'dns-packet'
import type { Atlas } from './atlas.ts'
import type { Zone } from './beacon-zone.ts'
import {
  address,
  found,
  nxdomain,
  type Question,
  RCODE,
  type Response,
  type Subnet,
  txt,
} from './dns-message.ts'
import { clothed, lacksIpv6 } from './nat64.ts'
import type { ResolverSpec, Whereabouts } from './spec.ts'
import type { Timers } from './timers.ts'

/** Answers kept per resolver; the oldest go first. */
const MOST_CACHED = 2_000

/** Asks one resolver. `client` is the address that its client shows it. `undefined` is silence. */
export type Ask = (question: Question, client: string) => Promise<Response | undefined>

/** A zone and where its servers are. */
export interface Authority {
  readonly zone: Zone
  readonly whereabouts: Whereabouts
}

interface Cached {
  readonly response: Response
  /** In ms of the monotonic clock. */
  readonly at: number
  readonly until: number
}

const ttlOf = (answers: readonly Answer[]): number =>
  answers.length === 0 ? 0 : Math.min(...answers.map((record) => ('ttl' in record ? (record.ttl ?? 0) : 0)))

/** What is left of an answer's lifetime, as a cache tells it. */
const aged = ({ response, at }: Cached, now: number): Response => ({
  ...response,
  authoritative: false,
  answers: response.answers.map((record) =>
    'ttl' in record
      ? { ...record, ttl: Math.max(0, (record.ttl ?? 0) - Math.floor((now - at) / 1000)) }
      : record,
  ) as Answer[],
})

const createCache = () => {
  const kept = new Map<string, Cached>()
  return {
    get: (key: string): Response | undefined => {
      const cached = kept.get(key)
      const now = performance.now()
      if (cached === undefined || cached.until <= now) return undefined
      return aged(cached, now)
    },
    put: (key: string, response: Response): void => {
      const ttl = ttlOf(response.answers)
      if (ttl === 0 || response.rcode !== RCODE.noError) return
      if (kept.size >= MOST_CACHED) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest)
      const at = performance.now()
      kept.set(key, { response, at, until: at + ttl * 1000 })
    },
  }
}

const subnetFor = (spec: ResolverSpec, question: Question, client: string): Subnet | undefined => {
  if (spec.ecs === 'pass') return question.subnet
  if (spec.ecs !== 'add' || client.includes(':')) return undefined
  return question.subnet ?? { address: client.replace(/\d+$/, '0'), prefix: 24 }
}

const chaosAnswer = (spec: ResolverSpec, question: Question): Response => {
  const known =
    ['id.server', 'hostname.bind'].includes(question.name.toLowerCase()) && question.type === 'TXT'
  return known && spec.id !== undefined
    ? { ...found([txt(question.name, [spec.id])]), authoritative: false }
    : { rcode: RCODE.refused, answers: [], authoritative: false }
}

const tooLong: Response = { rcode: RCODE.noError, answers: [], authoritative: false, truncated: true }

/** The resolvers of a world, each with its own cache and its own place, by claimed address (and office, if private). */
export const createResolvers = (
  specs: readonly ResolverSpec[],
  world: { readonly atlas: Atlas; readonly timers: Timers; readonly authorities: readonly Authority[] },
): ((address: string, office: string) => Ask | undefined) => {
  const { atlas, timers, authorities } = world

  /** Asks the authorities from one egress of a resolver; takes a round trip to the one that answers. */
  const resolve = async (question: Question, from: string, place: string): Promise<Response> => {
    for (const { zone, whereabouts } of authorities) {
      const response = zone(question, from)
      if (response === undefined) continue
      await timers.sleep(place === 'anycast' ? atlas.rtt('', 'anycast') : atlas.rtt(place, whereabouts))
      return response
    }
    await timers.sleep(atlas.rtt('', 'anycast'))
    return nxdomain
  }

  const build = (spec: ResolverSpec): Ask => {
    const cache = createCache()
    const exits = spec.egress ?? [{ address: spec.address }]
    let turn = 0
    const upstream = async (question: Question): Promise<Response | undefined> => {
      const exit = exits[turn++ % exits.length] ?? { address: spec.address }
      const place = exit.place ?? spec.place
      if (spec.forwardsTo === undefined) return resolve(question, exit.address, place)
      const next = specs.find((one) => one.address === spec.forwardsTo)
      if (next === undefined)
        throw new Error(`no resolver at ${spec.forwardsTo}, which ${spec.address} forwards to`)
      await timers.sleep(atlas.rtt(place, next.place))
      return asks.get(next)?.(question, exit.address)
    }
    return async (question, client) => {
      if (spec.behaviour === 'silent') return undefined
      if (spec.behaviour === 'refuses') return { rcode: RCODE.refused, answers: [], authoritative: false }
      if (spec.behaviour === 'servfail') return { rcode: RCODE.servfail, answers: [], authoritative: false }
      if (spec.onlyOverTcp === true && question.proto === 'udp') return tooLong
      if (question.chaos) return chaosAnswer(spec, question)
      const told = question.type === 'TXT' ? spec.tells?.[question.name.toLowerCase()] : undefined
      if (told !== undefined) {
        return { ...found(told.map((text) => txt(question.name, [text], 60))), authoritative: false }
      }
      const invented = spec.invents?.[question.name.toLowerCase()]
      if (invented !== undefined) {
        return {
          ...found(question.type === 'A' ? [address(question.name, invented, 60)] : []),
          authoritative: false,
        }
      }
      const subnet = subnetFor(spec, question, client)
      // Question 0x20 case is kept towards the authority and ignored by the cache, as resolvers do.
      const key = `${question.name.toLowerCase()}|${question.type}|${subnet?.address ?? ''}/${subnet?.prefix ?? ''}`
      const cached = cache.get(key)
      if (cached !== undefined) return cached
      const asked: Question = { ...question, edns: { bufsize: 1232, dnssecOk: true }, subnet, proto: 'udp' }
      const own = await upstream(asked)
      const in4 = spec.dns64 !== undefined && own !== undefined && lacksIpv6(asked, own)
      const over4 = in4 ? await upstream({ ...asked, type: 'A' }) : undefined
      const response = spec.dns64 !== undefined && over4 !== undefined ? clothed(spec.dns64, over4) : own
      if (response === undefined) return undefined
      cache.put(key, response)
      if (response.rcode === RCODE.nxdomain && spec.rewritesNxdomain !== undefined && question.type === 'A') {
        return { ...found([address(question.name, spec.rewritesNxdomain, 60)]), authoritative: false }
      }
      return { ...response, authoritative: false }
    }
  }
  const asks = new Map(specs.map((spec) => [spec, build(spec)]))
  return (claimed, office) => {
    const own = specs.find((spec) => spec.address === claimed && spec.office === office)
    const spec = own ?? specs.find((one) => one.address === claimed && one.office === undefined)
    return spec && asks.get(spec)
  }
}
