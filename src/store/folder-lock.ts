import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteCode } from './embedded-file.ts'

/** Holds a folder until it is released, or until this process ends in any way. */
export interface FolderLock {
  release(): void
}

/** SQLite's word for "somebody else has it". */
const SQLITE_BUSY = 5

/**
 * Takes a folder for this process alone; null when another process has it. The lock is the kernel's, on an empty
 * database file that nothing is ever written to: the one kind that Node offers on every system and that dies with its
 * process.
 */
export function lockFolder(folder: string): FolderLock | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (sqliteCode(error) === SQLITE_BUSY) return null
    throw error
  }
  return { release: () => database.close() }
}
