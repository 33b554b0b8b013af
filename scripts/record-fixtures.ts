/**
 * Records the fixtures anew: each case's world is run once, and `case.json`, `measurements.json` and `findings.json` are
 * written. `rulings.json` is written by hand and is never touched: where what was recorded does not lead to it the case
 * is recorded again alone (a busy machine measures badly), and in the end said. Say the start of names to record only those:
 * `npm run fixtures -- vpn healthy`.
 */
import { CASES } from '../test/cases/cases.ts'
import { wrongs } from '../test/cases/compare.ts'
import { readRecording, readTruth, writeFindings, writeRecording } from '../test/cases/files.ts'
import { type FixtureCase, recordWorld } from '../test/cases/record.ts'
import { evidenceOf, type Recording, rulingsOf } from '../test/cases/recording.ts'

/** Worlds wait most of their time; more at once than this and they measure each other. */
const LANES = 2
const TRIES_ALONE = 4

const wanted = process.argv.slice(2)
const isWanted = (name: string): boolean =>
  wanted.length === 0 || wanted.some((start) => name.startsWith(start))

/** Recordings before their edit, by case: others are made from them. */
const raw = new Map<string, Recording>()
const wrong: string[] = []

/** Writes a case as it is read back, so that findings are those of the files; returns what is not as it should be. */
const put = (name: string, one: FixtureCase, recorded: Recording): readonly string[] => {
  const setting = { ...recorded.setting, about: one.about }
  writeRecording(name, (one.edit ?? ((same: Recording) => same))({ ...recorded, setting }))
  const evidence = evidenceOf(readRecording(name))
  writeFindings(name, evidence.findings)
  const truth = readTruth(name)
  return truth === null ? ['no rulings.json yet'] : wrongs(rulingsOf(evidence, evidence.findings), truth)
}

/** Records one world; gives what is not as it should be. */
const record = async (name: string, one: FixtureCase): Promise<readonly string[]> => {
  const recorded = await recordWorld(one, one.office ?? 'London')
  raw.set(name, recorded)
  const found = put(name, one, recorded)
  console.log(`${name}: ${found.length === 0 ? 'recorded' : 'recorded, not as ruled'}`)
  return found
}

/** Records a world again with the machine to itself, until it leads to its rulings or there is no more hope. */
const insist = async (name: string, one: FixtureCase): Promise<void> => {
  for (let left = TRIES_ALONE; left > 0; left--) {
    const found = await record(name, one)
    if (found.length === 0) return
    if (left === 1) wrong.push(...found.map((line) => `${name} ${line}`))
  }
}

const cases = Object.entries(CASES)
const needed = new Set(
  cases.filter(([name]) => isWanted(name)).flatMap(([name, { from }]) => [name, from ?? name]),
)
const worlds = cases
  .filter(([name, { world }]) => world !== undefined && needed.has(name))
  .toSorted(([, a], [, b]) => Number(b.world?.slow ?? false) - Number(a.world?.slow ?? false))
const again: [string, FixtureCase][] = []
const lane = async (): Promise<void> => {
  for (let next = worlds.shift(); next !== undefined; next = worlds.shift()) {
    const found = await record(...next)
    if (found.length > 0) again.push(next)
  }
}
await Promise.all(Array.from({ length: LANES }, lane))
for (const [name, one] of again) await insist(name, one)
for (const [name, one] of cases) {
  const base = one.from === undefined ? undefined : raw.get(one.from)
  if (base === undefined || !isWanted(name)) continue
  wrong.push(...put(name, one, base).map((line) => `${name} ${line}`))
}
console.log(wrong.length === 0 ? 'Every case leads to its rulings.' : `Not as ruled:\n${wrong.join('\n')}`)
