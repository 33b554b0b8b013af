import type { Position } from '../core/geography.ts'
import type { Office } from '../core/office.ts'
import type { TableStore } from '../core/table-store.ts'
import { officeKey, statusKey } from '../store/keys.ts'
import { officeStore } from '../store/offices.ts'
import type { WorldFolder, WorldOffice } from './world-folder.ts'

/** The machine itself as an office. */
export interface Here {
  readonly at: Position | null
  readonly timeZone: string
  /** What was typed after `--here`, as the city's own name; null without. */
  readonly city: string | null
}

/** World files say "attested" without a date: valid for one day, as `world.md` has it. */
const ATTESTED_MS = 24 * 3600_000

/** The id of the machine's own office. */
export const HERE_ID = 'here'

/**
 * Registers a world's offices and the machine itself as they are described now, and takes away what an earlier run
 * registered for a world and is no longer in its file, with its verdicts. `shared`: the store may hold other worlds too,
 * which are left alone. `now`: epoch ms.
 */
export async function seedOffices(
  store: TableStore,
  { world, here, shared, now }: SeedOptions,
): Promise<readonly Office[]> {
  const offices = officeStore(store, () => undefined)
  const wanted = [...world.offices.map((office) => officeOfWorld(office, world.name, now)), hereOffice(here)]
  for (const known of await offices.all()) {
    const same = wanted.find((office) => office.id === known.id)
    const ours = known.world !== null && (!shared || known.world === world.name)
    if (same ? same.world !== known.world : ours) {
      // Evidence of another Internet must not be compared with this one's.
      await store.remove(statusKey(known.id))
      if (!same) await store.remove(officeKey(known.id))
    }
  }
  for (const office of wanted) await offices.put(office)
  return wanted
}

interface SeedOptions {
  readonly world: WorldFolder
  readonly here: Here
  readonly shared: boolean
  readonly now: number
}

function officeOfWorld(office: WorldOffice, world: string, now: number): Office {
  return {
    ...BARE,
    id: office.id,
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
