import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { officeIdOf } from '../core/office-id.ts'
import { CRITERIA } from '../core/verdict.ts'

/** A folder that is no world, and why. */
export class WorldFolderError extends Error {
  override readonly name = 'WorldFolderError'
}

const OFFICE = z.object({
  name: z.string().min(1).max(58),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone')
    .nullish()
    .transform((zone) => zone ?? 'Etc/UTC'),
  egress: listOf(z.string()),
  resolvers: listOf(z.string()),
  doors: listOf(z.string()),
  attested: listOf(z.enum(CRITERIA)),
  runners: listOf(z.string()),
})

/** A list that may be missing, or null, which means none (world.md). */
function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? [])
}

const WORLD = z.object({
  places: z.string().nullish(),
  endpoints: z.string().nullish(),
  offices: z.array(OFFICE),
})

/** A world as `world.json` describes it, paths made absolute. `truth` is for tests and is not even read. */
export interface WorldFolder {
  /** The name that its runners' files carry. */
  readonly name: string
  readonly places: string | null
  readonly endpoints: string | null
  readonly offices: readonly WorldOffice[]
}

export interface WorldOffice extends z.infer<typeof OFFICE> {
  /** Made of its name, and unlike every other in the world. */
  readonly id: string
  /** Absolute paths of the runners' own files. */
  readonly runners: string[]
}

/** Reads `<folder>/world.json`. Throws a `WorldFolderError` that says what is wrong and where. */
export function readWorldFolder(folder: string): WorldFolder {
  const file = path.join(folder, 'world.json')
  const parsed = WORLD.safeParse(readJson(file))
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`,
    )
    throw new WorldFolderError(`${file} is not a world: ${problems.join('; ')}`)
  }
  const { places, endpoints } = parsed.data
  const taken = new Set([MACHINE_ID])
  const offices = parsed.data.offices.map((office) => ({
    ...office,
    id: idFor(office.name, taken),
    runners: office.runners.map((runner) => path.resolve(folder, runner)),
  }))
  return {
    name: nameOf(offices.flatMap((office) => office.runners)) ?? path.basename(path.resolve(folder)),
    places: places ? path.resolve(folder, places) : null,
    endpoints: endpoints ?? null,
    offices,
  }
}

/** The id of the machine's own office is not a world's to give. */
const MACHINE_ID = 'here'

/** Long names may begin alike: the next gets a number, which stays as long as the file keeps its order. */
function idFor(name: string, taken: Set<string>): string {
  const base = officeIdOf(name)
  let id = base
  for (let number = 2; taken.has(id); number++)
    id = `${base.slice(0, MAX_ID - 1 - String(number).length)}-${number}`
  taken.add(id)
  return id
}

/** Longest office id. */
const MAX_ID = 24

/** The name that the first readable runner file carries: a missing file is its runner's trouble, not the world's. */
function nameOf(runnerFiles: readonly string[]): string | null {
  for (const file of runnerFiles) {
    const read = RUNNER_FILE.safeParse(jsonOrNull(file))
    if (read.success) return read.data.world
  }
  return null
}

const RUNNER_FILE = z.object({ world: z.string().min(1) })

function jsonOrNull(file: string): unknown {
  try {
    return readJson(file)
  } catch {
    return null
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new WorldFolderError(`${file} ${why}: ${(error as Error).message}`)
  }
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
