import { done, type Failure, failed, type Outcome } from '../../src/core/failure.ts'
import type { Finding, FindingArgs, FindingCode } from '../../src/core/finding.ts'
import { distanceKm } from '../../src/core/geography.ts'
import type { Measurement, ProbeName, Target } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type {
  DnsAnswer,
  DnsPort,
  DnsQuery,
  DnsRecord,
  HostPort,
  HttpSeen,
  ProbeSettings,
  StunPort,
  SystemAnswer,
  TcpPort,
  TlsSeen,
} from '../../src/core/ports.ts'
import type { Atlas, Door, EvaluateContext, Place, ProbeContext } from '../../src/core/probe.ts'

export const SETTINGS: ProbeSettings = {
  beacon: null,
  echo: null,
  tenant: null,
  mediaSeconds: 10,
  download: null,
  systemRoots: null,
  cleanRoots: [],
  proxies: [],
  clockOffsetMs: () => 0,
}

export interface Fakes {
  readonly dns?: Partial<DnsPort>
  readonly tcp?: Partial<TcpPort>
  readonly stun?: Partial<StunPort>
  readonly host?: Partial<HostPort>
  readonly settings?: Partial<ProbeSettings>
  readonly signal?: AbortSignal
}

/** A probe's context of literal fakes: what a test does not name answers with a timeout. */
export function contextOf(fakes: Fakes): ProbeContext {
  let count = 0
  return {
    ports: {
      dns: {
        servers: () => [],
        query: async () => failed('dns-timeout'),
        systemLookup: async () => failed('dns-timeout'),
        ...fakes.dns,
      },
      tcp: {
        largeHello: true,
        connect: async () => failed('timeout'),
        handshake: async () => failed('timeout'),
        request: async () => failed('timeout'),
        download: async () => failed('timeout'),
        tunnel: async () => failed('timeout'),
        ...fakes.tcp,
      },
      stun: {
        binding: async () => failed('timeout'),
        train: async () => failed('timeout'),
        hops: async () => failed('timeout'),
        ...fakes.stun,
      },
      host: { interfaces: () => [], sourceTowards: async () => failed('network-unreachable'), ...fakes.host },
      random: { hex: (bytes) => (++count).toString(16).padStart(bytes * 2, '0'), unit: () => 0 },
      clock: {
        now: () => 0,
        monotonic: () => 0,
        after: (ms, run) => {
          const timer = setTimeout(run, ms).unref()
          return () => clearTimeout(timer)
        },
      },
    },
    settings: { ...SETTINGS, ...fakes.settings },
    signal: fakes.signal ?? new AbortController().signal,
  }
}

/** A DNS answer of `name type data` lines (a TXT's data is its strings, comma-separated). */
export function answer(lines: readonly string[], ms = 1): Outcome<DnsAnswer> {
  return done({
    records: lines.map(record),
    flags: { authoritative: false, recursionAvailable: true },
    transport: 'udp',
    ms,
    strays: 0,
    subnetScope: null,
  })
}

function record(line: string): DnsRecord {
  const [name = '', type = '', ...rest] = line.split(' ')
  const data = rest.join(' ')
  return type === 'TXT'
    ? { name, type, ttl: 0, data, strings: data.split(',') }
    : { name, type, ttl: 5, data }
}

/** What the system answers: addresses, and the server where a world tells it. */
export function system(addresses: readonly string[], server: string | null = null): Outcome<SystemAnswer> {
  return done({
    addresses: addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ms: 1,
    server,
  })
}

export function http(
  status: number,
  headers: Record<string, string>,
  body = '',
  verified: boolean | null = true,
): Outcome<HttpSeen> {
  return done({ status, headers, body, verified, ms: 10 })
}

export function tls(changes: Partial<TlsSeen> = {}): Outcome<TlsSeen> {
  return done({
    tcpMs: 4,
    tlsMs: 5,
    version: 'TLSv1.3',
    roundTrips: 1,
    chain: [],
    verified: true,
    verifyError: null,
    ...changes,
  })
}

export const SEATTLE: Office = {
  id: 'seattle',
  name: 'Seattle',
  aliases: [],
  tags: [],
  at: { latitude: 47.61, longitude: -122.33 },
  placed: true,
  timeZone: 'America/Los_Angeles',
  egress: ['203.0.113.0/28'],
  resolvers: [],
  doors: [],
  targets: {},
  overrides: [],
  attestations: [],
  world: null,
  onlyWhenNamed: false,
}

export const LONDON: Office = {
  ...SEATTLE,
  id: 'london',
  name: 'London',
  at: { latitude: 51.51, longitude: -0.13 },
  egress: ['198.51.100.0/28'],
}

/** Positions of research/domain.md 6.3. */
const DOORS: readonly Door[] = [
  { code: 'EAT', label: 'Wenatchee', latitude: 47.4, longitude: -120.21 },
  { code: 'LYH', label: 'Lynchburg', latitude: 37.33, longitude: -79.2 },
  { code: 'LHR', label: 'London', latitude: 51.47, longitude: -0.45 },
  { code: 'LON', label: 'London', latitude: 51.47, longitude: -0.45 },
]

const PLACES: Readonly<Record<string, Place>> = {
  '203.0.113.5': { latitude: 47.6, longitude: -122.3, label: 'Seattle', owner: null },
  '198.51.100.5': { latitude: 51.5, longitude: -0.1, label: 'London', owner: 'Example Cloud Gateway' },
  '198.51.100.53': { latitude: 51.5, longitude: -0.1, label: 'London', owner: null },
  '203.0.113.53': { latitude: 47.6, longitude: -122.3, label: 'Seattle', owner: null },
}

export const ATLAS: Atlas = {
  locate: (address) => PLACES[address] ?? null,
  door: (code) => DOORS.find((door) => door.code === code.toUpperCase()) ?? null,
  airport: (code) => DOORS.find((door) => door.code === code.toUpperCase()) ?? null,
  nearestDoor: (at) =>
    DOORS.reduce((best, door) => (distanceKm(at, door) < distanceKm(at, best) ? door : best)),
  inPublishedRanges: (_set, address) => /^(52|40|13.107)[.]/.test(address),
  category: () => 'Optimize',
}

/** What evaluation is given, for a measurement of these targets. */
export function evaluation(
  probe: ProbeName,
  targets: readonly Target[],
  office: Office = SEATTLE,
): EvaluateContext {
  const measurement: Measurement = {
    measurementId: 'm1',
    officeId: office.id,
    runnerId: 'r1',
    checkId: 'c1',
    probe,
    params: { targets },
    outcome: done(null),
    startedAt: Date.UTC(2026, 10, 1),
    durationMs: 1,
    receivedAt: Date.UTC(2026, 10, 1),
    probeVersion: 1,
    runnerVersion: '0.1.0',
    listVersion: '2026110100',
    loopDelayMs: 0,
    world: null,
  }
  return { office, otherOffices: [SEATTLE, LONDON], atlas: ATLAS, measurement }
}

/** The arguments of the only finding of a code. */
export function argsOf<C extends FindingCode>(findings: readonly Finding[], code: C): FindingArgs[C] {
  const found = findings.filter((one) => one.code === code)
  if (found.length !== 1) throw new Error(`expected one ${code}, got ${JSON.stringify(findings)}`)
  return found[0]?.args as FindingArgs[C]
}

/** Unwraps an outcome that has to be good. */
export function good<R>(outcome: Outcome<R>): R {
  if (!outcome.ok) throw new Error(`${outcome.failure}: ${outcome.detail}`)
  return outcome.result
}

/** Answers queries by `name type` or `server name type`; anything else fails with the word. */
export function queryTable(
  table: Readonly<Record<string, Outcome<DnsAnswer>>>,
  otherwise: Failure = 'dns-timeout',
): DnsPort['query'] {
  return async ({ server, name, type }: DnsQuery) =>
    table[`${server} ${name} ${type}`] ?? table[`${name} ${type}`] ?? failed(otherwise)
}
