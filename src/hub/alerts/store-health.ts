import type { OwnTrouble } from '../../core/alert.ts'
import type { Clock } from '../../core/ports.ts'
import { StoreTrouble, type TableStore } from '../../core/table-store.ts'
import { eventAt, isOver, type Spell } from './spell.ts'

/** A store that failed for less is not worth an alert: a network loses an answer now and then. */
const LONG_MS = 60_000

/** A store that remembers how it failed. */
export interface WatchedStore extends TableStore {
  /** How it fails, or did lately; null: it works. While it fails nothing can be told: it is told as soon as it works. */
  trouble(): OwnTrouble | null
}

/** The same store, with an eye on its failures. A refusal (a row that changed meanwhile) is none. */
export function watchedStore(store: TableStore, clock: Clock): WatchedStore {
  let spell: Spell | null = null
  const eyed =
    <A extends readonly unknown[], R>(does: (...all: A) => Promise<R>) =>
    async (...all: A): Promise<R> => {
      try {
        return await does.apply(store, all as never)
      } catch (error) {
        if (error instanceof StoreTrouble) spell = eventAt(spell, clock.now())
        throw error
      }
    }
  return {
    trouble() {
      if (spell === null || isOver(spell, clock.now()) || spell.lastAt - spell.since < LONG_MS) return null
      return { word: 'store-failing', count: spell.count, since: spell.since }
    },
    ensure: eyed(store.ensure),
    get: eyed(store.get),
    query: eyed(store.query),
    insert: eyed(store.insert),
    upsert: eyed(store.upsert),
    update: eyed(store.update),
    remove: eyed(store.remove),
    batch: eyed(store.batch),
    close: () => store.close(),
  }
}
