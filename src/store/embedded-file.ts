import { chmod, mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CannotOpenStore } from './cannot-open.ts'

/** Tells the kind of file system under a folder, as the number that `statfs` gives. */
export type FileSystemType = (folder: string) => Promise<number>

/** File systems that pretend to lock and to sync: `f_type` of Linux's NFS, SMB2 and CIFS. */
const NETWORK_MOUNTS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
])

/** How long an opener waits for a hub that is just ending. The wait blocks the process, so it is short. */
const BUSY_MS = 1_000
/** "dstp": marks the file as ours for tools such as `file`. */
const APPLICATION_ID = 0x64737470
/** Raise when the tables' shape changes. */
const FILE_VERSION = 1

/** SQLite's primary result codes that a person can do something about. */
const SQLITE_PERM = 3
const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_CORRUPT = 11
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26

/** What the running system says. */
export async function systemFileSystemType(folder: string): Promise<number> {
  return (await statfs(folder)).type
}

/**
 * Opens (and makes) `doorstep.db` in a folder on a local disk for this process alone: every commit is on the disk
 * before it returns, and the lock is the kernel's, so that it ends with the process however the process ends.
 * Throws `CannotOpenStore`.
 */
export async function openDatabase(folder: string, typeOf: FileSystemType): Promise<DatabaseSync> {
  await prepareFolder(folder, typeOf)
  const path = join(folder, 'doorstep.db')
  const database = guarded(folder, () => new DatabaseSync(path, { timeout: BUSY_MS }))
  try {
    // Before the first write: SQLite gives the WAL file the database's permissions.
    await chmod(path, 0o600).catch(() => {
      throw notWritable(folder)
    })
    guarded(folder, () => takeHold(database))
    checkVersion(database, folder)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** The primary result code of an SQLite error, or undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode & 0xff
}

async function prepareFolder(folder: string, typeOf: FileSystemType): Promise<void> {
  if (folder.startsWith('\\\\') || folder.startsWith('//')) throw networkMount(folder, 'network share')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch {
    throw notWritable(folder)
  }
  const kind = NETWORK_MOUNTS.get((await typeOf(folder)) >>> 0)
  if (kind !== undefined) throw networkMount(folder, `${kind} mount`)
}

function takeHold(database: DatabaseSync): void {
  // Exclusive before the first read of the file: then the WAL needs no shared memory and the lock is never let go.
  // Nothing else in this process may open the file: closing it would drop the lock (POSIX).
  database.exec('PRAGMA locking_mode = EXCLUSIVE')
  database.exec('PRAGMA journal_mode = WAL')
  // Without this line an existing WAL file may be opened with NORMAL, which loses commits at a power cut.
  database.exec('PRAGMA synchronous = FULL')
  database.exec('BEGIN EXCLUSIVE; COMMIT')
}

function checkVersion(database: DatabaseSync, folder: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > FILE_VERSION) {
    throw new CannotOpenStore(
      'newer-version',
      `The data in ${folder} was written by a newer Doorstep; update this one, or give it another folder.`,
    )
  }
  if (version === FILE_VERSION) return
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FILE_VERSION}`)
}

function guarded<T>(folder: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    switch (sqliteCode(error)) {
      case SQLITE_BUSY:
        throw new CannotOpenStore(
          'in-use',
          `Another process has the data in ${folder} open; only one hub at a time can use a folder, so stop the other one or give this one another folder.`,
        )
      case SQLITE_PERM:
      case SQLITE_READONLY:
      case SQLITE_CANTOPEN:
        throw notWritable(folder)
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        throw new CannotOpenStore(
          'damaged',
          `doorstep.db in ${folder} is damaged or not Doorstep's; restore it from a backup, or move it away to start anew.`,
        )
      default:
        throw error
    }
  }
}

function networkMount(folder: string, kind: string): CannotOpenStore {
  return new CannotOpenStore(
    'network-mount',
    `${folder} is on a ${kind}, where a database file can be lost; use a local disk, or Azure Tables.`,
  )
}

function notWritable(folder: string): CannotOpenStore {
  return new CannotOpenStore(
    'not-writable',
    `Doorstep cannot write to ${folder}; check that it exists and whose it is.`,
  )
}
