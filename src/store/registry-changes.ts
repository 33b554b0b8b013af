import { z } from 'zod'
import type { Office } from '../core/office.ts'
import type { Applied, RegistryChange } from '../core/registry.ts'
import { type Props, type Row, StoreTrouble, type TableStore } from '../core/table-store.ts'
import { officeKey, registryChangeKey, shard } from './keys.ts'
import { OFFICE, officeIn, propsOf, retiredProps } from './office-row.ts'
import { pack, unpack } from './packed.ts'

/**
 * Many changes of the registry, all or none, although offices lie in 16 partitions and a batch of Azure Tables reaches
 * into one. Three steps: every row that changes is marked with the name of the change, beside what stands in it; then
 * ONE row is inserted, the decision, which holds all that changes; then the rows are written and the decision removed.
 * A marked row stands as it was until the decision is there, and as the decision says from then on, whatever broke off
 * where. Whoever needs a marked row that has no decision inserts the decision "no", and the change can never come.
 * Such a "no" stays: who was to be stopped may still be on the way. It is a few bytes, after a crash.
 */
export interface RegistryChanges {
  apply(name: string, changes: readonly RegistryChange[]): Promise<Applied>
  /** Rows as they stand: what was decided for marked ones, without those that only keep an id. */
  standing(rows: readonly Row[]): Promise<readonly { readonly rk: string; readonly props: Props }[]>
  /** The row of an office, without a mark: what was decided is written first, what was not is given up. */
  settledRow(id: string): Promise<Row | undefined>
}

/** The property that marks a row. */
const MARK = 'change'

const DECIDED = z.object({
  offices: z.array(OFFICE),
  retired: z.array(z.object({ id: z.string(), at: z.number() })),
})

interface Decided {
  readonly offices: readonly Office[]
  readonly retired: readonly { readonly id: string; readonly at: number }[]
}

/** What rows are to hold, by office id; `no`: the change was given up. */
type Decision = ReadonlyMap<string, Props> | 'no'

/** A change whose office has its id, in the row that it marked. */
interface Marked {
  readonly id: string
  readonly etag: string
  readonly change: RegistryChange
}

/** Many changes of the tables `offices` and `registrychanges`. */
export function registryChanges(store: TableStore): RegistryChanges {
  const changes = new Changes(store)
  return {
    apply: (name, all) => changes.apply(name, all),
    standing: (rows) => changes.standing(rows),
    settledRow: (id) => changes.settledRow(id),
  }
}

class Changes {
  readonly #store: TableStore

  constructor(store: TableStore) {
    this.#store = store
  }

  async apply(name: string, changes: readonly RegistryChange[]): Promise<Applied> {
    if (changes.length === 0) return 'done'
    const marked: Marked[] = []
    const parts = await Promise.allSettled(
      byShard(changes, firstId).map((part) => this.#mark(name, part, marked)),
    )
    for (const part of parts) if (part.status === 'rejected' && !isTrouble(part.reason)) throw part.reason
    const failed = parts.some((part) => part.status === 'rejected')
    if (failed || parts.some((part) => part.status === 'fulfilled' && !part.value)) {
      await this.#orLater(() => this.#unmarkAll(marked))
      return failed ? 'failed' : 'stale'
    }
    const decided = await this.#decide(name, marked).catch(async (error: unknown) => {
      // More than one row can hold: nothing is decided.
      await this.#orLater(() => this.#unmarkAll(marked))
      throw error
    })
    if (decided === 'done') await this.#orLater(() => this.#writeAll(name, propsById(decisionOf(marked))))
    else if (decided !== 'unknown') await this.#orLater(() => this.#unmarkAll(marked))
    return decided
  }

  async standing(rows: readonly Row[]) {
    const decisions = new Map<string, Promise<Decision | null>>()
    const decisionFor = (name: string) => {
      const known = decisions.get(name) ?? this.#decision(name)
      decisions.set(name, known)
      return known
    }
    const standing = await Promise.all(rows.map((row) => this.#standing(row, decisionFor)))
    for (const [name, asked] of decisions) {
      const decision = await asked
      if (decision instanceof Map) await this.#orLater(() => this.#writeAll(name, decision))
    }
    return standing.flatMap((props, index) => (props === null ? [] : [{ rk: rows[index]?.rk ?? '', props }]))
  }

  async settledRow(id: string): Promise<Row | undefined> {
    for (;;) {
      const row = await this.#store.get(officeKey(id))
      const name = row && markOf(row)
      if (row === undefined || name === undefined) return row
      const decision = (await this.#decision(name)) ?? (await this.#giveUp(name))
      if (decision instanceof Map) await this.#writeAll(name, decision)
      else if (decision === 'no') await this.#unmark(row.rk, row.etag, isBare(row.props))
    }
  }

  /** What stands in a row; null: it only keeps an id for an office that was not decided on. */
  async #standing(row: Row, decisionFor: (name: string) => Promise<Decision | null>): Promise<Props | null> {
    const name = markOf(row)
    if (name === undefined) return row.props
    const decision = await decisionFor(name)
    if (decision instanceof Map) return decision.get(row.rk) ?? null
    if (decision === null) {
      // Not decided, or since the row was read all of it was written and the decision is gone.
      const now = await this.#store.get(officeKey(row.rk))
      if (now === undefined) return null
      if (markOf(now) !== name) return this.#standing(now, (other) => this.#decision(other))
    }
    return isBare(row.props) ? null : row.props
  }

  /** Marks the rows of one partition, in order; false: one of them is not as the change has it. */
  async #mark(name: string, changes: readonly RegistryChange[], marked: Marked[]): Promise<boolean> {
    for (const change of changes) {
      const one = change.what === 'add' ? await this.#reserve(name, change) : await this.#hold(name, change)
      if (one === null) return false
      marked.push(one)
    }
    return true
  }

  async #hold(name: string, change: Exclude<RegistryChange, { what: 'add' }>): Promise<Marked | null> {
    const id = firstId(change)
    const written = await this.#store.update(officeKey(id), { [MARK]: name }, 'merge', change.etag)
    return written.ok ? { id, etag: written.etag, change } : null
  }

  async #reserve(name: string, change: Extract<RegistryChange, { what: 'add' }>): Promise<Marked | null> {
    for (const id of change.ids) {
      const written = await this.#store.insert(officeKey(id), { [MARK]: name })
      if (written.ok) return { id, etag: written.etag, change }
      const holder = await this.#store.get(officeKey(id))
      const mark = holder && markOf(holder)
      if (mark !== undefined && mark !== name) return null
      const office = holder && officeIn(holder.props)
      if (office && change.isSame(office)) return null
    }
    return null
  }

  async #decide(name: string, marked: readonly Marked[]): Promise<Applied> {
    try {
      const written = await this.#store.insert(registryChangeKey(name), pack(decisionOf(marked)))
      return written.ok ? 'done' : 'stale'
    } catch (error) {
      if (!isTrouble(error)) throw error
    }
    // It may have been stored all the same. A "no" that can be inserted proves that it was not, and will not be.
    try {
      const decision = await this.#giveUp(name)
      const [first] = marked
      // A reader may have written all of it by now, and then the decision is gone like the marks.
      const isHeld = first && (await this.#store.get(officeKey(first.id)))?.props[MARK] === name
      return decision === 'no' && isHeld ? 'failed' : 'done'
    } catch (error) {
      if (!isTrouble(error)) throw error
      return 'unknown'
    }
  }

  async #decision(name: string): Promise<Decision | null> {
    const row = await this.#store.get(registryChangeKey(name))
    if (row === undefined) return null
    if (row.props['no'] === true) return 'no'
    const decided = DECIDED.safeParse(unpack(row.props))
    // A damaged one must not take the whole registry with it: what it wrote stays, the rest is as it was.
    return decided.success ? propsById(decided.data as Decided) : 'no'
  }

  /** Decides "no" where nothing is decided; what is decided then. Null: it was decided and done meanwhile. */
  async #giveUp(name: string): Promise<Decision | null> {
    const written = await this.#store.insert(registryChangeKey(name), { no: true })
    return written.ok ? 'no' : this.#decision(name)
  }

  async #writeAll(name: string, decision: ReadonlyMap<string, Props>): Promise<void> {
    await Promise.all(
      byShard([...decision], ([id]) => id).map(async (part) => {
        for (const [id, props] of part) await this.#write(name, id, props)
      }),
    )
    await this.#store.remove(registryChangeKey(name))
  }

  async #write(name: string, id: string, props: Props): Promise<void> {
    const row = await this.#store.get(officeKey(id))
    // Without the mark somebody has written it already. Stale: just now.
    if (row && markOf(row) === name) await this.#store.update(officeKey(id), props, 'replace', row.etag)
  }

  async #unmarkAll(marked: readonly Marked[]): Promise<void> {
    await Promise.all(marked.map(({ id, etag, change }) => this.#unmark(id, etag, change.what === 'add')))
  }

  async #unmark(id: string, etag: string, bare: boolean): Promise<void> {
    if (bare) await this.#store.remove(officeKey(id), etag)
    else await this.#store.update(officeKey(id), { [MARK]: null }, 'merge', etag)
  }

  /** Does what may be done later too: a store that fails now is not asked twice. */
  async #orLater(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!isTrouble(error)) throw error
    }
  }
}

function decisionOf(marked: readonly Marked[]): Decided {
  return {
    offices: marked.flatMap(({ id, change }) => (change.what === 'retire' ? [] : [{ ...change.office, id }])),
    retired: marked.flatMap(({ change }) =>
      change.what === 'retire' ? [{ id: change.id, at: change.at }] : [],
    ),
  }
}

function propsById({ offices, retired }: Decided): ReadonlyMap<string, Props> {
  return new Map([
    ...offices.map((office) => [office.id, propsOf(office)] as const),
    ...retired.map(({ id, at }) => [id, retiredProps(at)] as const),
  ])
}

function markOf(row: Row): string | undefined {
  const name = row.props[MARK]
  return typeof name === 'string' ? name : undefined
}

/** A row that only keeps an id for an office to come. */
function isBare(props: Props): boolean {
  return Object.keys(props).every((name) => name === MARK)
}

function firstId(change: RegistryChange): string {
  if (change.what === 'retire') return change.id
  return change.what === 'add' ? (change.ids[0] ?? change.office.id) : change.office.id
}

/** In the order given within each partition: partitions are written side by side. */
function byShard<T>(all: readonly T[], idOf: (one: T) => string): readonly (readonly T[])[] {
  return [...Map.groupBy(all, (one) => shard(idOf(one))).values()]
}

function isTrouble(error: unknown): boolean {
  return error instanceof StoreTrouble
}
