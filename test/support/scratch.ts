import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Scratch {
  /** A new, empty folder. */
  make(): Promise<string>
  /** Removes every folder that was made. */
  remove(): Promise<void>
}

/** Folders for one test file, in the system's place for what does not last. */
export function scratch(prefix: string): Scratch {
  const made: string[] = []
  return {
    async make() {
      const folder = await mkdtemp(join(tmpdir(), prefix))
      made.push(folder)
      return folder
    },
    async remove() {
      for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
    },
  }
}
