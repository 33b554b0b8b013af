import type { Evidence, OwedQuestion } from '../../src/core/evidence.ts'
import type {
  DoorSeen,
  DoorTimed,
  Finding,
  FindingArgs,
  FindingCode,
  Located,
  MediaSeen,
  ResolverSeen,
} from '../../src/core/finding.ts'
import type { Owed, ProbeName } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import { anOffice } from '../support/check-kit.ts'
import { host, reach } from './build-more.ts'

export const NOW = Date.UTC(2026, 10, 20, 14)
export const LIST = '2026110200'
export const HOST = 'outlook.office365.com'
export const EDGE = 'contoso.sharepoint.com'
export const RELAY = 'world.tr.teams.microsoft.com'
export const TEAMS = 'teams.microsoft.com'

/** London, with nothing registered. */
export function office(over: Partial<Office> = {}): Office {
  return anOffice('london', {
    at: { latitude: 51.51, longitude: -0.13 },
    timeZone: 'Europe/London',
    ...over,
  })
}

/** The same office with its range registered. */
export function registered(over: Partial<Office> = {}): Office {
  return office({ egress: ['203.0.113.16/28'], ...over })
}

export function located(over: Partial<Located> = {}): Located {
  return {
    address: '203.0.113.18',
    km: 10,
    label: 'London',
    owner: null,
    registered: false,
    otherOffices: [],
    ...over,
  }
}

export function flows(...from: readonly (Partial<Located> | null)[]): FindingArgs['relay-egress-seen'] {
  return {
    region: null,
    flows: from.map((at) => ({
      to: '52.112.0.1',
      from: at === null ? null : located(at),
      failure: at === null ? 'timeout' : null,
      // No answer can be faster than light to where the flow leaves.
      rttMs: at === null ? null : 20 + (at.km ?? 0) / 50,
    })),
  }
}

export function resolver(over: Partial<ResolverSeen> = {}): ResolverSeen {
  return {
    ...located({ address: '203.0.113.53' }),
    place: 'near',
    nonces: 8,
    servers: ['10.1.0.53'],
    cachedMs: 0.5,
    uncachedMs: 14,
    timeSaysFar: false,
    clientSubnet: null,
    subnetScope: null,
    alsoFrom: [],
    overTcpOnly: false,
    ...over,
  }
}

export function farResolver(over: Partial<ResolverSeen> = {}): ResolverSeen {
  return resolver({ address: '198.51.100.53', km: 7700, place: 'far', ...over })
}

export function resolvers(
  serving: readonly ResolverSeen[] = [resolver()],
  idle: readonly ResolverSeen[] = [],
): FindingArgs['resolvers-seen'] {
  return { method: 'beacon', serving, idle, mute: [] }
}

export function door(over: Partial<DoorSeen> = {}): DoorSeen {
  return {
    named: 'LHR',
    header: 'LHR',
    reached: true,
    failure: null,
    addresses: ['52.96.1.1'],
    servers: ['10.1.0.53'],
    bySystem: true,
    namedKm: 23,
    headerKm: 23,
    ...over,
  }
}

export function farDoor(over: Partial<DoorSeen> = {}): DoorSeen {
  return door({
    named: 'EAT',
    header: 'EAT',
    namedKm: 7700,
    headerKm: 7700,
    addresses: ['52.96.2.1'],
    ...over,
  })
}

export function doors(
  seen: readonly DoorSeen[] = [door()],
  nearest: FindingArgs['doors-seen']['nearest'] = { code: 'LHR', km: 23 },
): FindingArgs['doors-seen'] {
  return { host: HOST, doors: seen, nearest }
}

export function timed(over: Partial<DoorTimed> = {}): DoorTimed {
  return {
    address: '52.96.1.1',
    code: 'LHR',
    km: 23,
    servers: ['10.1.0.53'],
    bySystem: true,
    minMs: 10,
    medianMs: 11,
    tlsRoundTripMs: 11,
    failure: null,
    ...over,
  }
}

export function times(...seen: readonly Partial<DoorTimed>[]): FindingArgs['door-timed'] {
  return { host: HOST, doors: seen.map(timed) }
}

export function edge(over: Partial<FindingArgs['edge-seen']> = {}): FindingArgs['edge-seen'] {
  return { host: EDGE, code: 'LON', km: 10, label: 'London', minMs: 10, ...over }
}

export function tls(over: Partial<FindingArgs['tls-seen']> = {}): FindingArgs['tls-seen'] {
  return {
    host: HOST,
    set: 1,
    category: 'Optimize',
    chain: 'clean',
    issuer: 'DigiCert',
    authorityKey: 'key-of-digicert',
    acceptedBySystem: true,
    tcpMs: 10,
    tlsRoundTripMs: 11,
    tlsVersion: 'TLSv1.3',
    busyMs: 0,
    tcpTooFast: false,
    httpStatus: 200,
    proxyServerHeader: false,
    smallHelloOnly: false,
    ...over,
  }
}

export function train(over: Partial<MediaSeen> = {}): MediaSeen {
  return {
    to: '52.112.0.1',
    sent: 500,
    lost: 0,
    reordered: 0,
    burst: 0,
    minMs: 11,
    medianMs: 12,
    jitterMs: 0.4,
    failure: null,
    ...over,
  }
}

/** How a train differs that nobody answered. */
export const SILENCE: Partial<MediaSeen> = {
  sent: 110,
  lost: 110,
  burst: 10,
  minMs: null,
  medianMs: null,
  jitterMs: null,
}

/** Trains to two relays: what is not given is a good one. */
export function trains(...seen: readonly Partial<MediaSeen>[]): FindingArgs['media-seen'] {
  const [first = {}, second = first] = seen
  const destinations = [train(first), train({ to: '52.112.0.2', ...second })]
  return { host: RELAY, destinations, hops: null }
}

export { download, host, proxied, reach } from './build-more.ts'

/** The questions of one runner, and which probe's measurement owes each. */
export const QUESTIONS: Readonly<Record<string, ProbeName>> = {
  resolver: 'resolver-identity',
  'relay-egress': 'egress',
  'default-egress': 'egress',
  [`door:${HOST}`]: 'front-door',
  [`edge:${EDGE}`]: 'front-door',
  [`rtt:${HOST}`]: 'rtt',
  [`tls:${HOST}`]: 'tls-path',
  [`tls:${EDGE}`]: 'tls-path',
  [`tls:${TEAMS}`]: 'tls-path',
  media: 'media',
  'reach:1': 'reach',
  'reach:8': 'reach',
  host: 'host',
  proxy: 'host',
}

/** Asked only when somebody asks for it: of a runner that says something to it, if only that nothing came. */
const ASKED_FOR: Readonly<Record<string, ProbeName>> = { throughput: 'throughput' }

/** One answer: a code and its arguments. */
export type Said = { readonly [C in FindingCode]: readonly [C, FindingArgs[C]] }[FindingCode]

/** What a healthy London says; `null` in place of an answer leaves the finding out. */
export function healthy(): Record<string, Said | null> {
  return {
    resolver: ['resolvers-seen', resolvers()],
    'relay-egress': ['relay-egress-seen', flows({}, {})],
    'default-egress': ['default-egress-seen', { from: located() }],
    [`door:${HOST}`]: ['doors-seen', doors()],
    [`edge:${EDGE}`]: ['edge-seen', edge()],
    [`rtt:${HOST}`]: ['door-timed', times({})],
    [`tls:${HOST}`]: ['tls-seen', tls()],
    [`tls:${EDGE}`]: ['tls-seen', tls({ host: EDGE, set: 31 })],
    [`tls:${TEAMS}`]: ['tls-seen', tls({ host: TEAMS, set: 12, category: 'Allow' })],
    media: ['media-seen', trains()],
    host: ['host-seen', host()],
    proxy: ['no-proxy-set', {}],
    'reach:1': ['reach-seen', reach()],
    'reach:8': ['reach-seen', reach({ set: 8, category: 'Default' }, { host: 'autodiscover.outlook.com' })],
  }
}

/** Every question of a runner that does not answer. */
export function silent(): Record<string, Said> {
  return Object.fromEntries(
    Object.keys(QUESTIONS).map((question): [string, Said] => [
      question,
      ['unmeasured', { question, failure: 'runner-silent' }],
    ]),
  )
}

export function finding(runnerId: string, question: string, said: Said): Finding {
  const measurementId = `${runnerId}/${{ ...QUESTIONS, ...ASKED_FOR }[question]}`
  return { code: said[0], args: said[1], question, runnerId, measurementId } as Finding
}

function askedOf(said: Readonly<Record<string, Said | null>>): Readonly<Record<string, ProbeName>> {
  const more = Object.entries(ASKED_FOR).filter(([question]) => Object.hasOwn(said, question))
  return { ...QUESTIONS, ...Object.fromEntries(more) }
}

/** Evidence of some runners, each given by how it differs from a healthy one. */
export function evidence(
  runners: Readonly<Record<string, Readonly<Record<string, Said | null>>>>,
  over: Partial<Evidence> = {},
): Evidence {
  const ids = Object.keys(runners)
  const probes = [...new Set(Object.values(QUESTIONS))]
  const owed = ids.flatMap((runnerId) =>
    probes.map(
      (probe): Owed => ({
        measurementId: `${runnerId}/${probe}`,
        officeId: 'london',
        runnerId,
        probe,
        params: { targets: [] },
      }),
    ),
  )
  const questions = ids.flatMap((runnerId) =>
    Object.entries(askedOf(runners[runnerId] ?? {})).map(
      ([question, probe]): OwedQuestion => ({ question, runnerId, measurementId: `${runnerId}/${probe}` }),
    ),
  )
  const findings = ids.flatMap((runnerId) =>
    Object.entries({ ...healthy(), ...runners[runnerId] }).flatMap(([question, said]) =>
      said === null ? [] : [finding(runnerId, question, said)],
    ),
  )
  return {
    office: office(),
    owed,
    questions,
    findings,
    seenElsewhere: [],
    chainsElsewhere: [],
    unmeasurableSets: [],
    listVersions: {
      hub: LIST,
      refreshedAt: NOW,
      runners: Object.fromEntries(ids.map((runnerId) => [runnerId, LIST])),
    },
    runnerNames: Object.fromEntries(ids.map((runnerId) => [runnerId, runnerId])),
    now: NOW,
    ...over,
  }
}

/** One runner, `lon-1`, that differs from a healthy one. */
export function one(
  said: Readonly<Record<string, Said | null>> = {},
  over: Partial<Evidence> = {},
): Evidence {
  return evidence({ 'lon-1': said }, over)
}

export function unmeasured(
  question: string,
  failure: FindingArgs['unmeasured']['failure'] = 'timeout',
): Said {
  return ['unmeasured', { question, failure }]
}

/** An override of the 800 km, or of another limit, that holds. */
export function override(
  criterion: Office['overrides'][number]['criterion'],
  value: number,
): Office['overrides'] {
  return [{ criterion, value, author: 'Ana', reason: 'far away', expiresAt: NOW + 1 }]
}
