import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { CRITERIA } from '../../src/core/verdict.ts'
import { demoWorld } from '../../src/local/demo/demo-world.ts'
import { DEMO_TRUTH } from '../../src/local/demo/truth.ts'
import type { WorldCase } from '../../test/worlds/cases/all.ts'
import type { RealRun } from '../../test/worlds/real-run.ts'
import { DEMO_OFFICES, type DemoSeen, demoMismatches } from './demo.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export type Load = 'idle' | 'one core busy'

/** One round: the demo, unless it was left out, and every world that was chosen. */
export interface Round {
  readonly load: Load
  readonly round: number
  readonly demo: readonly DemoSeen[]
  readonly worlds: readonly RealRun[]
}

/** What was asked for. */
export interface Plan {
  readonly startedAt: Date
  readonly only: string | null
  /** Which part of the worlds, e.g. `2/8`. */
  readonly part: string
  readonly lanes: number
  /** How long media was listened to, in all worlds but one. */
  readonly mediaSeconds: number
  readonly fullMediaIn: string
  readonly worlds: readonly WorldCase[]
  /** Worlds whose files alone do not make them, with the reason. */
  readonly skipped: readonly WorldCase[]
}

/** Writes the record and says how it went; false on any mismatch. */
export function report(plan: Plan, rounds: readonly Round[]): boolean {
  const mismatches = rounds.flatMap(({ load, round, demo, worlds }) =>
    [...demoMismatches(demo), ...worlds.flatMap((one) => one.mismatches)].map((one) => ({
      load,
      round,
      ...one,
    })),
  )
  const troubles = rounds.flatMap(({ load, round, worlds }) =>
    worlds.flatMap(({ world, trouble }) => (trouble === null ? [] : [{ load, round, world, trouble }])),
  )
  const demoChecks = rounds.reduce((sum, { demo }) => sum + demo.length, 0)
  const runs = rounds.flatMap(({ worlds }) => worlds)
  const totals = {
    rounds: rounds.length,
    demoOffices: DEMO_OFFICES.length,
    demoVerdicts: demoChecks * CRITERIA.length,
    worlds: plan.worlds.length,
    worldRuns: runs.length,
    worldVerdicts: runs.reduce((sum, { compared }) => sum + compared, 0),
    mismatches: mismatches.length,
    seconds: Math.round((Date.now() - plan.startedAt.getTime()) / 1000),
  }
  const record = {
    date: plan.startedAt.toISOString(),
    commit: git('rev-parse', 'HEAD'),
    // Files that differ from that commit, when the record was made while somebody worked on them.
    changedFiles: git('status', '--porcelain').split('\n').filter(Boolean).length,
    node: process.version,
    cores: cpus().length,
    seed: demoWorld().seed ?? null,
    only: plan.only,
    part: plan.part,
    worldsSideBySide: plan.lanes,
    mediaSeconds: plan.mediaSeconds,
    fullMediaIn: plan.fullMediaIn,
    totals,
    mismatches,
    troubles,
    skipped: plan.skipped.map(({ name, onlyInProcess }) => ({ world: name, why: onlyInProcess })),
    demoTruth: DEMO_TRUTH,
    demo: rounds.map(({ load, round, demo }) => ({ load, round, offices: demo })),
    worlds: plan.worlds.map(({ name, truth }) => ({
      world: name,
      truth,
      runs: runs.filter(({ world }) => world === name).length,
      right: runs.filter(({ world, mismatches: wrong }) => world === name && wrong.length === 0).length,
      slowestMs: Math.max(0, ...runs.filter(({ world }) => world === name).map(({ checkMs }) => checkMs)),
    })),
  }
  const folder = join(ROOT, 'test', 'records')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `verify-${plan.startedAt.toISOString().slice(0, 19).replaceAll(':', '')}.json`)
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
  console.log(
    `${totals.rounds} rounds: ${totals.demoVerdicts} verdicts of the demo and ${totals.worldVerdicts} of ${totals.worlds} worlds compared, ` +
      `${totals.mismatches} mismatches, ${plan.skipped.length} worlds only in process; written to ${file}`,
  )
  return mismatches.length === 0 && troubles.length === 0
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}
