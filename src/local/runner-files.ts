import { readWorldFile } from '../net/world-file.ts'
import type { WorldFolder } from './world-folder.ts'

/**
 * Reads a world's runner files as their runners will, so that what they would refuse is told before anything starts.
 * Gives one sentence per file that is refused, by its path; the other runners go on.
 */
export async function refusedRunnerFiles(world: WorldFolder): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>()
  for (const { name, runners } of world.offices) {
    for (const file of runners) {
      const read = await readWorldFile(file)
      if (!read.ok) refused.set(file, `A runner of ${name} will not start. ${read.message}`)
    }
  }
  return refused
}
