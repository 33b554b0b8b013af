import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Check } from '../../src/core/check.ts'
import type { Measurement, Owed } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type { Runner } from '../../src/core/runner.ts'
import { CRITERIA, letterOf } from '../../src/core/verdict.ts'
import { serviceTargets } from '../../src/endpoints/service-targets.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import { EndpointSource, type FetchText } from '../../src/endpoints/source.ts'
import { judgeOffices } from '../../src/hub/check/check-context.ts'
import type { Judgement } from '../../src/hub/check/judge-check.ts'
import { planCheck } from '../../src/hub/check/plan-check.ts'
import { checkMeasurement } from '../../src/hub/runners/check-measurement.ts'
import { surroundingsFrom } from '../../src/hub/surroundings.ts'
import { readWorldFolder, type WorldOffice } from '../../src/local/world-folder.ts'
import { listFetcher } from '../../src/net/list-fetcher.ts'
import { dialerFor, policyFor, probePorts, rootsFor } from '../../src/net/probe-ports.ts'
import { readWorldFile } from '../../src/net/world-file.ts'
import { systemClock } from '../../src/os/clock.ts'
import { watchLoop } from '../../src/os/loop-delay.ts'
import { systemRandom } from '../../src/os/random.ts'
import { NO_PLACES, placesFromCsv } from '../../src/places/csv.ts'
import { PROBES } from '../../src/probes/registry.ts'
import { type MeasureParts, measure, textOf } from '../../src/runner/measure.ts'
import { RateGate } from '../../src/runner/rate-gate.ts'
import { probeSettings, proxiesOf, proxySettings } from '../../src/runner/settings.ts'
import { worldListFetcher } from '../../src/runner/world-list.ts'
import { RUNNER_BODY_LIMIT } from '../../src/wire/limits.ts'
import { measurementMessageSchema } from '../../src/wire/measurement-message.ts'
import { readMessage } from '../../src/wire/read-message.ts'

const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const DEADLINE_MS = 60_000
/** Enough datagrams to tell one lost in ten from none; whoever tells one in fifty says so in its case. */
const MEDIA_SECONDS = 1
const HUB = 'http://127.0.0.1:3978'

/** What a check of a world came to. */
export interface Checked {
  /** One letter per criterion in the order of `CRITERIA`, by office name. */
  readonly verdicts: Readonly<Record<string, string>>
  readonly judgements: readonly Judgement[]
  /** `runner probe` and how long it took, in ms. */
  readonly durations: Readonly<Record<string, number>>
  readonly measurements: readonly Measurement[]
}

/** A download is asked for; of the file that the runner's settings name, if they name one. */
export interface AskedDownload {
  readonly path: string | null
}

/** What a world's file cannot say, by office name. */
export type OfficeChanges = Readonly<Record<string, Partial<Office>>>

const sourceOf = async (fetchText: FetchText): Promise<EndpointSource> => {
  const source = new EndpointSource({
    fetchText,
    snapshot: snapshotList(),
    clientId: 'b10c5ed1-bad1-445f-b386-b919946339a7',
    clock: systemClock(),
    random: systemRandom,
    log: QUIET,
  })
  await source.start()
  source.close()
  return source
}

const officeOf = (entry: WorldOffice, world: string, changes: OfficeChanges): Office => ({
  id: entry.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
  name: entry.name,
  aliases: [],
  tags: [],
  at: { latitude: entry.latitude, longitude: entry.longitude },
  placed: true,
  timeZone: entry.timeZone,
  egress: entry.egress,
  resolvers: entry.resolvers,
  doors: entry.doors,
  targets: {},
  overrides: [],
  attestations: entry.attested.map((criterion) => ({
    criterion,
    by: 'the world',
    reason: 'given by the world file',
    until: Date.now() + 86_400_000,
  })),
  world,
  onlyWhenNamed: false,
  ...changes[entry.name],
})

/** A runner's measuring parts, made from its world file just as the runner's own `serve` makes them. */
const partsOf = async (
  file: string,
  mediaSeconds: number,
  path: string | null,
): Promise<MeasureParts & { readonly tenant: boolean }> => {
  const read = await readWorldFile(file)
  if (!read.ok) throw new Error(read.message)
  const { world } = read
  const config = {
    hub: null,
    home: dirname(file),
    world: file,
    tenant: null,
    instance: 'Worldwide',
    beacon: null,
    proxy: null,
    proxyEnv: null,
    caFile: null,
    mediaSeconds,
    // As somebody would set it who knows the tenant.
    download: path === null ? null : { host: `${world.tenant}.sharepoint.com`, path },
    probeRoots: null,
    logLevel: 'error',
  } as const
  const clock = systemClock(world.clockOffsetMs)
  const roots = rootsFor(world)
  const told = {
    proxies: await proxySettings(config, world, async () => null),
    clockOffsetMs: () => Date.now() - clock.now(),
  }
  const settings = probeSettings(config, world, HUB, roots.pems, told, () => null)
  const policy = policyFor({ ...settings, proxies: proxiesOf(config, world, settings) })
  const ports = probePorts({
    world,
    systemResolvers: () => [],
    hostAddresses: () => [],
    lookupsAtOnce: 2,
    clock,
    random: systemRandom,
    policy,
    roots,
  })
  // A missing key means Microsoft's own service, which a test does not ask.
  const fetchText: FetchText =
    typeof world.endpoints === 'string'
      ? worldListFetcher(world.endpoints, {
          dialer: dialerFor(world),
          roots,
          lookup: ports.dns.systemLookup,
        })
      : async () => ({ ok: false, failure: 'not-configured' })
  const source = await sourceOf(fetchText)
  return {
    probes: Object.values(PROBES),
    workshop: { ports, settings, log: QUIET },
    list: async () => source.list,
    gate: new RateGate(clock),
    watchLoop,
    clock,
    hubNow: Date.now,
    runnerVersion: '0.1.0',
    world: world.name,
    tenant: settings.tenant !== null,
  }
}

/**
 * Checks every office of the world in `folder`: the files are read, the measurements planned, made, sent, read and judged
 * by the code of the hub and of the runner, without processes and without the wire between them. Runners of the world
 * work side by side, the probes of each one after another.
 */
export const checkFolder = async (
  folder: string,
  changes: OfficeChanges = {},
  mediaSeconds = MEDIA_SECONDS,
  download?: AskedDownload,
): Promise<Checked> => {
  const world = readWorldFolder(folder)
  const offices = world.offices.map((entry) => officeOf(entry, world.name, changes))
  const hubList = await sourceOf(
    world.endpoints === null
      ? async () => ({ ok: false, failure: 'not-configured' })
      : listFetcher(world.endpoints),
  )
  const places = world.places === null ? NO_PLACES : placesFromCsv(await readFile(world.places, 'utf8')).table
  const surroundingsOf = surroundingsFrom({
    list: () => hubList.list,
    refreshedAt: () => hubList.fetchedAt,
    places,
  })
  const parts = new Map<string, MeasureParts>()
  const runners: Runner[] = []
  for (const [index, entry] of world.offices.entries()) {
    for (const file of entry.runners) {
      const name = basename(file, '.json')
      const made = await partsOf(file, mediaSeconds, download?.path ?? null)
      parts.set(name, made)
      runners.push({
        id: name,
        officeId: offices[index]?.id ?? '',
        name,
        kid: '',
        publicKey: { kty: 'OKP', crv: 'Ed25519', x: '' },
        state: 'active',
        enrolledAt: 0,
        seenAt: Date.now(),
        hello: {
          version: '0.1.0',
          platform: 'test',
          probes: Object.fromEntries(made.probes.map((probe) => [probe.name, probe.version])),
          listVersion: (await made.list()).version,
          settings: { tenant: made.tenant, echo: true, beacon: true },
          world: made.world,
        },
        quarantined: false,
      })
    }
  }
  const createdAt = Date.now()
  let ids = 0
  const { owed, already } = planCheck({
    checkId: 'check-1',
    offices,
    runners,
    isSilent: () => false,
    tlsTargets: (office) => surroundingsOf(office).tlsTargets,
    reachTargets: (office) => surroundingsOf(office).reach.targets,
    services: (office) => serviceTargets(surroundingsOf(office).list),
    download: download !== undefined,
    newId: () => `m-${++ids}`,
    now: createdAt,
  })
  const known = new Set(already.map(({ measurementId }) => measurementId))
  const made = await Promise.all(
    [...parts].map(([runner, own]) =>
      measureAll(
        owed.filter((entry) => entry.runnerId === runner && !known.has(entry.measurementId)),
        own,
        { owed, createdAt, world: world.name },
      ),
    ),
  )
  const measurements = [...already, ...made.flat()]
  const check: Check = {
    id: 'check-1',
    status: 'complete',
    version: 1,
    officeIds: offices.map(({ id }) => id),
    places: [],
    createdAt,
    deadline: createdAt + DEADLINE_MS,
    closedAt: Date.now(),
    owed,
    measurements: Object.fromEntries(measurements.map((one) => [one.measurementId, one])),
  }
  const judgements = judgeOffices(
    check,
    { offices, runners, latest: [], surroundingsOf, findings: new WeakMap() },
    Date.now(),
  )
  return {
    judgements,
    measurements,
    verdicts: Object.fromEntries(judgements.map((one) => [nameOf(offices, one.officeId), lettersOf(one)])),
    durations: Object.fromEntries(
      measurements.map((one) => [
        `${one.runnerId} ${one.measurementId} ${one.probe}`,
        Math.round(one.durationMs),
      ]),
    ),
  }
}

const nameOf = (offices: readonly Office[], id: string): string =>
  offices.find((office) => office.id === id)?.name ?? id

const lettersOf = ({ rulings }: Judgement): string =>
  CRITERIA.map((id) =>
    letterOf(rulings.find((ruling) => ruling.criterion === id)?.verdict ?? 'unproven'),
  ).join('')

/** Makes, sends and reads back what one runner owes, in the order of the plan. */
const measureAll = async (
  own: readonly Owed[],
  parts: MeasureParts,
  view: { readonly owed: readonly Owed[]; readonly createdAt: number; readonly world: string },
): Promise<Measurement[]> => {
  const job = { checkId: 'check-1', deadline: view.createdAt + DEADLINE_MS }
  const stored: Measurement[] = []
  for (const owed of own) {
    const made = await measure(owed, job, parts, new AbortController().signal)
    const message = readMessage(measurementMessageSchema, textOf(made, 1), RUNNER_BODY_LIMIT)
    if (!message.ok) throw new Error(`${owed.probe}: ${message.detail}`)
    const ruled = checkMeasurement(
      message.message,
      {
        owed: view.owed,
        closed: false,
        createdAt: view.createdAt,
        attempt: 1,
        world: () => view.world,
        storedContent: () => null,
      },
      { runnerId: owed.runnerId, officeId: owed.officeId, now: Date.now(), probes: PROBES },
    )
    if (ruled.kind !== 'store') throw new Error(`${owed.probe}: ${JSON.stringify(ruled)}`)
    stored.push(ruled.measurement)
  }
  return stored
}

/** Why each criterion of an office ruled as it did: what a failing test prints. */
export const becauseOf = ({ judgements }: Checked): string =>
  judgements
    .flatMap(({ officeId, rulings }) =>
      rulings.map((ruling) => `${officeId} ${ruling.criterion} ${ruling.verdict}: ${ruling.because}`),
    )
    .join('\n')
