import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

/** What `npm start -- …` was asked. */
export interface LocalOptions {
  /** A world's folder, absolute; null: the demo. */
  readonly world: string | null
  /** The city that this machine stands in; null: not told. */
  readonly here: string | null
  /** The hub's port; null: the usual one, or with `--once` any that is free. */
  readonly port: number | null
  /** A message to send; the answer is printed and the program ends. */
  readonly once: string | null
  /** Print the final card as JSON instead of text. */
  readonly json: boolean
  /** Where the data of local mode is kept. */
  readonly data: string
}

/** Arguments that cannot be followed, in one sentence. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
}

/** Printed for `--help`. */
export const LOCAL_HELP = `npm start -- [options]

  --once "check office London"  prints the answer as text and exits
  --json                        with --once: prints the final card as JSON
  --world <folder>              runs another world than the demo
  --here <city>                 tells where this machine is, for the office "here"
  --port <number>               the hub's port (3978)
  --data <folder>               where data is kept (.doorstep)
`

/**
 * Reads the arguments after `local`. `standsIn` is the folder that the person stands in, where that is another than ours:
 * npm runs a script in its package's folder, and tells in `INIT_CWD` where it was called.
 */
export function readLocalOptions(argv: readonly string[], standsIn?: string): LocalOptions | 'help' {
  const { values } = parse(argv)
  if (values.help) return 'help'
  const port = values.port === undefined ? null : Number(values.port)
  if (port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw new OptionsError('--port takes a number from 1 to 65535')
  }
  if (values.json && values.once === undefined) throw new OptionsError('--json goes with --once "<message>"')
  if (values.once?.trim() === '')
    throw new OptionsError('--once takes a message, for example --once "status"')
  return {
    world: values.world === undefined ? null : worldFolderOf(values.world, standsIn || '.'),
    here: values.here ?? null,
    port,
    once: values.once ?? null,
    json: values.json ?? false,
    data: values.data ?? '.doorstep',
  }
}

/** Where the person stands comes first; who counted from the package's folder until now is still understood. */
function worldFolderOf(named: string, standsIn: string): string {
  const [there, here] = [path.resolve(standsIn, named), path.resolve(named)]
  const isWorld = (folder: string): boolean => existsSync(path.join(folder, 'world.json'))
  return isWorld(here) && !isWorld(there) ? here : there
}

/** The folder of one world's data: worlds never share a store. */
export function dataFolderOf(options: LocalOptions): string {
  if (options.world === null) return path.resolve(options.data, 'demo')
  const tail = createHash('sha256').update(options.world).digest('hex').slice(0, 8)
  const name = path.basename(options.world).replace(/[^A-Za-z0-9-]/g, '-')
  return path.resolve(options.data, `world-${name}-${tail}`)
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        once: { type: 'string' },
        json: { type: 'boolean' },
        world: { type: 'string' },
        here: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new OptionsError((error as Error).message.split('\n')[0] ?? 'unknown option')
  }
}
