import { isDeepStrictEqual } from 'node:util'
import type { Position } from '../core/geography.ts'
import type { Office } from '../core/office.ts'
import type { TableStore } from '../core/table-store.ts'
import { officeKey, statusKey } from '../store/keys.ts'
import { officeStore } from '../store/offices.ts'
import { seededStore } from '../store/seeded.ts'
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
 * registered for a world and is no longer in its file, with its verdicts. What a person changed since stays, field by
 * field, and what a person removed stays away: what was registered last is remembered, so that the two are told apart.
 * `shared`: the store may hold other worlds too, which are left alone. `worldHash`: of what the world's files say; verdicts
 * from before they said something else are taken away, null: never. `now`: epoch ms. Gives the offices that stand.
 */
export async function seedOffices(
  store: TableStore,
  { world, here, shared, worldHash, now }: SeedOptions,
): Promise<readonly Office[]> {
  const offices = officeStore(store, () => undefined)
  const described = [
    ...world.offices.map((office) => officeOfWorld(office, world.name, now)),
    hereOffice(here),
  ]
  const memory = seededStore(store)
  const hashBefore = worldHash === null ? null : await memory.hash(world.name)
  const isAnew = hashBefore !== null && hashBefore !== worldHash
  const known = await offices.all()
  for (const office of known) {
    const same = described.find(({ id }) => id === office.id)
    const ours = office.world !== null && (!shared || office.world === world.name)
    if (same ? same.world !== office.world : ours) {
      // Evidence of another Internet must not be compared with this one's.
      await store.remove(statusKey(office.id))
      await store.remove(officeKey(office.id))
    } else if (isAnew && office.world === world.name) {
      await store.remove(statusKey(office.id))
    }
  }
  // Only now: a crash in between must not leave old evidence for good.
  if (worldHash !== null) await memory.putHash(world.name, worldHash)
  const standing: Office[] = []
  for (const office of described) {
    const before = await memory.of(office)
    const row = await offices.row(office.id)
    if (row === null) {
      const removed = (await offices.add(office)) === 'taken'
      // The machine itself is there whoever removed it, and so is an office whose id was another world's.
      const isAway = removed && before !== null && office.id !== HERE_ID
      if (removed && !isAway) await offices.put(office)
      if (!isAway) standing.push(office)
    } else {
      const merged = withEdits(office, before ?? row.office, row.office)
      const isSame = isDeepStrictEqual(merged, row.office)
      const changed = isSame ? row : await offices.change(merged, row.etag)
      standing.push(changed === 'stale' ? row.office : changed.office)
    }
    await memory.put(office)
  }
  return standing
}

/**
 * An office as it is described now, with what a person changed since it was registered last. A field that the person left
 * alone follows the description.
 */
function withEdits(described: Office, before: Office, stored: Office): Office {
  const kept = Object.entries(stored).filter(
    ([field, value]) => !isDeepStrictEqual(value, before[field as keyof Office]),
  )
  return {
    ...described,
    ...Object.fromEntries(kept),
    attestations: attestationsOf(described, before, stored),
  }
}

/** The world's own attestations end after a day and are given anew, but not where a person took one back or gave another. */
function attestationsOf(described: Office, before: Office, stored: Office): Office['attestations'] {
  const byPeople = stored.attestations.filter(({ byId }) => byId !== undefined)
  const criteria = (some: Office['attestations']) => new Set(some.map(({ criterion }) => criterion))
  const gone = criteria(before.attestations).difference(criteria(stored.attestations))
  const mine = criteria(byPeople)
  const worlds = described.attestations.filter(
    ({ criterion }) => !gone.has(criterion) && !mine.has(criterion),
  )
  return [...worlds, ...byPeople]
}

interface SeedOptions {
  readonly world: WorldFolder
  readonly here: Here
  readonly shared: boolean
  readonly worldHash: string | null
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
