import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type FolderLock, lockFolder } from '../../src/store/folder-lock.ts'

/** Another file's turn with the machine takes minutes, and several may be before this one. */
const TURN_MS = 30 * 60_000

const LOOK_EVERY_MS = 200

/**
 * Programs wait most of their time, and a runner measures again what its busy machine disturbed: with five local modes at
 * once on two cores one verdict of 18,000 was another (`test/records/verify-2026-11-26T224616.json`). Starts take a core.
 */
const AT_ONCE = 2

/**
 * Waits until fewer than so many test files run whole programs: files run side by side, and many local modes on two cores
 * would measure each other. A turn ends with its process at the latest.
 */
export async function takeTurn(): Promise<FolderLock> {
  const until = performance.now() + TURN_MS
  for (;;) {
    for (let place = 1; place <= AT_ONCE; place++) {
      const lock = lockFolder(join(tmpdir(), `doorstep-turn-programs-${place}`))
      if (lock) return lock
    }
    if (performance.now() > until) throw new Error('other test files never ended their turns')
    await pause(LOOK_EVERY_MS)
  }
}

/** Longer than any turn and what starts after it: what a `beforeAll` may take. */
export const TURN_TIMEOUT_MS = TURN_MS + 120_000
