import type { Clock, Random } from '../core/ports.ts'
import type { StoreChoice } from '../core/store-choice.ts'
import type { TableStore } from '../core/table-store.ts'
import { openStore } from '../store/open-store.ts'
import { runnerStore } from '../store/runners.ts'
import { openEnrolmentDesk } from './enrolment-desk.ts'
import type { RunnerPrograms } from './runner-programs.ts'
import { type LocalRunner, matchRunners } from './runners.ts'
import { HERE_ID, type Here, seedOffices } from './seed.ts'
import { within } from './waiting.ts'
import type { WorldFolder } from './world-folder.ts'

export interface PrepareOptions {
  readonly store: StoreChoice
  readonly dataFolder: string
  readonly world: WorldFolder
  /** Of what the world's files say; null: whatever they say, it is the same world. */
  readonly worldHash: string | null
  /** Ids of the offices whose runners poll once and then end. */
  readonly silentOffices: readonly string[]
  readonly here: Here
  /** Whether the machine's own runner will be wanted. */
  readonly withHere: boolean
  readonly hubUrl: string
  readonly programs: RunnerPrograms
  readonly clock: Clock
  readonly random: Random
  readonly log: (program: string, line: string) => void
}

/** A runner says hello and polls within two seconds of its start; a busy machine takes several times that. */
const FIRST_POLL_MS = 15_000

/** How long a silent runner of the demo has been silent when the demo is first started. */
const SILENT_SINCE_MS = 42 * 60_000

/**
 * Writes what the hub shall find in its store: the offices, and an enrolled runner for each that the world lists. The
 * machine's own runner gets a code and is enrolled once the hub runs: nobody waits for it. The store is closed again, for
 * the hub is its only opener afterwards. A runner that cannot be enrolled is named in the log, and the others go on.
 */
export async function prepareStore(options: PrepareOptions): Promise<readonly LocalRunner[]> {
  const { world, worldHash, here, clock, random, dataFolder } = options
  const store = await openStore(options.store, { random })
  try {
    const now = clock.now()
    const shared = options.store.kind !== 'embedded'
    const offices = await seedOffices(store, { world, here, shared, worldHash, now })
    const wanted = offices
      .filter((office) => office.id !== HERE_ID || options.withHere)
      .map(({ id }) => ({
        officeId: id,
        worldFiles: world.offices.find((one) => one.id === id)?.runners ?? [null],
      }))
    const runners = await matchRunners(store, wanted, { dataFolder, random, now })
    const fresh = runners.filter((runner) => runner.code !== null && runner.officeId !== HERE_ID)
    if (fresh.length > 0) await enrolAll(fresh, store, options)
    return runners
  } finally {
    await store.close()
  }
}

async function enrolAll(
  fresh: readonly LocalRunner[],
  store: TableStore,
  options: PrepareOptions,
): Promise<void> {
  const { hubUrl, clock, random, programs, silentOffices, log } = options
  const desk = await openEnrolmentDesk({
    store,
    hubUrl,
    clock,
    random,
    log: (line) => log('enrolment', line),
  })
  try {
    const enrolOffice = async (officeId: string, some: readonly LocalRunner[]): Promise<void> => {
      // One after another: runners are numbered in the order in which they enrol.
      for (const runner of some) await programs.enrol(runner)
      if (!silentOffices.includes(officeId)) return
      const polled = desk.polled(officeId)
      const children = some.map((runner) => programs.run(runner))
      try {
        await within(polled, FIRST_POLL_MS, `the runner of ${officeId} did not poll`, clock)
      } finally {
        await Promise.all(children.map((child) => child.stop()))
      }
    }
    // The silent ones first: they take longest.
    const byOffice = [...Map.groupBy(fresh, (runner) => runner.officeId)]
    byOffice.sort(([a], [b]) => Number(silentOffices.includes(b)) - Number(silentOffices.includes(a)))
    const done = await Promise.allSettled(byOffice.map(([officeId, some]) => enrolOffice(officeId, some)))
    for (const one of done) if (one.status === 'rejected') log('enrolment', (one.reason as Error).message)
    await backdate(store, fresh, options)
  } finally {
    await desk.close()
  }
}

/** Says when the silent runners last polled: the one thing about the demo that is told and not measured. */
async function backdate(
  store: TableStore,
  fresh: readonly LocalRunner[],
  { silentOffices, clock }: PrepareOptions,
): Promise<void> {
  const runners = runnerStore(store)
  const names = fresh.filter(({ officeId }) => silentOffices.includes(officeId)).map(({ name }) => name)
  for (const runner of await runners.all()) {
    if (names.includes(runner.name)) await runners.put({ ...runner, seenAt: clock.now() - SILENT_SINCE_MS })
  }
}
