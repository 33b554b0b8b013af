/**
 * Compares every criterion with a truth that was written by hand, under the real hub and real runner processes: the five
 * offices of the demo, and every world of the tests. A world stays up for its rounds: they are checks in a row by the same
 * programs. All is done on an idle machine, and then with one core busy. Writes `test/records/verify-<date>.json` and ends with 1 on any mismatch.
 *
 *   npm run verify                          one round of each
 *   npm run verify -- --rounds 10           ten of each in a row
 *   npm run verify -- --only demo           the demo alone
 *   npm run verify -- --only dns            worlds with these letters in their name
 *   npm run verify -- --lanes 1             one world at a time (two, if not given)
 *   npm run verify -- --load idle           without the busy core (`busy`: with it alone)
 *   npm run verify -- --part 2/8            every eighth world from the second on: all of them take long; the demo is in the first
 */
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { startConnector } from '../test/support/test-connector.ts'
import { WORLD_CASES } from '../test/worlds/cases/all.ts'
import { type RealRun, runInARow, runSideBySide } from '../test/worlds/real-run.ts'
import { type RunningDemo, startDemo } from './verify/demo.ts'
import { type Load, type Plan, type Round, report } from './verify/record.ts'

/** Long enough for a train of media packets to be judged, and a tenth of what a person waits for. */
const MEDIA_SECONDS = 1

/** One world shows that the length by default tells the same. */
const FULL_MEDIA_WORLD = 'egress: a healthy office with registered ranges'

/** A world waits most of its time for round trips, but its programs start with a core each. */
const LANES = '2'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    only: { type: 'string' },
    lanes: { type: 'string', default: LANES },
    load: { type: 'string', default: 'both' },
    part: { type: 'string', default: '1/1' },
  },
})
const rounds = Number(values.rounds)
const lanes = Number(values.lanes)
const only = values.only ?? null
if (!(Number.isInteger(rounds) && rounds > 0 && Number.isInteger(lanes) && lanes > 0)) {
  throw new Error('--rounds and --lanes take a whole number above 0')
}
const [part = 0, parts = 0] = values.part.split('/').map(Number)
if (!(Number.isInteger(part) && Number.isInteger(parts) && part >= 1 && part <= parts)) {
  throw new Error('--part takes two whole numbers, such as 2/8 for the second of eight')
}
const loads: readonly Load[] = (['idle', 'one core busy'] as const).filter(
  (load) => values.load === 'both' || (values.load === 'idle') === (load === 'idle'),
)

const withDemo = only === 'demo' || (only === null && part === 1)
const chosen = WORLD_CASES.filter(
  ({ name }, at) =>
    at % parts === part - 1 && (only === null || name.toLowerCase().includes(only.toLowerCase())),
)
const plan: Plan = {
  startedAt: new Date(),
  only,
  part: values.part,
  lanes,
  mediaSeconds: MEDIA_SECONDS,
  fullMediaIn: FULL_MEDIA_WORLD,
  worlds: only === 'demo' ? [] : chosen.filter(({ onlyInProcess }) => onlyInProcess === null),
  skipped: only === 'demo' ? [] : chosen.filter(({ onlyInProcess }) => onlyInProcess !== null),
}
if (!withDemo && plan.worlds.length === 0) throw new Error(`no world has "${only}" in its name`)

// A machine's own extra roots would make inspected chains verify.
const quick = { NODE_EXTRA_CA_CERTS: '', DOORSTEP_MEDIA_SECONDS: String(MEDIA_SECONDS) }
const connector = await startConnector()
const demo = withDemo ? await startDemo(connector, quick) : null
const done: Round[] = []
try {
  for (const load of loads) done.push(...(await series(load, demo)))
} finally {
  await demo?.close()
  await connector.close()
}
process.exitCode = report(plan, done) ? 0 : 1

/** All rounds under one load, in a row. */
async function series(load: Load, running: RunningDemo | null): Promise<readonly Round[]> {
  // A thread, not a program: whoever ends this one by force ends the busy core too.
  const spinner = load === 'idle' ? null : new Worker('for (;;) {}', { eval: true })
  try {
    const demos: Round['demo'][] = []
    for (let round = 1; round <= rounds; round++) demos.push(await demoRound(load, round, running))
    let ended = 0
    const tell = (runs: readonly RealRun[]): void => {
      ended += 1
      console.log(`${load}, ${ended}/${plan.worlds.length} ${wordsOf(runs)}`)
    }
    const run = (one: (typeof plan.worlds)[number]) =>
      runInARow(one, connector, one.name === FULL_MEDIA_WORLD ? null : MEDIA_SECONDS, rounds)
    const worlds = await runSideBySide(plan.worlds, lanes, run, tell)
    return demos.map((offices, at) => ({
      load,
      round: at + 1,
      demo: offices,
      worlds: plan.worlds.flatMap(({ name }) =>
        worlds.filter(({ world }) => world === name).slice(at, at + 1),
      ),
    }))
  } finally {
    await spinner?.terminate()
  }
}

async function demoRound(load: Load, round: number, running: RunningDemo | null): Promise<Round['demo']> {
  const offices = (await running?.round()) ?? []
  if (offices.length > 0) {
    const seen = offices.map(({ office, verdicts, ms }) => `${office} ${verdicts} ${ms} ms`).join(', ')
    console.log(`${load} ${round}, demo: ${seen}`)
  }
  return offices
}

/** A world's runs in a line; what was wrong is told in full. */
function wordsOf(runs: readonly RealRun[]): string {
  const wrong = runs.flatMap(({ mismatches, trouble }, at) => [
    ...mismatches.map((one) => `round ${at + 1}: ${one.criterion} ${one.found}, not ${one.expected}`),
    ...(trouble === null ? [] : [`round ${at + 1}: ${trouble}`]),
  ])
  const [first] = runs
  const letters = Object.values(first?.verdicts ?? {}).join(' ')
  const slowest = Math.max(0, ...runs.map(({ checkMs }) => checkMs))
  const word = wrong.length === 0 ? `right ${runs.length} times` : `WRONG ${wrong.join('; ')}`
  return `${first?.world}: ${letters}, at most ${slowest} ms, ${word}`
}
