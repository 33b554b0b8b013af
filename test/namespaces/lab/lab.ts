/**
 * The lab, as the first process of its own namespaces: when it ends, everything in them ends.
 * `node lab.ts <folder> <letters>` looks out of each office and prints one line of JSON: `{ "<letter>": Seen }`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  addressesOf,
  CASES,
  type Case,
  forwarderPlan,
  INTERNET,
  namespaceScript,
  resolverOf,
  SERVICES,
  unboundConfig,
  wiringScript,
} from './topology.ts'

const READY_MS = 30_000
const HERE = import.meta.dirname
const MAIN = join(HERE, '..', '..', '..', 'src', 'main.ts')

const [folder = '.', letters = ''] = process.argv.slice(2)
/** What is late for everybody when it waits for its turn goes first, where we may say so; else `nice` only warns. */
const FIRST = ['nice', '-n', '-10'] as const
const inside = (namespace: string): readonly string[] => ['nsenter', `--net=/run/netns/${namespace}`]

function shell(script: string): void {
  execFileSync('sh', ['-e'], { input: script, stdio: ['pipe', 'inherit', 'inherit'] })
}

/** Starts a server and waits for its word. */
async function serve(name: string, command: readonly string[], env = {}, word = /^ready/m): Promise<void> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = await heard(child, (text) => word.test(text), READY_MS)
  if (!word.test(said)) throw new Error(`${name} is not ready: ${said}`)
}

/** All that a program says until it is enough, it ends, or time is up. */
function heard(child: ChildProcess, enough: (text: string) => boolean, ms: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  const timer = setTimeout(() => resolve(text), ms)
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk
      if (enough(text)) resolve(text)
    })
  }
  child.once('error', (error) => resolve(String(error)))
  child.once('close', () => resolve(text))
  return promise.finally(() => clearTimeout(timer))
}

async function build(cases: readonly Case[]): Promise<void> {
  shell(namespaceScript(CASES))
  await serve('forwarder', [
    ...FIRST,
    'python3',
    join(HERE, 'forwarder.py'),
    JSON.stringify(forwarderPlan(CASES)),
  ])
  shell(wiringScript(CASES))
  const resolvers = CASES.filter((one) => one.letter === 'a' || cases.includes(one)).flatMap((one) => {
    const config = unboundConfig(one)
    if (config === null) return []
    const file = `/run/lab/${one.letter}.conf`
    writeFileSync(file, config)
    const { gateway } = addressesOf(one)
    const command = [...inside(gateway), 'unbound', '-d', '-c', file]
    return [serve(`unbound ${one.letter}`, command, {}, /start of service/)]
  })
  await Promise.all([
    ...resolvers,
    serve('internet', [...FIRST, ...inside(INTERNET), process.execPath, join(HERE, 'internet.ts'), folder]),
    serve('beacon', [...inside(INTERNET), process.execPath, MAIN, 'beacon'], {
      DOORSTEP_BEACON_ZONE: SERVICES.zone,
      DOORSTEP_BEACON_ADDRESSES: SERVICES.beacon,
      DOORSTEP_BEACON_SILENT: SERVICES.silent,
      DOORSTEP_BEACON_LISTEN: `${SERVICES.beacon}:53`,
    }),
  ])
}

/** Looks out of one office; its own resolv.conf lies over the machine's, wherever that is a link to. */
async function lookFrom(one: Case): Promise<unknown> {
  const own = join(folder, one.letter)
  mkdirSync(own, { recursive: true })
  const file = join(own, 'resolv.conf')
  writeFileSync(file, `nameserver ${resolverOf(one)}\n`)
  const script = [
    'real=$(readlink -m /etc/resolv.conf)',
    'mkdir -p "$(dirname "$real")"; [ -e "$real" ] || : > "$real"',
    'mount --bind "$0" "$real"',
    'exec "$@"',
  ].join('\n')
  const office = [process.execPath, join(HERE, 'office.ts'), one.letter, own]
  const [program = '', ...args] = [
    ...inside(one.letter),
    'unshare',
    '-m',
    'sh',
    '-e',
    '-c',
    script,
    file,
    ...office,
  ]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => appendFileSync(join(own, 'log'), chunk))
  const code = await new Promise((done) => child.once('close', done))
  if (code !== 0) throw new Error(`office ${one.letter} ended with ${code}; see ${join(own, 'log')}`)
  return JSON.parse(printed)
}

// Whoever started the lab may be killed: its end of the pipe closes then.
process.stdin.once('end', () => process.exit(1)).resume()
const cases = CASES.filter(({ letter }) => letters.includes(letter))
await build(cases)
const seen: Record<string, unknown> = {}
/** One after another: each office runs four programs, and two that start at once on two cores measure each other. */
const lookFromEach = async (some: readonly Case[]): Promise<void> => {
  for (const one of some) seen[one.letter] = await lookFrom(one)
}
// An office whose packets vanish waits most of its time. Those far away begin beside it: they bear a busy start best.
const others = cases.filter(({ mtu }) => mtu === undefined)
await Promise.all([
  lookFromEach(cases.filter(({ mtu }) => mtu !== undefined)),
  lookFromEach(others.toSorted((x, y) => Number(y.egress === 'far') - Number(x.egress === 'far'))),
])
process.stdout.write(`${JSON.stringify(seen)}\n`)
process.exit(0)
