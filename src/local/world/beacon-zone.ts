import type { Answer } from 'dns-packet'
import { familyOf } from './addresses.ts'
import { address, found, nxdomain, type Question, type Response, subnetText, txt } from './dns-message.ts'
import type { WorldSpec } from './spec.ts'

/** Names of the zone that do not change may be kept this long, in seconds; what depends on the asker may not at all. */
const FIXED_TTL = 300
/** Sightings kept per beacon before the oldest go, so that a long-lived demo does not grow. */
const MOST_NONCES = 10_000

/** Answers one zone's questions; `undefined` for names that are not its own. */
export type Zone = (question: Question, asker: string) => Response | undefined

const sighting = (question: Question, asker: string): string[] => [
  'v=1',
  `ns=${asker}`,
  `ecs=${subnetText(question.subnet)}`,
  `proto=${question.proto}`,
  `do=${question.edns?.dnssecOk ? 1 : 0}`,
  `bufsize=${question.edns?.bufsize ?? 512}`,
  `qname=${question.name}`,
]

const askerRecord = (question: Question, asker: string): Answer | undefined => {
  const family = familyOf(asker) === 'ipv4' ? 'A' : 'AAAA'
  return question.type === family ? { type: family, name: question.name, ttl: 0, data: asker } : undefined
}

/** The beacon's zone as world.md describes it. What was seen stays in memory for `s-<nonce>`. */
export const beaconZone = (beacon: NonNullable<WorldSpec['beacon']>): Zone => {
  const zone = beacon.zone.toLowerCase()
  const seen = new Map<string, string[][]>()
  const fixed = (question: Question, data: string): Response =>
    found(question.type === 'A' ? [address(question.name, data, FIXED_TTL)] : [])

  const readBack = (question: Question, nonce: string): Response => {
    const sightings = seen.get(nonce)
    if (sightings === undefined) return nxdomain
    return found(question.type === 'TXT' ? sightings.map((strings) => txt(question.name, strings)) : [])
  }
  const nonceAnswer = (question: Question, nonce: string, asker: string): Response => {
    const strings = sighting(question, asker)
    seen.set(nonce, [...(seen.get(nonce) ?? []), [...strings, `type=${question.type}`]])
    if (seen.size > MOST_NONCES) for (const oldest of [...seen.keys()].slice(0, 1)) seen.delete(oldest)
    if (question.type === 'TXT') return found([txt(question.name, strings)])
    const record = askerRecord(question, asker)
    return found(record ? [record] : [])
  }
  return (question, asker) => {
    const name = question.name.toLowerCase()
    if (name === zone) {
      return found(
        question.type === 'NS'
          ? [{ type: 'NS', name: question.name, ttl: FIXED_TTL, data: `ns.${zone}` }]
          : [],
      )
    }
    if (!name.endsWith(`.${zone}`)) return undefined
    const label = name.slice(0, -zone.length - 1)
    if (label === 'ns') return fixed(question, beacon.address)
    if (label === 'silent') return fixed(question, beacon.silent)
    if (label.includes('.') || label.startsWith('x-')) return nxdomain
    if (label.startsWith('s-')) return readBack(question, label.slice(2))
    return nonceAnswer(question, label, asker)
  }
}

/** The public whoami names in the forms that were recorded. */
export const whoamiZone: Zone = (question, asker) => {
  const name = question.name.toLowerCase()
  const ecs = subnetText(question.subnet)
  if (name === 'o-o.myaddr.l.google.com') {
    const subnet = ecs === '-' ? [] : [txt(question.name, [`edns0-client-subnet ${ecs}`])]
    return found(question.type === 'TXT' ? [txt(question.name, [asker]), ...subnet] : [])
  }
  if (name === 'whoami.akamai.net')
    return found(question.type === 'A' ? [address(question.name, asker, 0)] : [])
  if (name === 'whoami.ds.akahelp.net') {
    const subnet = ecs === '-' ? [] : [txt(question.name, ['ecs', `${ecs}/0`])]
    return found(
      question.type === 'TXT'
        ? [txt(question.name, ['ns', asker]), ...subnet, txt(question.name, ['ip', asker])]
        : [],
    )
  }
  return undefined
}
