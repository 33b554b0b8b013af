import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FindingCode } from '../../src/core/finding.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import type {
  DoorSpec,
  NetworkSpec,
  OfficeSpec,
  PlaceRow,
  RelaySpec,
  ResolverSpec,
  WorldSpec,
} from '../../src/local/world/spec.ts'
import { startWorld } from '../../src/local/world/world.ts'
import {
  type AskedDownload,
  becauseOf,
  type Checked,
  checkFolder,
  type OfficeChanges,
} from './check-world.ts'

/** Where the offices of these worlds are. */
export const AT = {
  London: { latitude: 51.51, longitude: -0.13 },
  Reading: { latitude: 51.45, longitude: -0.97 },
  Manchester: { latitude: 53.48, longitude: -2.24 },
  Paris: { latitude: 48.86, longitude: 2.35 },
  Seattle: { latitude: 47.61, longitude: -122.33 },
  Johannesburg: { latitude: -26.2, longitude: 28.05 },
  Honolulu: { latitude: 21.31, longitude: -157.86 },
  Singapore: { latitude: 1.29, longitude: 103.85 },
} as const
export type City = keyof typeof AT

const CITIES = Object.keys(AT) as City[]

/** Each city has a /28 for offices to leave by and a /28 with its provider's resolver. */
export const rangeOf = (city: City): string => `203.0.113.${16 * CITIES.indexOf(city)}/28`
export const exitOf = (city: City, host = 2): string => `203.0.113.${16 * CITIES.indexOf(city) + host}`
export const resolverOf = (city: City): string => `198.51.100.${16 * CITIES.indexOf(city) + 5}`
const resolverRangeOf = (city: City): string => `198.51.100.${16 * CITIES.indexOf(city)}/28`

const DOORS: readonly DoorSpec[] = [
  { code: 'EAT', latitude: 47.4, longitude: -120.21 },
  { code: 'SJC', latitude: 37.36, longitude: -121.93 },
  { code: 'LHR', latitude: 51.47, longitude: -0.45 },
  { code: 'CDG', latitude: 49.01, longitude: 2.55 },
  { code: 'DXB', latitude: 25.25, longitude: 55.36 },
  { code: 'SIN', latitude: 1.36, longitude: 103.99 },
]

const RELAYS: readonly RelaySpec[] = [
  { region: 'westus2', label: 'usw2-02', latitude: 47.23, longitude: -119.85 },
  { region: 'uksouth', label: 'ukso-04', latitude: 50.94, longitude: -0.8 },
  { region: 'southafricanorth', label: 'sano-01', latitude: -25.73, longitude: 28.22 },
  { region: 'southeastasia', label: 'asse-03', latitude: 1.28, longitude: 103.83 },
]

const row = (cidr: string, city: City): PlaceRow => ({
  cidr,
  ...AT[city],
  label: city,
  owner: `${city} Internet`,
})

/** What is registered for an office: its own ranges, or nothing. */
export const REGISTERED = (city: City) => ({ egress: [rangeOf(city)], resolvers: [resolverRangeOf(city)] })
export const NOTHING = { egress: [], resolvers: [] } as const

/** An office that leaves locally and asks its provider's resolver, but for the changes. */
export const office = (
  city: City,
  changes: Partial<NetworkSpec> = {},
  rest: Partial<OfficeSpec> = {},
): OfficeSpec => ({
  name: city,
  ...AT[city],
  timeZone: 'Etc/UTC',
  registered: REGISTERED(city),
  acceptedDoors: [],
  attested: ['network-plan', 'tcp-tuned'],
  network: {
    interfaces: [{ name: 'eth0', address: `10.${CITIES.indexOf(city)}.0.20` }],
    egress: [exitOf(city)],
    resolvers: [resolverOf(city)],
    ...changes,
  },
  runners: [{ name: `${city.toLowerCase()}-1` }],
  truth: {},
  ...rest,
})

/** Everything by way of Seattle, 7,700 km from London: 140 ms of WAN. */
export const BY_SEATTLE = { backhaul: { via: 'Seattle', rttMs: 140 }, egress: [exitOf('Seattle')] } as const

/** The published IPv4 ranges of a set: where Optimize traffic goes. */
export const rangesOf = (...ids: readonly number[]): readonly string[] =>
  recorded.endpoints
    .filter(({ id }) => ids.includes(id))
    .flatMap((set) => ('ips' in set && Array.isArray(set.ips) ? (set.ips as string[]) : []))
    .filter((range) => !range.includes(':'))

/** An Internet with a resolver in every city, six Exchange doors, and everything Microsoft's list names. */
export const internet = (offices: readonly OfficeSpec[], changes: Partial<WorldSpec> = {}): WorldSpec => ({
  name: 'abroad',
  tenant: 'contoso',
  offices,
  resolvers: CITIES.map((city): ResolverSpec => ({ address: resolverOf(city), place: city })),
  doors: DOORS,
  edges: [
    { code: 'STB', ...AT.Seattle },
    { code: 'LON', ...AT.London },
    { code: 'PAR', ...AT.Paris },
    { code: 'JNB', ...AT.Johannesburg },
    { code: 'SIN', ...AT.Singapore },
    { code: 'HNL', ...AT.Honolulu },
  ],
  relays: RELAYS,
  places: CITIES.filter((city) => offices.every(({ name }) => name !== city)).map((name) => ({
    name,
    ...AT[name],
  })),
  beacon: { zone: 'b.world.example', address: '192.0.2.53', silent: '192.0.2.54', place: 'anycast' },
  echo: { address: '192.0.2.90', place: 'anycast' },
  endpoints: { address: '192.0.2.80', place: 'anycast', version: recorded.version, list: recorded.endpoints },
  placeRows: CITIES.flatMap((city) => [row(rangeOf(city), city), row(resolverRangeOf(city), city)]),
  ...changes,
})

/** A world, what is true in it, and what its files cannot say. */
export interface Case {
  readonly spec: WorldSpec
  /** One letter per criterion in the order of `CRITERIA`, by office; `?` is not compared. Written before any run. */
  readonly truth: Readonly<Record<string, string>>
  /** What is stated there beside the owed findings, by code and a part of the arguments; null: it must not be stated. */
  readonly states?: Readonly<Partial<Record<FindingCode, object | null>>>
  /** Changes each runner's file: a key that is set to `undefined` goes. */
  readonly runnerFile?: Readonly<Record<string, unknown>>
  readonly worldFile?: Readonly<Record<string, unknown>>
  readonly offices?: OfficeChanges
  /** Length of the media train in s, where one second of it tells too little. */
  readonly mediaSeconds?: number
  /** Somebody asks for a download too. */
  readonly download?: AskedDownload
  /** It takes long, because something never answers or the way is long: started first. */
  readonly slow?: true
}

const change = async (file: string, changes: Readonly<Record<string, unknown>>): Promise<void> => {
  const value = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  await writeFile(file, JSON.stringify({ ...value, ...changes }))
}

/** Runs `work` with a started world's folder; everything is gone afterwards. */
export const withWorld = async <R>(one: Case, work: (folder: string) => Promise<R>): Promise<R> => {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-worlds-'))
  const world = await startWorld(one.spec, folder)
  try {
    for (const runner of world.gateways.keys())
      await change(join(folder, `${runner}.json`), one.runnerFile ?? {})
    await change(join(folder, 'world.json'), one.worldFile ?? {})
    return await work(folder)
  } finally {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The verdicts with the letters that the truth leaves open as `?`, so that both compare as texts. */
export const compared = (checked: Checked, truth: Case['truth']): Record<string, string> =>
  Object.fromEntries(
    Object.keys(truth).map((name) => [
      name,
      [...(checked.verdicts[name] ?? '')]
        .map((letter, at) => (truth[name]?.[at] === '?' ? '?' : letter))
        .join(''),
    ]),
  )

/** Checks a world once and says why, should it not be as it should. */
export const check = async (
  one: Case,
): Promise<{ seen: Record<string, string>; why: string; checked: Checked }> =>
  withWorld(one, async (folder) => {
    const checked = await checkFolder(folder, one.offices, one.mediaSeconds, one.download)
    return { seen: compared(checked, one.truth), why: becauseOf(checked), checked }
  })
