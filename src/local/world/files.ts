import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NetworkSpec, OfficeSpec, WorldSpec } from './spec.ts'

/** A runner's world file as world.md has it. */
export interface RunnerFile {
  readonly world: string
  readonly gateway: string
  readonly resolvers: readonly string[]
  readonly systemLookup: readonly string[]
  readonly interfaces: NetworkSpec['interfaces']
  readonly proxy: NonNullable<NetworkSpec['systemProxy']> | null
  readonly tenant: string | null
  readonly roots: string
  readonly systemRoots: string | null
  readonly endpoints: string
  readonly echo: string | null
  readonly beacon: string | null
  readonly clockOffsetMs: number
}

/** What a started world knows about one runner besides its spec. */
export interface RunnerFacts {
  readonly name: string
  readonly network: NetworkSpec
  readonly gatewayPort: number
  readonly systemRoots: string | null
}

export const runnerFile = (spec: WorldSpec, runner: RunnerFacts): RunnerFile => ({
  world: spec.name,
  gateway: `socks5://127.0.0.1:${runner.gatewayPort}`,
  resolvers: runner.network.resolvers,
  systemLookup: runner.network.systemLookup ?? runner.network.resolvers.slice(0, 1),
  interfaces: runner.network.interfaces,
  proxy: runner.network.systemProxy ?? null,
  tenant: spec.tenant,
  roots: 'roots.pem',
  systemRoots: runner.systemRoots,
  endpoints: `http://${spec.endpoints.address}/`,
  echo: spec.echo === null ? null : `http://${spec.echo.address}/`,
  beacon: spec.beacon?.zone ?? null,
  clockOffsetMs: runner.network.clockOffsetMs ?? 0,
})

const officeEntry = (office: OfficeSpec) => ({
  name: office.name,
  latitude: office.latitude,
  longitude: office.longitude,
  timeZone: office.timeZone,
  egress: office.registered.egress,
  resolvers: office.registered.resolvers,
  doors: office.acceptedDoors,
  attested: office.attested,
  runners: office.runners.map(({ name }) => `${name}.json`),
  truth: office.truth,
})

/** The world's own file as world.md has it. */
export const worldFile = (spec: WorldSpec, endpointsPort: number) => ({
  places: 'places.csv',
  endpoints: `http://127.0.0.1:${endpointsPort}/`,
  offices: spec.offices.map(officeEntry),
})

/** Throws on a field that would need quoting, which the format does not have. */
export const placesCsv = (rows: WorldSpec['placeRows']): string => {
  const lines = rows.map((row) => {
    const fields = [row.cidr, row.latitude, row.longitude, row.label, row.owner].map(String)
    if (fields.some((field) => /[",\n]/.test(field)))
      throw new Error(`places.csv has no quoting: ${fields.join(' | ')}`)
    return fields.join(',')
  })
  return `${['cidr,latitude,longitude,label,owner', ...lines].join('\n')}\n`
}

/** Writes a world's files into a folder, which is made if need be. Returns the names written. */
export const writeFiles = async (folder: string, files: ReadonlyMap<string, string>): Promise<string[]> => {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of files) await writeFile(join(folder, name), text)
  return [...files.keys()]
}

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
