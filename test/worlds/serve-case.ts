/**
 * Serves one world as a program of its own: `node test/worlds/serve-case.ts "<table>: <title>"` says `ready <folder>` and
 * ends when its standard input does.
 */
import { untilStopped } from '../../src/cli/until-stopped.ts'
import { worldCase } from './cases/all.ts'

await worldCase(process.argv[2] ?? '').with(async (folder) => {
  process.stdout.write(`ready ${folder}\n`)
  await untilStopped(true)
})
process.exit(0)
