/**
 * The walls of the code as functions over a set of files, so that the same rules run over the real tree and over
 * planted violations. A file map holds paths from the top of the repository (`src/core/check.ts`) and their text.
 */
export type Files = ReadonlyMap<string, string>

/** What one folder under src/ may import: other folders, and packages (Node's own modules by their `node:` names). */
export interface Row {
  readonly folders: readonly string[]
  readonly packages: readonly string[]
}

const ALL = [
  'core',
  'probes',
  'criteria',
  'endpoints',
  'places',
  'cards',
  'commands',
  'wire',
  'net',
  'os',
  'store',
  'teams',
  'hub',
  'runner',
  'beacon',
  'local',
  'pages',
  'config',
  'cli',
] as const

const allBut = (...out: readonly string[]) => ALL.filter((folder) => !out.includes(folder))

/** The import table: one row per folder. A new dependency is a change to this table, and is reviewed as one. */
export const TABLE: Readonly<Record<string, Row>> = {
  // One language, by a condition of package.json's: data, like a table.
  core: { folders: [], packages: ['#language'] },
  probes: { folders: ['core'], packages: ['zod', 'node:crypto', 'node:net'] },
  criteria: { folders: ['core'], packages: [] },
  endpoints: { folders: ['core'], packages: ['zod', 'node:net'] },
  places: { folders: ['core'], packages: ['zod', 'node:net', 'mmdb-lib'] },
  cards: { folders: ['core'], packages: ['adaptivecards-templating', 'adaptive-expressions'] },
  commands: { folders: ['core', 'cards'], packages: [] },
  wire: { folders: ['core'], packages: ['zod', 'jose', 'node:crypto'] },
  net: {
    folders: ['core'],
    packages: [
      'zod',
      'dns-packet',
      'undici',
      'socks',
      'node:crypto',
      'node:dgram',
      'node:dns',
      'node:dns/promises',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:net',
      'node:os',
      'node:path',
      'node:perf_hooks',
      'node:stream',
      'node:tls',
      'node:url',
    ],
  },
  os: {
    folders: ['core'],
    packages: [
      // Asks the system's own programs for its proxy setting, which no call tells.
      'node:child_process',
      'node:crypto',
      'node:dns',
      'node:fs',
      'node:fs/promises',
      'node:net',
      'node:os',
      'node:path',
      'node:perf_hooks',
      'node:process',
      'node:timers',
      'node:url',
      'node:v8',
    ],
  },
  store: {
    folders: ['core'],
    packages: [
      'zod',
      '@azure/data-tables',
      '@azure/identity',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:sqlite',
      'node:zlib',
    ],
  },
  teams: {
    folders: ['core'],
    packages: ['zod', 'botbuilder', 'botframework-connector', 'botbuilder-stdlib', 'jose', 'undici'],
  },
  hub: {
    folders: allBut('runner', 'local', 'cli'),
    packages: [
      'zod',
      'node:events',
      'node:stream',
      'croner',
      'restify',
      'pino',
      'undici',
      'jose',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:net',
      'node:path',
      'node:url',
    ],
  },
  runner: {
    folders: ['core', 'probes', 'endpoints', 'wire', 'net', 'os', 'config'],
    packages: [
      'zod',
      'jose',
      'pino',
      'undici',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:os',
      'node:path',
      'node:process',
      'node:stream',
      'node:url',
      'node:util',
    ],
  },
  beacon: { folders: ['core', 'net', 'os', 'config'], packages: ['dns-packet', 'node:dgram', 'node:net'] },
  local: {
    folders: allBut('runner'),
    packages: [
      'zod',
      'dns-packet',
      'undici',
      'pino',
      'node:child_process',
      'node:crypto',
      'node:dgram',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:https',
      'node:module',
      'node:perf_hooks',
      'node:net',
      'node:os',
      'node:path',
      'node:readline',
      'node:stream',
      'node:tls',
      'node:url',
      'node:util',
      'node:webcrypto',
    ],
  },
  pages: { folders: ['core'], packages: [] },
  config: { folders: ['core'], packages: ['zod', 'node:net', 'node:path', 'node:os', 'node:url'] },
  cli: {
    folders: allBut('runner'),
    packages: ['pino', 'node:fs', 'node:fs/promises', 'node:path', 'node:url', 'node:util'],
  },
}

/** Files that stand above the folders. */
const ENTRIES: Readonly<Record<string, Row>> = {
  'src/main.ts': { folders: ['cli', 'config', 'os'], packages: ['node:module', 'node:url'] },
}

/** The only files that may read the environment; they pass it down. */
const MAY_READ_ENV = ['src/main.ts', 'src/runner/main.ts']

/** Folders without a clock, network, files, randomness or environment. */
export const PURE = ['core', 'criteria', 'endpoints', 'places', 'cards', 'commands', 'probes']

const IMPURE =
  /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|\bfetch\(|\bperformance\.now\(|\bcrypto\.(getRandomValues|randomUUID)\(|\brandom(Bytes|UUID|Int)\(|from 'node:(dns|dgram|fs|http|https|child_process|os|tls|timers)/

/** Sockets stand in net/ only; servers in hub, beacon and local. */
const SOCKETS =
  /from 'node:(dgram|tls|dns)(\/promises)?'|\b(net|tls)\.connect\(|\bcreateSocket\(|\bdns\.lookup\(/
const MAY_HAVE_SOCKETS = ['net', 'beacon', 'local', 'os']

/** Most lines of one source file. */
export const MAX_LINES = 300

/** One import of a file: where it points, and how it is written. */
export interface Import {
  readonly file: string
  readonly spec: string
  readonly typeOnly: boolean
}

/** Every static, side-effect and dynamic import of a file. */
export function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const found: Import[] = []
  const statement =
    /\b(import|export)\s+(type\s+)?[^'";]*?\bfrom\s*'([^']+)'|(?<=^|[\n;]\s*)import\s*'([^']+)'|\bimport\(\s*'([^']+)'/g
  for (const match of code.matchAll(statement)) {
    const spec = match[3] ?? match[4] ?? match[5]
    if (spec !== undefined) found.push({ file, spec, typeOnly: match[2] !== undefined })
  }
  return found
}

/** The path that a relative import means, from the top of the repository. */
export function resolveImport({ file, spec }: Import): string {
  const parts = file.split('/').slice(0, -1)
  for (const part of spec.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function packageOf(spec: string): string {
  if (spec.startsWith('node:')) return spec
  return spec
    .split('/')
    .slice(0, spec.startsWith('@') ? 2 : 1)
    .join('/')
}

function sources(files: Files): readonly (readonly [string, string])[] {
  return [...files].filter(([path]) => path.startsWith('src/') && path.endsWith('.ts'))
}

/** Imports that the table does not allow. */
export function wrongImports(files: Files): readonly string[] {
  return sources(files).flatMap(([file, text]) => {
    const folder = file.split('/')[1] ?? ''
    const row = ENTRIES[file] ?? TABLE[folder]
    if (!row) return [`${file}: ${folder} is not a folder of the table`]
    return importsOf(file, text).flatMap((entry): readonly string[] => {
      if (!entry.spec.startsWith('.')) {
        const name = packageOf(entry.spec)
        return row.packages.includes(name) ? [] : [`${file}: ${folder} may not import the package ${name}`]
      }
      const target = resolveImport(entry)
      if (folder === 'cards' && target.startsWith('cards/')) return []
      const to = target.split('/')[1] ?? ''
      if (!target.startsWith('src/')) return [`${file}: imports ${target}, which is outside src`]
      return to === folder || row.folders.includes(to) ? [] : [`${file}: ${folder} may not import ${to}`]
    })
  })
}

/** Clocks, randomness, files, network or environment in a pure folder. */
export function impurities(files: Files): readonly string[] {
  return sources(files)
    .filter(([file]) => PURE.includes(file.split('/')[1] ?? ''))
    .flatMap(([file, text]) => {
      const found = IMPURE.exec(withoutComments(text))
      return found ? [`${file}: ${found[0]} in a pure folder`] : []
    })
}

/** Sockets and name look-ups outside the folders that may have them. */
export function straySockets(files: Files): readonly string[] {
  return sources(files)
    .filter(([file]) => !MAY_HAVE_SOCKETS.includes(file.split('/')[1] ?? ''))
    .flatMap(([file, text]) => {
      const found = SOCKETS.exec(withoutComments(text))
      return found ? [`${file}: ${found[0]} outside net`] : []
    })
}

/** Reads of the environment outside the two entries. */
export function envReads(files: Files): readonly string[] {
  return sources(files)
    .filter(([file]) => !MAY_READ_ENV.includes(file))
    .filter(([, text]) => /\bprocess\.env\b/.test(withoutComments(text)))
    .map(([file]) => `${file}: reads process.env`)
}

/** Files that outgrew the house rule. */
export function tooLong(files: Files): readonly string[] {
  return sources(files).flatMap(([file, text]) => {
    const lines = text.split('\n').length - 1
    return lines > MAX_LINES ? [`${file}: ${lines} lines, limit ${MAX_LINES}`] : []
  })
}

/** Circles of imports that exist at run time. */
export function cycles(files: Files): readonly string[] {
  const edges = new Map(
    sources(files).map(([file, text]) => [
      file,
      importsOf(file, text)
        .filter((entry) => entry.spec.startsWith('.') && !entry.typeOnly)
        .map(resolveImport),
    ]),
  )
  const done = new Set<string>()
  const found: string[] = []
  const walk = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file)
    if (at >= 0) {
      found.push([...trail.slice(at), file].join(' -> '))
      return
    }
    if (done.has(file)) return
    for (const next of edges.get(file) ?? []) walk(next, [...trail, file])
    done.add(file)
  }
  for (const file of edges.keys()) walk(file, [])
  return found
}

/** Names of a demo or a world under src/ outside local/: the hub and the runner hold no branch on either. */
export function worldNames(files: Files, names: readonly string[]): readonly string[] {
  const pattern = new RegExp(`\\b(${names.join('|')})\\b`)
  return sources(files)
    .filter(([file]) => !file.startsWith('src/local/') && !file.startsWith('src/places/'))
    .flatMap(([file, text]) => {
      const found = pattern.exec(withoutExamples(withoutComments(text)))
      return found ? [`${file}: names ${found[0]}`] : []
    })
}

/** Examples in help texts are for readers and decide nothing; they are marked by their key. */
function withoutExamples(text: string): string {
  return text
    .replace(/\bexamples:\s*\[[^\]]*\]/g, '')
    .replace(/\b(hint|placeholder):\s*(?:'[^']*'|t?`[^`]*`)/g, '')
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\s\/\/ .*$/gm, '')
}
