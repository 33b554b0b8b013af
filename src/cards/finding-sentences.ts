import { FAILURES } from '../core/failure.ts'
import type {
  ChainState,
  DoorSeen,
  DoorTimed,
  Finding,
  FindingArgs,
  FindingCode,
  Located,
  Question,
  ResolverPlace,
  ResolverSeen,
} from '../core/finding.ts'
import { countText, kmText, listText, msText } from './formats.ts'
import { outside } from './text.ts'

const RESOLVER_PLACES: Readonly<Record<ResolverPlace, string>> = {
  registered: 'registered for the office',
  near: 'near',
  bounded: 'near by time',
  far: 'far',
  unlocated: 'at an unknown place',
  disputed: 'at a disputed place',
}

const CHAINS: Readonly<Record<ChainState, string>> = {
  clean: 'its certificate chain verifies against the public roots',
  'clean-with-known-intermediate': 'its chain verifies once the known intermediate is added',
  impostor: 'a public issuer’s name signs with another key, so the traffic is inspected',
  'unknown-authority': 'its certificate comes from an authority that no public root vouches for',
  incomplete: 'its certificate chain is incomplete',
  unsettled: 'its certificate chain settles nothing',
}

const ASKED: Readonly<Record<string, string>> = {
  resolver: 'Which resolver serves the office',
  door: 'Which front door serves',
  edge: 'Which edge takes in the traffic to',
  'relay-egress': 'Where Teams traffic leaves',
  'default-egress': 'Where other traffic leaves',
  rtt: 'The round trip to',
  tls: 'The certificate of',
}

/** What was asked, as the beginning of a sentence. */
function askedText(question: Question): string {
  const [kind = '', ...rest] = question.split(':')
  const subject = rest.join(':')
  const asked = ASKED[kind] ?? 'One question'
  return subject === '' ? asked : `${asked} ${outside(subject)}`
}

function locatedText(at: Located): string {
  const parts = [outside(at.address)]
  if (at.label !== null) parts.push(outside(at.label))
  if (at.km !== null) parts.push(`${kmText(at.km)} away`)
  if (at.owner !== null) parts.push(`owned by ${outside(at.owner)}`)
  if (at.registered) parts.push('registered for the office')
  if (at.otherOffices.length > 0) parts.push(`in the range of ${listText(at.otherOffices.map(outside))}`)
  return parts.join(', ')
}

function resolverText(seen: ResolverSeen): string {
  const times = [
    seen.cachedMs === null ? '' : `${msText(seen.cachedMs)} for a known name`,
    seen.uncachedMs === null ? '' : `${msText(seen.uncachedMs)} for a new one`,
  ].filter((text) => text !== '')
  const parts = [locatedText(seen)]
  if (!seen.registered && seen.km === null) parts.push(RESOLVER_PLACES[seen.place])
  else if (seen.place === 'bounded' || seen.place === 'disputed') parts.push(RESOLVER_PLACES[seen.place])
  if (seen.nonces > 0) parts.push(countText(seen.nonces, 'one-time name'))
  if (times.length > 0) parts.push(listText(times))
  if (seen.clientSubnet !== null) parts.push(`client subnet ${outside(seen.clientSubnet)}`)
  return parts.join(', ')
}

function doorText(door: DoorSeen): string {
  const code = door.header ?? door.named
  const km = door.header === null ? door.namedKm : door.headerKm
  const parts = [code === null ? 'a door with no name' : outside(code)]
  if (km !== null) parts.push(`${kmText(km)} away`)
  if (door.named !== null && door.header !== null && door.named !== door.header)
    parts.push(`though DNS named ${outside(door.named)}`)
  if (!door.reached)
    parts.push(door.failure === null ? 'not reached' : `not reached: ${FAILURES[door.failure]}`)
  if (door.servers.length > 0) parts.push(`by the word of ${listText(door.servers.map(outside))}`)
  return parts.join(', ')
}

function timedText(door: DoorTimed): string {
  const name =
    door.code === null ? outside(door.address) : `${outside(door.code)} at ${outside(door.address)}`
  if (door.minMs === null) return `${name} gave no time: ${FAILURES[door.failure ?? 'timeout']}`
  const median = door.medianMs === null ? '' : `, ${msText(door.medianMs)} usually`
  const km = door.km === null ? '' : `, ${kmText(door.km)} away`
  return `${name}${km}: ${msText(door.minMs)} at best${median}`
}

type Sentences = { readonly [C in FindingCode]: (args: FindingArgs[C]) => string }

const SENTENCES: Sentences = {
  unmeasured: ({ question, failure }) => `${askedText(question)} was not learned: ${FAILURES[failure]}.`,
  'resolvers-seen': ({ method, serving, idle, mute }) =>
    [
      serving.length === 0
        ? 'No resolver was seen to serve the office’s lookups.'
        : `${method === 'beacon' ? 'The beacon was' : 'Public whoami names were'} asked from ${listText(serving.map(resolverText))}.`,
      idle.length === 0 ? '' : `Configured but not used: ${listText(idle.map(resolverText))}.`,
      mute.length === 0
        ? ''
        : `No answer from ${listText(mute.map(({ server, failure }) => `${outside(server)}: ${FAILURES[failure]}`))}.`,
    ]
      .filter((text) => text !== '')
      .join(' '),
  'doors-seen': ({ host, doors, nearest }) =>
    `${outside(host)} leads to ${doors.length === 0 ? 'no door' : listText(doors.map(doorText))}.${
      nearest === null
        ? ''
        : ` The nearest known door is ${outside(nearest.code)}, ${kmText(nearest.km)} away.`
    }`,
  'edge-seen': ({ host, code, km, label, minMs }) =>
    `${outside(host)} takes the traffic in at ${[
      code === null ? 'an edge that gives no name' : outside(code),
      label === null ? '' : outside(label),
      km === null ? '' : `${kmText(km)} away`,
      minMs === null ? '' : `${msText(minMs)} at best`,
    ]
      .filter((text) => text !== '')
      .join(', ')}.`,
  'relay-egress-seen': ({ flows, region }) =>
    `${
      flows.length === 0
        ? 'No flow was sent to the Teams relay'
        : `The Teams relay saw ${listText([
            ...new Set(
              flows.map(({ to, from, failure }) =>
                from === null
                  ? `nothing at ${outside(to)}: ${FAILURES[failure ?? 'timeout']}`
                  : locatedText(from),
              ),
            ),
          ])}`
    }.${region === null ? '' : ` Its region is ${outside(region)}.`}`,
  'default-egress-seen': ({ from }) =>
    `Other traffic leaves from ${locatedText(from)}. This is shown, not judged.`,
  'door-timed': ({ host, doors }) =>
    doors.length === 0
      ? `No door of ${outside(host)} was timed.`
      : `Round trips to ${outside(host)}: ${listText(doors.map(timedText))}.`,
  'tls-seen': ({ host, chain, issuer, tcpMs, tlsRoundTripMs, tlsVersion, ...seen }) => {
    const times = [
      tcpMs === null ? '' : `TCP ${msText(tcpMs)}`,
      tlsRoundTripMs === null ? '' : `TLS ${msText(tlsRoundTripMs)} per round trip`,
    ].filter((text) => text !== '')
    return [
      `${outside(host)}: ${CHAINS[chain]}. The issuer it names is ${outside(issuer)}${tlsVersion === null ? '' : `, over ${outside(tlsVersion)}`}.`,
      times.length === 0 ? '' : `${listText(times)}.`,
      seen.tcpTooFast ? 'TCP answers faster than light reaches the door.' : '',
      seen.proxyServerHeader ? 'A proxy put its header into the answer.' : '',
      seen.httpStatus === 407 ? 'A proxy asks for a sign-in.' : '',
      seen.smallHelloOnly ? 'Only a small ClientHello gets through.' : '',
    ]
      .filter((text) => text !== '')
      .join(' ')
  },
  'host-absent': ({ host }) => `${outside(host)} does not exist, so nothing can be inspected under it.`,
  'private-answer': ({ host, address, kind }) =>
    `${outside(host)} leads to ${outside(address)}, ${
      kind === 'private'
        ? 'a private address'
        : kind === 'cgnat'
          ? 'a carrier’s shared address'
          : 'no public address'
    }.`,
  'outside-ranges': ({ host, address }) =>
    `${outside(host)} leads to ${outside(address)}, outside Microsoft’s published ranges.`,
}

/** What a finding says, in words. Addresses and names are outside text: the sentence belongs in a TextRun. */
export function findingSentence(finding: Finding): string {
  // The table holds one sentence per code, so code and arguments belong together; TypeScript cannot follow that.
  const sentence = SENTENCES[finding.code] as (args: Finding['args']) => string
  return sentence(finding.args)
}
