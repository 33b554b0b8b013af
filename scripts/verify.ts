/**
 * Checks the five demo offices again and again and compares every criterion with the truth that was written by hand:
 * ten runs on an idle machine, then ten with one core busy. Writes `test/records/verify-<date>.json` and ends with 1 on
 * any mismatch. Say a number to do that many of each: `npm run verify -- 2`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { CRITERIA } from '../src/core/verdict.ts'
import { demoWorld } from '../src/local/demo/demo-world.ts'
import { DEMO_TRUTH, type DemoOffice } from '../src/local/demo/truth.ts'
import { type LocalMode, startLocalMode, temporaryFolder } from '../test/support/local-mode.ts'
import { lettersOf, startConnector, type TestConnector } from '../test/support/test-connector.ts'

const ROOT = join(import.meta.dirname, '..')
const OFFICES = Object.keys(DEMO_TRUTH) as DemoOffice[]

/** One check of one office. */
interface Seen {
  readonly office: DemoOffice
  /** One letter per criterion; null when there was no answer. */
  readonly verdicts: string | null
  readonly ms: number
}

interface Mismatch {
  readonly load: string
  readonly run: number
  readonly office: DemoOffice
  readonly criterion: string
  readonly expected: string
  readonly found: string
}

interface Run {
  readonly load: 'idle' | 'one core busy'
  readonly run: number
  readonly offices: readonly Seen[]
}

const runs = Number(process.argv[2] ?? 10)
const startedAt = new Date()
const data = temporaryFolder()
const connector = await startConnector()
const local = await startLocalMode({ data: data.folder })
const done: Run[] = []
try {
  done.push(...(await series('idle')))
  const spinner = spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' })
  try {
    done.push(...(await series('one core busy')))
  } finally {
    spinner.kill('SIGKILL')
    await once(spinner, 'exit')
  }
} finally {
  await local.stop()
  await connector.close()
  data.remove()
}
process.exitCode = report(done) ? 0 : 1

async function series(load: Run['load']): Promise<readonly Run[]> {
  const all: Run[] = []
  for (let run = 1; run <= runs; run++) {
    const offices: Seen[] = []
    for (const office of OFFICES) offices.push(await see(office, connector, local))
    all.push({ load, run, offices })
    console.log(
      `${load} ${run}: ${offices.map((one) => `${one.office} ${one.verdicts} ${one.ms} ms`).join(', ')}`,
    )
  }
  return all
}

async function see(office: DemoOffice, from: TestConnector, { hubUrl }: LocalMode): Promise<Seen> {
  const began = performance.now()
  const verdicts = await from.ask(hubUrl, `check office ${office}`).then(
    ({ final }) => lettersOf(final.card),
    () => null,
  )
  return { office, verdicts, ms: Math.round(performance.now() - began) }
}

function mismatchesOf({ load, run, offices }: Run): readonly Mismatch[] {
  return offices.flatMap(({ office, verdicts }) =>
    CRITERIA.flatMap((criterion, index) => {
      const expected = DEMO_TRUTH[office][index] ?? ''
      const found = verdicts === null ? 'no answer' : (verdicts[index] ?? '')
      return found === expected ? [] : [{ load, run, office, criterion, expected, found }]
    }),
  )
}

/** Writes the record and a line for the person; false on any mismatch. */
function report(all: readonly Run[]): boolean {
  const mismatches = all.flatMap(mismatchesOf)
  const record = {
    date: startedAt.toISOString(),
    commit: git('rev-parse', 'HEAD'),
    // Files that differ from that commit, when the record was made while somebody worked on them.
    changedFiles: git('status', '--porcelain').split('\n').filter(Boolean).length,
    node: process.version,
    cores: cpus().length,
    seed: demoWorld().seed ?? null,
    truth: DEMO_TRUTH,
    mismatches,
    runs: all,
  }
  const folder = join(ROOT, 'test', 'records')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `verify-${startedAt.toISOString().slice(0, 19).replaceAll(':', '')}.json`)
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
  const compared = all.length * OFFICES.length * CRITERIA.length
  console.log(
    `${all.length} runs, ${compared} verdicts compared, ${mismatches.length} mismatches; written to ${file}`,
  )
  return mismatches.length === 0
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}
