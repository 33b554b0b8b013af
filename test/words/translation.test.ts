import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** A program that reads the whole tree, on a busy machine. */
const LONGEST_MS = 120_000

const ROOT = join(import.meta.dirname, '..', '..')

const MOST_BYTES = 64 * 1024 * 1024

/** The output of a program of the tests, as JSON, that says every text in letters which English does not have. */
const inForeign = <T>(program: string): T =>
  JSON.parse(
    execFileSync(process.execPath, ['--import', './test/words/foreign-language.ts', program], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: MOST_BYTES,
    }),
  )

/** What the cases themselves say, and what Doorstep takes in English in every language: commands, ids and names. */
const given = (): string =>
  ['test/cards', 'test/cards/golden-cases', 'test/commands', 'test/support']
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .replace(/\$\{outside\('([^']*)'\)\}/g, '$1')
    .toLowerCase()

/** Names that their cases make, and do not hold. */
const MADE = /^(samples\.hostile|names\.)/

/** Of dates: the locale says them, and it is that of England here. */
const DATE = /^(January|November|Sept|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|[A-Z][a-z]{2}$)/

/** Runs of English words, as long as nothing stands between them. */
const RUN = /[A-Za-z][A-Za-z’'-]*(?: [A-Za-z][A-Za-z’'-]*)*/g

describe('a translation', () => {
  it(
    'reaches every text of every card',
    () => {
      const data = given()
      const english = Object.entries(inForeign<Record<string, string[]>>('test/words/every-text.ts'))
        .filter(([name]) => !MADE.test(name))
        .flatMap(([name, texts]) =>
          texts
            .flatMap((text) => text.match(RUN) ?? [])
            .filter((run) => run.length > 2 && !DATE.test(run) && !data.includes(run.toLowerCase()))
            .map((run) => `${name}: ${run}`),
        )
      expect([...new Set(english)]).toEqual([])
    },
    LONGEST_MS,
  )

  it(
    'changes no verdict: nothing is decided by what a text says',
    () => {
      expect(inForeign('test/words/every-verdict.ts')).toEqual([])
    },
    LONGEST_MS,
  )

  it(
    'changes no command, and no column of a file',
    () => {
      const typed = inForeign<string[]>('test/words/every-command.ts')
      expect(typed.length).toBeGreaterThan(100)
      expect(typed.filter((text) => /[\uff21-\uff5a]/.test(text))).toEqual([])
    },
    LONGEST_MS,
  )
})
