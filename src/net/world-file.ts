import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { normalName } from './dns-guard.ts'
import type { Gateway } from './gateway-dialer.ts'
import { splitPem } from './public-roots.ts'
import { WORLD_KEYS, worldSchema } from './world-schema.ts'

/** What the host's setting says about a proxy. */
export interface WorldProxy {
  readonly url: string | null
  readonly bypass: readonly string[]
  readonly pac: string | null
}

/** A runner's world, read and checked. `null` means that there is none; `undefined` that the real host decides. */
export interface World {
  readonly name: string
  /** Undefined: the host's own routes, as in a namespace that is a world by itself. */
  readonly gateway: Gateway | undefined
  readonly resolvers: readonly string[] | undefined
  /** Stands for getaddrinfo; undefined: the first resolver, or getaddrinfo itself without gateway and resolvers. */
  readonly systemLookup: readonly string[] | undefined
  readonly interfaces: readonly { readonly name: string; readonly address: string }[] | undefined
  readonly proxy: WorldProxy | null | undefined
  readonly tenant: string | null | undefined
  /** PEM, one certificate each. */
  readonly roots: readonly string[] | undefined
  /** PEM text of what the OS store adds. */
  readonly systemRoots: string | null | undefined
  readonly endpoints: string | null | undefined
  readonly echo: string | null | undefined
  readonly beacon: string | null | undefined
  readonly clockOffsetMs: number
  /** Keys that mean nothing here: worth a line in the log, for they may be misspelt. */
  readonly unknownKeys: readonly string[]
}

/** A world, or one message with everything that is wrong with its file. */
export type WorldRead =
  | { readonly ok: true; readonly world: World }
  | { readonly ok: false; readonly message: string }

type Problems = string[]

/** Reads a runner's world file and the PEM files it names, which are relative to it. */
export async function readWorldFile(path: string): Promise<WorldRead> {
  const problems: Problems = []
  const text = await textOf(path, problems, 'the file')
  const json = text === null ? undefined : jsonOf(text, problems)
  if (json === undefined) return refusal(path, problems)
  const parsed = worldSchema.safeParse(json)
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      problems.push(`${issue.path.join('.') || 'the file'}: ${issue.message}`)
    return refusal(path, problems)
  }
  const file = parsed.data
  const rootsText = await pemOf(path, 'roots', file.roots, problems)
  const systemRoots = await pemOf(path, 'systemRoots', file.systemRoots, problems)
  const beacon = file.beacon === undefined || file.beacon === null ? file.beacon : normalName(file.beacon)
  if (typeof file.beacon === 'string' && beacon === null) problems.push('beacon: must be a DNS name')
  if (problems.length > 0) return refusal(path, problems)
  return {
    ok: true,
    world: {
      name: file.world,
      gateway: file.gateway,
      resolvers: listOf(file.resolvers),
      // None is not "no lookups": without an order of its own the system asks its first resolver.
      systemLookup: file.systemLookup ?? undefined,
      interfaces: listOf(file.interfaces),
      proxy: file.proxy,
      tenant: file.tenant,
      roots: rootsText === undefined ? undefined : splitPem(rootsText ?? ''),
      systemRoots,
      endpoints: file.endpoints,
      echo: file.echo,
      beacon,
      // Clocks tell whole milliseconds.
      clockOffsetMs: Math.round(file.clockOffsetMs ?? 0),
      unknownKeys: Object.keys(file).filter((key) => !WORLD_KEYS.includes(key)),
    },
  }
}

/** A list that is null is empty: there are none. */
function listOf<T>(list: readonly T[] | null | undefined): readonly T[] | undefined {
  return list === null ? [] : list
}

async function textOf(path: string, problems: Problems, key: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    problems.push(`${key}: cannot be read (${error instanceof Error ? error.message : String(error)})`)
    return null
  }
}

function jsonOf(text: string, problems: Problems): unknown {
  try {
    // Editors of some systems begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    problems.push(`the file: is not JSON (${error instanceof Error ? error.message : String(error)})`)
    return undefined
  }
}

async function pemOf(
  worldPath: string,
  key: string,
  file: string | null | undefined,
  problems: Problems,
): Promise<string | null | undefined> {
  if (file === undefined || file === null) return file
  const text = await textOf(resolve(dirname(worldPath), file), problems, key)
  if (text !== null && splitPem(text).length === 0) problems.push(`${key}: holds no PEM certificate`)
  return text
}

function refusal(path: string, problems: Problems): WorldRead {
  return { ok: false, message: `World file ${path}: ${problems.join('; ')}` }
}
