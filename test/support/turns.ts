import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type FolderLock, lockFolder } from '../../src/store/folder-lock.ts'

/** Another file's turn with the machine takes minutes, and several may be before this one. */
const TURN_MS = 30 * 60_000

const LOOK_EVERY_MS = 200

/**
 * Waits until no other test file runs whole programs: files run side by side, and two local modes on two cores would
 * measure each other. A turn ends with its process at the latest.
 */
export async function takeTurn(): Promise<FolderLock> {
  const until = performance.now() + TURN_MS
  for (;;) {
    const lock = lockFolder(join(tmpdir(), 'doorstep-turn-programs'))
    if (lock) return lock
    if (performance.now() > until) throw new Error('another test file never ended its turn')
    await pause(LOOK_EVERY_MS)
  }
}

/** Longer than any turn and what starts after it: what a `beforeAll` may take. */
export const TURN_TIMEOUT_MS = TURN_MS + 120_000
