// First: it must be so before anything else is loaded.
import './os/small-heap.ts'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Env } from './config/env-reader.ts'

/** The command line: each program is loaded only when it is asked for. */
const HELP = `doorstep <program>

  local    everything on this machine: a demo world, the hub, runners and a chat page (npm start)
  hub      the bot
  beacon   the DNS beacon, which tells who asked it
  world    the demo world alone, written to a folder
  judge    the verdicts of an evidence file, judged again
`

async function main(argv: readonly string[], env: Env): Promise<number> {
  const [program, ...rest] = argv
  // For sources and what starts often: hundreds of files are stripped and compiled each time, while a bundle is one. A hub
  // that runs for weeks would hold 60 MB more with it. Where nothing can be written nobody need know.
  if (SELF.endsWith('.ts') && program !== 'hub') enableCompileCache(COMPILED)
  switch (program) {
    case 'hub':
      return (await import('./cli/hub.ts')).hub(rest, env)
    case 'beacon':
      return (await import('./cli/beacon.ts')).beacon(rest, env)
    case 'local':
      return (await import('./cli/local.ts')).local(rest, env, programs())
    case 'world':
      return (await import('./cli/world.ts')).world(rest)
    case 'judge':
      return (await import('./cli/judge.ts')).judge(rest)
    case 'help':
    case '--help':
    case undefined:
      process.stdout.write(HELP)
      return 0
    default:
      process.stderr.write(
        `doorstep has no program "${program}". It has: hub, beacon, local, world, judge.\n`,
      )
      return 1
  }
}

const SELF = fileURLToPath(import.meta.url)
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** What Node compiled stays beside the packages it was compiled from: whoever may write here could change those too. */
const COMPILED = pathOf('../node_modules/.cache/doorstep')

/** How this package starts itself and its runner: as sources here, as bundles in dist. */
function programs() {
  const runner = SELF.endsWith('.ts') ? './runner/main.ts' : './runner.mjs'
  return { self: [SELF], runner: [pathOf(runner)], compiled: COMPILED }
}

main(process.argv.slice(2), process.env).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(1)
  },
)
