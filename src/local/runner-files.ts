import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readWorldFile, type WorldRead } from '../net/world-file.ts'
import type { WorldFolder } from './world-folder.ts'

/** What a world's runner files say, by their paths. */
export type RunnerFiles = ReadonlyMap<string, WorldRead>

/** Reads a world's runner files as their runners will. */
export async function readRunnerFiles(world: WorldFolder): Promise<RunnerFiles> {
  const files = world.offices.flatMap(({ runners }) => runners)
  return new Map(await Promise.all(files.map(async (file) => [file, await readWorldFile(file)] as const)))
}

/**
 * One sentence per file that its runner will refuse, by its path, so that it is told before anything starts; the other
 * runners go on.
 */
export function refusedRunnerFiles(world: WorldFolder, files: RunnerFiles): ReadonlyMap<string, string> {
  const refused = new Map<string, string>()
  for (const { name, runners } of world.offices) {
    for (const file of runners) {
      const read = files.get(file)
      if (read?.ok === false) refused.set(file, `A runner of ${name} will not start. ${read.message}`)
    }
  }
  return refused
}

/**
 * A hash of all that a world's files say of its Internet: offices, places, runner files with their certificates, and the
 * ports where it listens, which differ when its servers were started anew. Another hash is another Internet, whatever its
 * name. The truth is no part of it, for it is not even read.
 */
export async function worldHash(world: WorldFolder, files: RunnerFiles): Promise<string> {
  const places = world.places === null ? null : await readFile(world.places, 'utf8').catch(() => null)
  return createHash('sha256')
    .update(JSON.stringify([world, [...files], places]))
    .digest('hex')
}
