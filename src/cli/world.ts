import { demoWorld } from '../local/demo/demo-world.ts'
import { startWorld } from '../local/world/world.ts'
import { untilStopped } from './until-stopped.ts'

/**
 * `doorstep world <folder> [--exit-with-stdin]`: the demo world, written to a folder. Says `ready <folder>` once it
 * answers, and serves it until it is stopped.
 */
export async function world(argv: readonly string[]): Promise<number> {
  const folder = argv.find((word) => !word.startsWith('--'))
  if (folder === undefined) {
    process.stderr.write('Name the folder to write the world to, for example: doorstep world ./world\n')
    return 1
  }
  const running = await startWorld(demoWorld(), folder)
  process.stdout.write(`ready ${running.folder}\n`)
  await untilStopped(argv.includes('--exit-with-stdin'))
  await running.close()
  return 0
}
