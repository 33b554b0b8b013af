import type { DatabaseSync } from 'node:sqlite'
import { sqliteCode } from './embedded-file.ts'

/** A write that waits for its transaction. */
interface Waiting {
  readonly run: () => void
  /** What `run` did is to be undone: it refused in the middle. */
  readonly isUndone: () => boolean
  readonly done: () => void
  readonly broke: (error: unknown) => void
}

/**
 * Writes that come together share one transaction: what takes long is the disk at the end of one, not the write. Each
 * is whole or not at all by itself, and its promise is fulfilled when the transaction is on the disk. They are done in
 * the order in which they came.
 */
export class GroupedWrites {
  readonly #database: DatabaseSync
  #waiting: Waiting[] = []

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Runs `write` with those that came with it; what it did is undone when `isKept` says so of its answer. */
  add<T>(write: () => T, isKept: (answer: T) => boolean): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    let answer: { readonly is: T } | null = null
    const waiting: Waiting = {
      run: () => {
        answer = { is: write() }
      },
      isUndone: () => answer !== null && !isKept(answer.is),
      done: () => answer !== null && resolve(answer.is),
      broke: reject,
    }
    if (this.#waiting.push(waiting) === 1) setImmediate(() => this.flush())
    return promise
  }

  /** Writes what waits, now. */
  flush(): void {
    const writes = this.#waiting
    this.#waiting = []
    if (writes.length === 0 || (writes.length > 1 && this.#together(writes))) return
    for (const write of writes) this.#together([write], true)
  }

  /** All in one transaction; false when it broke, and then nothing is written and nobody was told. */
  #together(writes: readonly Waiting[], isLast = false): boolean {
    const broken = new Map<Waiting, unknown>()
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      for (const write of writes) this.#one(write, broken)
      this.#database.exec('COMMIT')
    } catch (error) {
      // A full disk has rolled back already.
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK')
      if (isLast) for (const write of writes) write.broke(error)
      return false
    }
    for (const write of writes) {
      if (broken.has(write)) write.broke(broken.get(write))
      else write.done()
    }
    return true
  }

  /** One write inside; what is wrong with it alone does not touch the others. */
  #one(write: Waiting, broken: Map<Waiting, unknown>): void {
    this.#database.exec('SAVEPOINT one')
    try {
      write.run()
      if (write.isUndone()) this.#database.exec('ROLLBACK TO one')
    } catch (error) {
      if (sqliteCode(error) !== undefined) throw error
      broken.set(write, error)
      this.#database.exec('ROLLBACK TO one')
    }
    this.#database.exec('RELEASE one')
  }
}
