import path from 'node:path'
import type { Position } from '../core/geography.ts'
import type { Office } from '../core/office.ts'
import { officeIdOf } from '../core/office-id.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { StoreChoice } from '../core/store-choice.ts'
import { officeStore } from '../store/offices.ts'
import { openStore } from '../store/open-store.ts'
import { runnerStore } from '../store/runners.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../wire/enrolment-code.ts'
import type { WorldFolder, WorldOffice } from './world-folder.ts'

/** A runner that local mode starts. */
export interface LocalRunner {
  readonly officeId: string
  /** How cards name it, e.g. `seattle-1`. */
  readonly name: string
  /** Its own folder, for its key. */
  readonly home: string
  /** Its world file; null on the real Internet. */
  readonly worldFile: string | null
  /** A one-time code, when its key is not enrolled yet. */
  readonly code: string | null
}

/** The machine itself as an office. */
export interface Here {
  readonly at: Position | null
  readonly timeZone: string
  /** What was typed after `--here`, as the city's own name; null without. */
  readonly city: string | null
}

export interface SeedOptions {
  readonly store: StoreChoice
  readonly dataFolder: string
  readonly world: WorldFolder
  readonly here: Here
  readonly clock: Clock
  readonly random: Random
}

/** World files say "attested" without a date: valid for one day, as `world.md` has it. */
const ATTESTED_MS = 24 * 3600_000

/** Codes are used within seconds; ten minutes is what an admin's would have. */
const CODE_MS = 10 * 60_000

/** The id of the machine's own office. */
export const HERE_ID = 'here'

/**
 * Registers the world's offices and the machine itself, and makes an enrolment code for every runner without an
 * enrolled key. The store is closed again: the hub is its only opener afterwards.
 */
export async function seedStore(options: SeedOptions): Promise<readonly LocalRunner[]> {
  const store = await openStore(options.store, { random: options.random })
  try {
    const offices = officeStore(store, () => undefined)
    const runners = runnerStore(store)
    const enrolled = new Map((await runners.all()).map((runner) => [runner.name, runner]))
    const now = options.clock.now()
    const local: LocalRunner[] = []
    const add = async (office: Office, files: readonly (string | null)[]): Promise<void> => {
      await offices.put(office)
      for (const [index, worldFile] of files.entries()) {
        const name = `${office.id}-${index + 1}`
        const home = path.join(options.dataFolder, 'runners', name)
        let code: string | null = null
        if (enrolled.get(name)?.officeId !== office.id) {
          code = newEnrolmentCode(office.id, options.random)
          const row = { officeId: office.id, createdBy: 'local mode', expiresAt: now + CODE_MS }
          await runners.putCode(hashEnrolmentCode(code), { ...row, usedBy: null, runnerId: null })
        }
        local.push({ officeId: office.id, name, home, worldFile, code })
      }
    }
    for (const office of options.world.offices) {
      await add(officeOfWorld(office, options.world.name, now), office.runners)
    }
    await add(hereOffice(options.here), [null])
    return local
  } finally {
    await store.close()
  }
}

/** Says when a runner last polled: the one thing about the demo that is told and not measured. */
export async function seedLastPoll(
  options: Pick<SeedOptions, 'store' | 'random'>,
  runnerName: string,
  seenAt: number,
): Promise<void> {
  const store = await openStore(options.store, { random: options.random })
  try {
    const runners = runnerStore(store)
    const runner = (await runners.all()).find((entry) => entry.name === runnerName)
    if (runner) await runners.put({ ...runner, seenAt })
  } finally {
    await store.close()
  }
}

function officeOfWorld(office: WorldOffice, world: string, now: number): Office {
  return {
    ...BARE,
    id: officeIdOf(office.name),
    name: office.name,
    at: { latitude: office.latitude, longitude: office.longitude },
    placed: true,
    timeZone: office.timeZone,
    egress: office.egress,
    resolvers: office.resolvers,
    doors: office.doors,
    attestations: office.attested.map((criterion) => ({
      criterion,
      by: `the ${world} world`,
      reason: 'given by the world file',
      until: now + ATTESTED_MS,
    })),
    world,
  }
}

function hereOffice(here: Here): Office {
  return {
    ...BARE,
    id: HERE_ID,
    name: 'here',
    aliases: here.city === null ? [] : [`here ${here.city}`],
    at: here.at ?? { latitude: 0, longitude: 0 },
    placed: here.at !== null,
    timeZone: here.timeZone,
    onlyWhenNamed: true,
  }
}

const BARE = {
  aliases: [],
  tags: [],
  egress: [],
  resolvers: [],
  doors: [],
  targets: {},
  overrides: [],
  attestations: [],
  world: null,
  onlyWhenNamed: false,
} as const
