import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  cycles,
  envReads,
  type Files,
  impurities,
  straySockets,
  tooLong,
  worldNames,
  wrongImports,
} from './rules.ts'

const TREE: Files = new Map(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(name, 'utf8')]),
)

/** What only a demo or a test world is called by; cities that every table of places holds are looked for in code only. */
const WORLD_NAMES = ['Seattle', 'Sydney', 'Lyon']

const RULES: readonly (readonly [string, (files: Files) => readonly string[]])[] = [
  ['imports keep to the table', wrongImports],
  ['pure folders hold no clock, network, files, randomness or environment', impurities],
  ['sockets stand in net, beacon and local alone', straySockets],
  ['only the two entries read the environment', envReads],
  ['no file is longer than 300 lines', tooLong],
  ['no import goes round in a circle', cycles],
  ['no demo or world name stands outside local', (files) => worldNames(files, WORLD_NAMES)],
]

describe('the walls of the tree', () => {
  it('is really looking at the tree', () => {
    expect(TREE.size).toBeGreaterThan(50)
  })

  it.each(RULES)('%s', (_name, rule) => {
    expect(rule(TREE)).toEqual([])
  })
})

/** One violation of each rule, planted: a wall that never falls proves nothing. */
const PLANTED: readonly (readonly [
  string,
  Record<string, string>,
  (files: Files) => readonly string[],
  string,
])[] = [
  [
    'core importing commands',
    { 'src/core/a.ts': `import { x } from '../commands/b.ts'` },
    wrongImports,
    'src/core/a.ts: core may not import commands',
  ],
  [
    'the runner importing botbuilder',
    { 'src/runner/a.ts': `import { CloudAdapter } from 'botbuilder'` },
    wrongImports,
    'src/runner/a.ts: runner may not import the package botbuilder',
  ],
  [
    'the hub importing the runner dynamically',
    { 'src/hub/a.ts': `const runner = await import('../runner/main.ts')` },
    wrongImports,
    'src/hub/a.ts: hub may not import runner',
  ],
  [
    'a folder nobody knows',
    { 'src/misc/a.ts': 'export const a = 1' },
    wrongImports,
    'src/misc/a.ts: misc is not a folder of the table',
  ],
  [
    'a clock in a criterion',
    { 'src/criteria/a.ts': 'export const now = () => Date.now()' },
    impurities,
    'src/criteria/a.ts: Date.now( in a pure folder',
  ],
  [
    'a socket in the hub',
    { 'src/hub/a.ts': `import tls from 'node:tls'` },
    straySockets,
    `src/hub/a.ts: from 'node:tls' outside net`,
  ],
  [
    'the environment read in the store',
    { 'src/store/a.ts': 'export const key = process.env.KEY' },
    envReads,
    'src/store/a.ts: reads process.env',
  ],
  [
    'a file of 301 lines',
    { 'src/core/a.ts': 'export const a = 1\n'.repeat(301) },
    tooLong,
    'src/core/a.ts: 301 lines, limit 300',
  ],
  [
    'two files that import each other',
    { 'src/core/a.ts': `import { b } from './b.ts'`, 'src/core/b.ts': `import { a } from './a.ts'` },
    cycles,
    'src/core/a.ts -> src/core/b.ts -> src/core/a.ts',
  ],
  [
    'a branch on an office name in the hub',
    { 'src/hub/a.ts': `export const special = (name: string) => name === 'Seattle'` },
    (files) => worldNames(files, WORLD_NAMES),
    'src/hub/a.ts: names Seattle',
  ],
]

describe('each wall falls when it should', () => {
  it.each(PLANTED)('%s is found', (_name, files, rule, found) => {
    expect(rule(new Map(Object.entries(files)))).toEqual([found])
  })
})
