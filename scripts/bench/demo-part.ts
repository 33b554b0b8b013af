import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Measurement } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type { Runner } from '../../src/core/runner.ts'
import { systemRandom } from '../../src/os/random.ts'
import { checkStore } from '../../src/store/checks.ts'
import { latestStore } from '../../src/store/latest.ts'
import { officeStore } from '../../src/store/offices.ts'
import { openStore } from '../../src/store/open-store.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { startLocalMode } from '../local-mode.ts'
import { type Part, type Row, round, waitFor } from './numbers.ts'
import { startTeamsStandIn } from './teams-stand-in.ts'
import { type Checked, measureTrips } from './trips-part.ts'

/** A real office with what its runner really answered, for stand-ins to answer the same. */
export interface Recording {
  readonly office: Office
  readonly runner: Runner
  readonly measurements: readonly Measurement[]
}

/** The recorded one is the demo's first office: the longest honest answers. */
const RECORDED = 'seattle'

/** Above a check's own deadline of 60 s. */
const CHECK_MS = 75_000

interface Timed {
  readonly office: string
  readonly placeholderMs: number
  readonly firstVerdictMs: number
  readonly wholeMs: number
}

/** Starts local mode twice, on a fresh folder and on that folder again, and checks every office of the demo. */
export async function measureDemo(data: string): Promise<Part & { readonly recording: Recording }> {
  const fresh = await startLocalMode(data)
  await fresh.stop()
  const used = await startLocalMode(data)
  const timed: Timed[] = []
  const teams = await startTeamsStandIn()
  try {
    for (const office of ['Seattle', 'London', 'Sydney', 'Tokyo', 'Lyon']) {
      timed.push(await timeCheck(teams, used.hubUrl, office))
    }
  } finally {
    await teams.close()
    await used.stop()
  }
  const { recording, byOffice } = await readStore(join(data, 'demo', 'store'))
  const made = ({ office }: Timed): readonly Measurement[] => byOffice.get(office.toLowerCase()) ?? []
  const offices = timed.map((entry) => ({
    ...entry,
    probes: made(entry).map(({ probe, durationMs }): ProbeTime => ({ probe, ms: round(durationMs) })),
  }))
  const checks = timed.map(
    (entry): Checked => ({ office: entry.office, wholeMs: entry.wholeMs, measurements: made(entry) }),
  )
  const trips = measureTrips(checks)
  return {
    recording,
    rows: [
      row('start to ready, fresh folder', `${round(fresh.readyMs / 1000)} s`, ''),
      row('start to ready, used folder', `${round(used.readyMs / 1000)} s`, ''),
      ...offices.flatMap((entry) => officeRows(entry)),
      ...trips.rows,
    ],
    numbers: {
      startFreshMs: round(fresh.readyMs),
      startUsedMs: round(used.readyMs),
      offices,
      ...trips.numbers,
    },
  }
}

interface ProbeTime {
  readonly probe: string
  readonly ms: number
}

function officeRows(entry: Timed & { readonly probes: readonly ProbeTime[] }): readonly Row[] {
  const slowest = entry.probes.toSorted((a, b) => b.ms - a.ms)[0]
  const sum = entry.probes.reduce((total, { ms }) => total + ms, 0)
  const media = entry.probes.find(({ probe }) => probe === 'media')?.ms ?? 0
  const probes =
    slowest === undefined || sum === 0
      ? 'nothing measured, its runner is silent'
      : `slowest probe ${slowest.probe} ${seconds(slowest.ms)}, all probes one after another ${seconds(sum)}`
  const isFar = entry.office === 'London'
  return [
    row(
      `check office ${entry.office}, whole`,
      `${seconds(entry.wholeMs)}; ${probes}`,
      isFar ? '<= 26 s' : '<= 16 s',
    ),
    row(
      `check office ${entry.office}, without media`,
      seconds(entry.wholeMs - media),
      isFar ? '<= 15 s' : '<= 5 s',
    ),
    row(`check office ${entry.office}, first verdict on the card`, seconds(entry.firstVerdictMs), '<= 3 s'),
  ]
}

const row = (what: string, measured: string, budget: string): Row => ({ what, measured, budget })
const seconds = (ms: number) => `${round(ms / 1000)} s`

async function timeCheck(
  teams: Awaited<ReturnType<typeof startTeamsStandIn>>,
  hubUrl: string,
  office: string,
): Promise<Timed> {
  const who = { conversationId: `bench-${office}`, objectId: randomUUID(), name: 'Bench' }
  const said = await teams.say(hubUrl, who, `check office ${office}`)
  const final = await waitFor(
    () => teams.cardsOf(who.conversationId).find(({ kind }) => kind !== 'progress') ?? null,
    CHECK_MS,
    `the result of ${office}`,
  )
  const cards = teams.cardsOf(who.conversationId)
  const since = (at: number | undefined) => round((at ?? Number.NaN) - said)
  return {
    office,
    placeholderMs: since(cards[0]?.at),
    firstVerdictMs: since(cards.find(({ hasVerdict }) => hasVerdict)?.at),
    wholeMs: since(final.at),
  }
}

const ignore = (): void => undefined

/** Reads what the hub has stored, after it has ended. */
async function readStore(folder: string) {
  const store = await openStore({ kind: 'embedded', folder }, { random: systemRandom })
  try {
    const [latest, offices, runners] = await Promise.all([
      latestStore(store, ignore).all(),
      officeStore(store, ignore).all(),
      runnerStore(store).all(),
    ])
    const byOffice = new Map<string, readonly Measurement[]>()
    let measurements: readonly Measurement[] = []
    for (const { officeId, checkId } of latest) {
      const check = await checkStore(store, ignore).load(checkId)
      const made = Object.values(check?.measurements ?? {})
      byOffice.set(officeId, made)
      if (officeId === RECORDED) measurements = made
    }
    const office = offices.find(({ id }) => id === RECORDED)
    const runner = runners.find(({ officeId }) => officeId === RECORDED)
    if (office === undefined || runner === undefined) throw new Error(`${RECORDED} is not in the store`)
    return { recording: { office, runner, measurements }, byOffice }
  } finally {
    await store.close()
  }
}
