import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../../src/core/finding.ts'
import type { Measurement } from '../../src/core/measurement.ts'
import type { CriterionId, Verdict } from '../../src/core/verdict.ts'
import type { Recording, Setting } from './recording.ts'

/** One folder per case; see the README there. */
export const FIXTURES = join(import.meta.dirname, '..', 'fixtures')

/** What is true, written by hand: the verdict, or those that are right where the design leaves it open. */
export interface TrueRuling {
  readonly verdict: Verdict | readonly Verdict[]
  /** A regular expression that the sentence or a signal of the ruling matches. */
  readonly says?: string
}
export type TrueRulings = Readonly<Partial<Record<CriterionId, TrueRuling>>>

/** The names of all cases that are on disk. */
export const caseNames = (): readonly string[] =>
  readdirSync(FIXTURES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(FIXTURES, entry.name, 'case.json')))
    .map((entry) => entry.name)

/** Longer than this and a value is broken over lines. */
const LINE = 140

const INDENT = '  '

/** JSON that people can read and that differs by line: what is short stays on one line. */
export const readable = (value: unknown, indent = ''): string => {
  const flat = JSON.stringify(value) ?? 'null'
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= LINE) return flat
  const inner = indent + INDENT
  const parts = Array.isArray(value)
    ? value.map((item) => readable(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${readable(item, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}

const read = (...path: readonly string[]): unknown =>
  JSON.parse(readFileSync(join(FIXTURES, ...path), 'utf8'))

const write = (value: unknown, ...path: readonly string[]): void =>
  writeFileSync(join(FIXTURES, ...path), `${readable(value)}\n`)

/** A measurement without what its owed entry says already. */
type Kept = Omit<Measurement, 'officeId' | 'runnerId' | 'probe' | 'params'>

/** Certificates are long and repeat: in the file they stand once, and a chain is a list of their keys. */
interface MeasurementsFile {
  readonly certificates: Readonly<Record<string, string>>
  readonly measurements: readonly Kept[]
}

/** Chains that several cases share, by name: which genuine certificates a verified chain had decides nothing. */
const SHARED = 'shared-chains.json'
const CLEAN = '$clean-chain'
type Shared = Readonly<Record<string, readonly string[]>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every `certificates` of a value, changed with the chain that holds it in view. */
const mapChains = (
  value: unknown,
  change: (certificates: unknown, chain: Readonly<Record<string, unknown>>) => unknown,
): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapChains(item, change))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'certificates' ? change(item, value) : mapChains(item, change),
    ]),
  )
}

const sharedChains = (): Shared =>
  existsSync(join(FIXTURES, SHARED)) ? (read(SHARED) as Shared) : ({} as Shared)

/** Writes what was recorded: `case.json` and `measurements.json`. */
export const writeRecording = (name: string, { setting, measurements }: Recording): void => {
  const keys = new Map<string, string>()
  const keyOf = (text: string): string => {
    const key = keys.get(text) ?? `c${keys.size + 1}`
    keys.set(text, key)
    return key
  }
  const kept = measurements.map(({ officeId, runnerId, probe, params, ...rest }) =>
    mapChains(rest, (certificates, chain) => {
      const texts = certificates as readonly string[]
      if (chain['verified'] !== true) return texts.map(keyOf)
      if (sharedChains()[CLEAN] === undefined) write({ ...sharedChains(), [CLEAN]: texts }, SHARED)
      return CLEAN
    }),
  )
  mkdirSync(join(FIXTURES, name), { recursive: true })
  write(setting, name, 'case.json')
  const certificates = Object.fromEntries([...keys].map(([text, key]) => [key, text]))
  write({ certificates, measurements: kept }, name, 'measurements.json')
}

/** Reads a case as it was recorded. Throws for a folder that is not whole. */
export const readRecording = (name: string): Recording => {
  const setting = read(name, 'case.json') as Setting
  const file = read(name, 'measurements.json') as MeasurementsFile
  const shared = sharedChains()
  const measurements = file.measurements.map((kept): Measurement => {
    const owed = setting.owed.find(({ measurementId }) => measurementId === kept.measurementId)
    if (owed === undefined) throw new Error(`${name}: ${kept.measurementId} is owed to nobody`)
    const whole = mapChains(kept, (certificates) =>
      typeof certificates === 'string'
        ? shared[certificates]
        : (certificates as readonly string[]).map((key) => file.certificates[key]),
    ) as Kept
    return { ...owed, ...whole }
  })
  return { setting, measurements }
}

export const readFindings = (name: string): readonly Finding[] =>
  read(name, 'findings.json') as readonly Finding[]

export const writeFindings = (name: string, findings: readonly Finding[]): void =>
  write(findings, name, 'findings.json')

/** The truth of a case; null where nobody wrote it yet. Nothing in this repository writes it. */
export const readTruth = (name: string): TrueRulings | null =>
  existsSync(join(FIXTURES, name, 'rulings.json')) ? (read(name, 'rulings.json') as TrueRulings) : null
