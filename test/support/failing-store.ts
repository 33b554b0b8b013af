import { StoreTrouble, type TableStore } from '../../src/core/table-store.ts'

/** How a store fails: at which write (from 1), whether that write is done all the same, and whether it works again. */
export interface Failure {
  readonly at: number
  readonly stored: 'not stored' | 'stored'
  readonly after: 'works again' | 'stays down'
}

/** A store that fails once or for good at one write; `writes` counts all that were tried. */
export interface FailingStore extends TableStore {
  writes(): number
}

/** `store` with a failure. After a failure that stays, reads fail too, as of a program that lost its network. */
export function failingStore(store: TableStore, failure: Failure): FailingStore {
  let writes = 0
  let isDown = false
  const trouble = () => new StoreTrouble('timeout', 'the store fails here')
  const read =
    <A extends readonly unknown[], R>(does: (...all: A) => Promise<R>) =>
    async (...all: A) => {
      if (isDown) throw trouble()
      return does.apply(store, all as never)
    }
  const write =
    <A extends readonly unknown[], R>(does: (...all: A) => Promise<R>) =>
    async (...all: A) => {
      writes += 1
      if (isDown) throw trouble()
      if (writes !== failure.at) return does.apply(store, all as never)
      isDown = failure.after === 'stays down'
      if (failure.stored === 'stored') await does.apply(store, all as never)
      throw trouble()
    }
  return {
    writes: () => writes,
    ensure: (tables) => store.ensure(tables),
    get: read(store.get),
    query: read(store.query),
    insert: write(store.insert),
    upsert: write(store.upsert),
    update: write(store.update),
    remove: write(store.remove),
    batch: write(store.batch),
    close: () => store.close(),
  }
}

/** A store where something else happens just before one write (from 1), as another admin or another hub would do it. */
export function interruptedStore(
  store: TableStore,
  at: number,
  meanwhile: () => Promise<unknown>,
): FailingStore {
  let writes = 0
  const write =
    <A extends readonly unknown[], R>(does: (...all: A) => Promise<R>) =>
    async (...all: A) => {
      writes += 1
      if (writes === at) await meanwhile()
      return does.apply(store, all as never)
    }
  return {
    writes: () => writes,
    ensure: (tables) => store.ensure(tables),
    get: (...all) => store.get(...all),
    query: (...all) => store.query(...all),
    insert: write(store.insert),
    upsert: write(store.upsert),
    update: write(store.update),
    remove: write(store.remove),
    batch: write(store.batch),
    close: () => store.close(),
  }
}
