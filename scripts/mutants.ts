/**
 * Changes each limit that criteria rest on, one at a time and in a copy of the sources, and walks the fixtures with it:
 * a change that breaks no case is a limit that nothing guards. Ends with 1 when one survives.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TOP = join(import.meta.dirname, '..')

interface Mutant {
  readonly file: string
  /** As it stands in the source, once. */
  readonly line: string
  readonly changed: readonly string[]
}

const constant = (file: string, line: string, value: string, ...changed: readonly string[]): Mutant => ({
  file,
  line: `${line} = ${value}`,
  changed: changed.map((other) => `${line} = ${other}`),
})

/** Each a little lower and a little higher, where a case stands on either side. */
const MUTANTS: readonly Mutant[] = [
  constant('criteria/shared.ts', 'LOCAL_KM', '800', '700', '900'),
  constant('probes/resolver-identity/evaluate.ts', 'LOCAL_KM', '800', '700', '900'),
  constant('criteria/nearest-front-door.ts', 'NEAREST_FACTOR', '1.5', '1.4', '1.6'),
  constant('criteria/network-ready.ts', 'RECOMMENDED_MS', '25', '20', '30'),
  constant('criteria/proxy-evidence.ts', 'SLOW_MS', '20', '15', '25'),
  constant(
    'criteria/endpoint-changes.ts',
    'ON_TIME_MS',
    '24 * 3_600_000',
    '20 * 3_600_000',
    '28 * 3_600_000',
  ),
  constant('core/geography.ts', 'POSITION_SLACK_KM', '100', '40', '400'),
  constant('core/geography.ts', 'FIBRE_KM_PER_RTT_MS', '100', '90', '110'),
  constant('core/geography.ts', 'VACUUM_KM_PER_RTT_MS', '150', '140', '160'),
  constant('criteria/download-evidence.ts', 'LEAST_MBPS', '1', '0.95', '1.05'),
  constant('criteria/media-evidence.ts', 'LOSS_PERCENT', '1', '0.7', '1.3'),
  constant('criteria/media-evidence.ts', 'ROUND_TRIP_MS', '100', '95', '105'),
  constant('criteria/media-evidence.ts', 'JITTER_MS', '30', '25', '35'),
  {
    file: 'core/geography.ts',
    line: 'km / 50 + 15',
    changed: ['km / 50 + 12', 'km / 50 + 18', 'km / 70 + 15', 'km / 40 + 15'],
  },
  {
    file: 'criteria/proxy-evidence.ts',
    line: 'Math.max(SLOW_MS, tcpMs / 2)',
    changed: ['Math.max(SLOW_MS, tcpMs / 3)', 'Math.max(SLOW_MS, tcpMs / 1.5)'],
  },
]

const work = mkdtempSync(join(tmpdir(), 'doorstep-mutants-'))
const walk = (): readonly string[] =>
  JSON.parse(
    execFileSync(process.execPath, [join(work, 'test/cases/walk.ts')], { encoding: 'utf8' }),
  ) as readonly string[]

/** Changes one line, walks, and puts it back; gives the cases that broke, or null where the line is not there. */
const broken = (
  { file, line }: Mutant,
  changed: string,
  before: readonly string[],
): readonly string[] | null => {
  const path = join(work, 'src', file)
  if (!existsSync(path)) return null
  const text = readFileSync(path, 'utf8')
  if (text.split(line).length !== 2) return null
  writeFileSync(path, text.replace(line, changed))
  const after = walk()
  writeFileSync(path, text)
  return after.filter((name) => !before.includes(name))
}

let survivors = 0
try {
  for (const folder of ['src', 'words', 'test/cases', 'test/fixtures']) {
    cpSync(join(TOP, folder), join(work, folder), { recursive: true })
  }
  cpSync(join(TOP, 'package.json'), join(work, 'package.json'))
  symlinkSync(join(TOP, 'node_modules'), join(work, 'node_modules'), 'junction')
  const before = walk()
  if (before.length > 0) console.log(`Wrong without any change: ${before.join(', ')}.`)
  for (const mutant of MUTANTS) {
    for (const changed of mutant.changed) {
      const cases = broken(mutant, changed, before)
      if (cases === null || cases.length === 0) survivors += 1
      const told =
        cases === null ? 'NOT FOUND in the source' : cases.length === 0 ? 'SURVIVES' : cases.join(', ')
      console.log(`${mutant.file}: ${mutant.line} -> ${changed}: ${told}`)
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(survivors === 0 ? 'Every changed limit breaks a case.' : `${survivors} changes break nothing.`)
process.exitCode = survivors === 0 ? 0 : 1
