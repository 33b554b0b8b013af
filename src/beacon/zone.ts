import { type Query, RCODE } from './query.ts'
import {
  addressRecords,
  anyRecord,
  CLASS_IN,
  nsRecord,
  type Rec,
  type Relative,
  soaRecord,
  TYPE,
  txtRecord,
} from './records.ts'
import { type Origin, type Sightings, sightingOf } from './sightings.ts'
import type { Reply } from './write-reply.ts'

/** How long what does not depend on the asker may be kept, in seconds. */
const FIXED_TTL = 300
const NS: Relative = ['ns']
/** 128 bits, as a runner makes them. */
const NONCE = /^[0-9a-f]{32}$/

/** The one zone that a beacon answers for. */
export interface ZoneData {
  /** Lower case, no final dot. */
  readonly zone: string
  /** The beacon's public addresses: `ns.<zone>`. */
  readonly addresses: readonly string[]
  /** Addresses where nothing answers: `silent.<zone>`. None: no such name. */
  readonly silent: readonly string[]
}

/** Answers a question; recording what it saw is its only effect. */
export type Zone = (query: Query, from: Origin) => Reply

const refused: Reply = {
  rcode: RCODE.refused,
  authoritative: false,
  labelsBefore: 0,
  answers: [],
  authority: [],
  additional: [],
}

/** The zone as world.md describes it. Names compare without case; class IN alone; nothing is ever looked up elsewhere. */
export function beaconZone(data: ZoneData, sightings: Sightings): Zone {
  const suffix = data.zone.split('.')
  const host = (owner: Rec['owner'], addresses: readonly string[]): readonly Rec[] =>
    addresses.flatMap((address) => addressRecords(owner, address, FIXED_TTL))

  /** Every record of a name; null when there is no such name. `s-<nonce>` exists once the nonce was seen. */
  const recordsAt = (labels: readonly string[], query: Query, from: Origin): readonly Rec[] | null => {
    if (labels.length === 0) return [soaRecord(NS, FIXED_TTL), nsRecord(NS, FIXED_TTL)]
    const [label = '', ...more] = labels
    if (more.length > 0) return null
    if (label === 'ns') return host('asked', data.addresses)
    if (label === 'silent') return data.silent.length === 0 ? null : host('asked', data.silent)
    if (NONCE.test(label)) {
      const sighting = sightingOf(query, from)
      sightings.record(label, sighting)
      return [txtRecord(sighting.strings, 0), ...addressRecords('asked', from.address, 0)]
    }
    const seen = label.startsWith('s-') ? sightings.read(label.slice(2)) : []
    if (seen.length === 0) return null
    return seen.map(({ strings, type }) => txtRecord([...strings, `type=${type}`], 0))
  }

  return (query, from) => {
    const labels = query.labels.map(lowerCase)
    const labelsBefore = labels.length - suffix.length
    const inside = labelsBefore >= 0 && suffix.every((label, at) => label === labels[labelsBefore + at])
    if (!inside || query.class !== CLASS_IN || isMeta(query.type)) return refused
    if (query.edns !== null && query.edns.version !== 0) return { ...refused, rcode: RCODE.badVers }
    const records = recordsAt(labels.slice(0, labelsBefore), query, from)
    const base: Reply = { ...refused, rcode: RCODE.noError, authoritative: true, labelsBefore }
    const authority = [soaRecord(NS, 0)]
    if (records === null) return { ...base, rcode: RCODE.nxDomain, authority }
    if (query.type === TYPE.ANY) return { ...base, answers: [anyRecord(0)] }
    const answers = records.filter((record) => record.type === query.type)
    if (answers.length === 0) return { ...base, authority }
    const additional = query.type === TYPE.NS ? host(NS, data.addresses) : []
    return { ...base, answers, additional }
  }
}

/** ASCII only, as DNS compares names (RFC 4343): `toLowerCase` would touch other bytes too. */
function lowerCase(label: string): string {
  return label.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Types that are no data: OPT, and questions like AXFR (RFC 6895 3.1), but ANY. */
function isMeta(type: number): boolean {
  return type === 0 || type === 41 || (type >= 128 && type < TYPE.ANY)
}
