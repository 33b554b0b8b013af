import { parseArgs } from 'node:util'

/** What the runner is asked to do. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'enroll'; readonly hub?: string; readonly home?: string; readonly label?: string }
  | {
      readonly name: 'run'
      readonly home?: string
      readonly exitWithStdin: boolean
      readonly listOnDemand: boolean
    }
  | { readonly name: 'self-check'; readonly hub?: string }
  | { readonly name: 'mistake'; readonly because: string }

export const HELP = `Doorstep's site runner: looks at Microsoft 365 from inside an office, on request of its hub.

  doorstep-runner enroll --hub <url> [--home <folder>] [--label <text>]
      Makes this machine a runner. Reads the one-time code from standard input.
  doorstep-runner run [--home <folder>] [--exit-with-stdin] [--list-on-demand]
      Works until it is told to stop. With --exit-with-stdin it also ends when its standard input does. With
      --list-on-demand it contacts nothing but its hub until the first job comes.
  doorstep-runner self-check --hub <url>
      Looks once from this machine, for the person who said “me” to Doorstep. Reads the one-time code from standard
      input, keeps nothing, and prints the result.
  doorstep-runner --version
  doorstep-runner --help

Settings: DOORSTEP_HUB, DOORSTEP_HOME, DOORSTEP_WORLD, DOORSTEP_M365_TENANT, DOORSTEP_BEACON, DOORSTEP_PROXY,
DOORSTEP_CA_FILE, DOORSTEP_PROBE_ROOTS, DOORSTEP_LOG_LEVEL.
Exit codes: 0 done, or stopped as asked, 1 enrolment or self-check failed, 77 this runner was revoked, 78 something is configured wrongly.
`

/** Reads the arguments after the program's name. */
export function readCommandLine(argv: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    return { name: 'mistake', because: error instanceof Error ? (error.message.split('\n')[0] ?? '') : '' }
  }
  const { values, positionals } = parsed
  if (values.help) return { name: 'help' }
  if (values.version) return { name: 'version' }
  const [name, ...rest] = positionals
  if (rest.length > 0) return { name: 'mistake', because: `"${rest[0]}" is one word too many` }
  const home = values.home === undefined ? {} : { home: values.home }
  if (name === 'run') {
    const exitWithStdin = values['exit-with-stdin'] ?? false
    return { name, ...home, exitWithStdin, listOnDemand: values['list-on-demand'] ?? false }
  }
  if (name === 'self-check') return { name, ...(values.hub === undefined ? {} : { hub: values.hub }) }
  if (name === 'enroll') {
    const hub = values.hub === undefined ? {} : { hub: values.hub }
    const label = values.label === undefined ? {} : { label: values.label }
    return { name, ...home, ...hub, ...label }
  }
  return {
    name: 'mistake',
    because: name === undefined ? 'say enroll, run or self-check' : `"${name}" is no command`,
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      hub: { type: 'string' },
      home: { type: 'string' },
      label: { type: 'string' },
      'exit-with-stdin': { type: 'boolean' },
      'list-on-demand': { type: 'boolean' },
      version: { type: 'boolean', short: 'v' },
      help: { type: 'boolean', short: 'h' },
    },
  })
}
