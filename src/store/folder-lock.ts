import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CannotOpenStore } from './cannot-open.ts'
import { sqliteCode } from './embedded-file.ts'

/** Holds a folder until it is released, or until this process ends in any way. */
export interface FolderLock {
  release(): void
}

/** SQLite's word for "somebody else has it". */
const SQLITE_BUSY = 5

/**
 * Takes a folder for this process alone; null when another process has it. Throws `CannotOpenStore`. The lock is the
 * kernel's, on an empty database file that nothing is ever written to: the one kind that Node offers on every system
 * and that dies with its process.
 */
export function lockFolder(folder: string): FolderLock | null {
  const database = openIn(folder)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (sqliteCode(error) === SQLITE_BUSY) return null
    throw notWritable(folder)
  }
  return { release: () => database.close() }
}

function openIn(folder: string): DatabaseSync {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
  } catch {
    throw notWritable(folder)
  }
}

function notWritable(folder: string): CannotOpenStore {
  return new CannotOpenStore(
    'not-writable',
    `Doorstep cannot write to ${folder}; check that it exists and whose it is.`,
  )
}
