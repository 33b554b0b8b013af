/**
 * Changes each limit that criteria rest on, one at a time and in a copy of the sources, and walks the fixtures with it:
 * a change that breaks no case is a limit that nothing guards. Ends with 1 when one survives.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MUTANTS, type Mutant } from './mutants/table.ts'

const TOP = join(import.meta.dirname, '..')

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
