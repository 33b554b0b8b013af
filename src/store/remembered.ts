import type { StoredGrant } from '../core/granted.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import type { Clock } from '../core/ports.ts'
import type { Runner } from '../core/runner.ts'
import type { GrantStore, KnownName } from './grants.ts'
import type { LatestStore } from './latest.ts'
import type { OfficeStore } from './offices.ts'
import type { RunnerStore } from './runners.ts'

/**
 * How old a copy may be where several hubs write to one account: a revoked key must stop working within 5 s. The
 * embedded store has one opener, so its copy is never out of date.
 */
export const SHARED_FRESH_MS = 5_000

/**
 * A small table kept in memory: read whole once, changed along with every write of ours, and read again when it is
 * older than `freshMs`. Reading and inflating every row for every message was most of the hub's work.
 */
export class Remembered<T> {
  readonly #readAll: () => Promise<readonly T[]>
  readonly #keyOf: (entry: T) => string
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #freshMs: number
  #all: readonly T[] | null = null
  #readAt = Number.NEGATIVE_INFINITY
  #reading: Promise<readonly T[]> | null = null
  #edition = 0
  /** Our writes since the running read began: it may have missed them. */
  #since: ((all: readonly T[]) => readonly T[])[] = []

  constructor(
    readAll: () => Promise<readonly T[]>,
    keyOf: (entry: T) => string,
    clock: Pick<Clock, 'monotonic'>,
    freshMs: number,
  ) {
    this.#readAll = readAll
    this.#keyOf = keyOf
    this.#clock = clock
    this.#freshMs = freshMs
  }

  /** The table; the same array until something changes. */
  async all(): Promise<readonly T[]> {
    const fresh = this.#clock.monotonic() - this.#readAt < this.#freshMs
    if (this.#all !== null && fresh) return this.#all
    this.#reading ??= this.#read()
    return this.#reading
  }

  /** Tells of a write of ours that is stored. */
  wrote(entry: T): void {
    this.#change((all) => this.#with(all, entry))
  }

  /** Tells that an entry is gone from the store, by its key. */
  removed(key: string): void {
    this.#change((all) => all.filter((entry) => this.#keyOf(entry) !== key))
  }

  #change(how: (all: readonly T[]) => readonly T[]): void {
    if (this.#reading !== null) this.#since.push(how)
    if (this.#all !== null) this.#all = how(this.#all)
  }

  /** Whatever is held is out of date: the next look reads anew, and a read that runs now is not kept. */
  forget(): void {
    this.#all = null
    this.#reading = null
    this.#edition++
  }

  async #read(): Promise<readonly T[]> {
    const began = this.#clock.monotonic()
    const edition = this.#edition
    this.#since = []
    try {
      const read = await this.#readAll()
      if (edition !== this.#edition) return read
      this.#all = this.#since.reduce((all, how) => how(all), read)
      this.#readAt = began
      return this.#all
    } finally {
      if (edition === this.#edition) {
        this.#reading = null
        this.#since = []
      }
    }
  }

  #with(all: readonly T[], entry: T): readonly T[] {
    const key = this.#keyOf(entry)
    const at = all.findIndex((other) => this.#keyOf(other) === key)
    return at < 0 ? [...all, entry] : all.with(at, entry)
  }
}

/** The registry of offices with its copy in memory. */
export function rememberedOffices(
  offices: OfficeStore,
  clock: Pick<Clock, 'monotonic'>,
  freshMs: number,
): OfficeStore {
  const copy = new Remembered<Office>(
    () => offices.all(),
    (office) => office.id,
    clock,
    freshMs,
  )
  let ordered: readonly Office[] = []
  let byName: readonly Office[] = []
  return {
    async all() {
      const all = await copy.all()
      if (all !== ordered) {
        ordered = all
        byName = all.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
      }
      return byName
    },
    async put(office) {
      await offices.put(office)
      copy.wrote(office)
    },
    row: (id) => offices.row(id),
    async add(office) {
      const added = await offices.add(office)
      if (added !== 'taken') copy.wrote(office)
      return added
    },
    async change(office, etag) {
      const changed = await offices.change(office, etag)
      if (changed !== 'stale') copy.wrote(office)
      return changed
    },
    async retire(id, etag, at) {
      const done = await offices.retire(id, etag, at)
      if (done) copy.removed(id)
      return done
    },
    async apply(name, changes) {
      // Also when it failed: it may be done all the same.
      try {
        return await offices.apply(name, changes)
      } finally {
        copy.forget()
      }
    },
  }
}

/** The registry of runners with its copy in memory; codes are read where they are. */
export function rememberedRunners(
  runners: RunnerStore,
  clock: Pick<Clock, 'monotonic'>,
  freshMs: number,
): RunnerStore {
  const copy = new Remembered<Runner>(
    () => runners.all(),
    (runner) => runner.id,
    clock,
    freshMs,
  )
  let indexed: readonly Runner[] = []
  let byKid = new Map<string, Runner>()
  return {
    ...runners,
    all: () => copy.all(),
    async byKid(kid) {
      const all = await copy.all()
      if (all !== indexed) {
        indexed = all
        byKid = new Map(all.map((runner) => [runner.kid, runner]))
      }
      return byKid.get(kid) ?? null
    },
    async put(runner) {
      await runners.put(runner)
      copy.wrote(runner)
    },
  }
}

/** The grants with their copy in memory; changes are decided on what is stored. */
export function rememberedGrants(
  grants: GrantStore,
  clock: Pick<Clock, 'monotonic'>,
  freshMs: number,
): GrantStore {
  const copy = new Remembered<StoredGrant>(
    () => grants.all(),
    ({ objectId, tag }) => `${objectId}.${tag ?? ''}`,
    clock,
    freshMs,
  )
  const names = new Remembered<KnownName>(
    () => grants.names(),
    ({ objectId }) => objectId,
    clock,
    freshMs,
  )
  return {
    all: () => copy.all(),
    async change(decide) {
      // Also when it failed: then the copy may be older than what it was decided on.
      try {
        return await grants.change(decide)
      } finally {
        copy.forget()
      }
    },
    names: () => names.all(),
    async putName(known) {
      await grants.putName(known)
      names.wrote(known)
    },
  }
}

/** The latest verdicts with their copy in memory; history is only written. */
export function rememberedLatest(
  latest: LatestStore,
  clock: Pick<Clock, 'monotonic'>,
  freshMs: number,
): LatestStore {
  const copy = new Remembered<Latest>(
    () => latest.all(),
    (entry) => entry.officeId,
    clock,
    freshMs,
  )
  return {
    ...latest,
    all: () => copy.all(),
    async get(officeId) {
      return (await copy.all()).find((entry) => entry.officeId === officeId) ?? null
    },
    async put(entry) {
      await latest.put(entry)
      const known = (await copy.all()).find((other) => other.officeId === entry.officeId)
      if (known === undefined || known.at <= entry.at) copy.wrote(entry)
    },
  }
}
