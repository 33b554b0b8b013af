import { execFile, spawn } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../src/local/ports.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { systemRandom } from '../../src/os/random.ts'
import { type Part, waitFor } from './numbers.ts'
import { end, missing, type Skipped, TOOL_ENV } from './tools.ts'

const NAME = 'outlook.office365.com'
const FOR_MS = 2_000
const IN_FLIGHT = [1, 100] as const
const TIMEOUT_MS = 2_000
const UNBOUND_READY_MS = 10_000

/** Queries per second with so many in flight; null where a client has no such mode. */
interface Rate {
  readonly one: number
  readonly hundred: number | null
}

/**
 * DNS queries per second, one and a hundred in flight, of four clients on the same local resolver (unbound with one static
 * record) in one run. Ours opens a socket per query, for a random port (RFC 5452); dig is a process per query.
 */
export async function measureDnsSpeed(): Promise<Part> {
  const none = missing('unbound')
  const rates: Readonly<Record<string, Rate | Skipped>> =
    none === null ? await withUnbound(everyClient) : { ours: none }
  const rows = Object.entries(rates).map(([client, rate]) => ({
    what: `DNS queries per second on one local resolver, 1 / 100 in flight: ${client}`,
    measured: 'skipped' in rate ? `skipped: ${rate.skipped}` : `${text(rate.one)} / ${text(rate.hundred)}`,
    budget: '',
  }))
  return { rows, numbers: { dnsQueriesPerSecond: rates } }
}

const text = (rate: number | null): string => (rate === null ? '-' : rate.toLocaleString('en-GB'))

async function everyClient(port: number): Promise<Readonly<Record<string, Rate | Skipped>>> {
  const client = { dialer: directDialer, random: systemRandom, port }
  const query = { name: NAME, type: 'A', server: '127.0.0.1', timeoutMs: TIMEOUT_MS } as const
  const never = new AbortController().signal
  const ours = async (): Promise<void> => {
    const answer = await askServer(client, query, never)
    if (!answer.ok) throw new Error(`our own client failed: ${answer.failure}`)
  }
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 })
  resolver.setServers([`127.0.0.1:${port}`])
  const cares = async (): Promise<void> => {
    await resolver.resolve4(NAME)
  }
  const dig = async (): Promise<void> => {
    await promisify(execFile)('dig', ['+tries=1', '-p', String(port), '@127.0.0.1', NAME, 'A'])
  }
  const [first, many] = IN_FLIGHT
  return {
    ours: { one: await rate(ours, first), hundred: await rate(ours, many) },
    'node:dns (c-ares)': { one: await rate(cares, first), hundred: await rate(cares, many) },
    'dig, a process each': missing('dig') ?? { one: await rate(dig, first), hundred: null },
    'dnsperf (with one in flight it waits for its own timer)': missing('dnsperf') ?? {
      one: await dnsperf(port, first),
      hundred: await dnsperf(port, many),
    },
  }
}

/** Whole queries per second, after as long again of warming up at most. */
async function rate(ask: () => Promise<void>, inFlight: number): Promise<number> {
  const round = async (ms: number): Promise<number> => {
    const until = performance.now() + ms
    let asked = 0
    const lane = async (): Promise<void> => {
      while (performance.now() < until) {
        await ask()
        asked += 1
      }
    }
    const began = performance.now()
    await Promise.all(Array.from({ length: inFlight }, lane))
    return (asked / (performance.now() - began)) * 1_000
  }
  await round(FOR_MS / 4)
  return Math.round(await round(FOR_MS))
}

async function dnsperf(port: number, inFlight: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-dnsperf-'))
  try {
    const queries = join(folder, 'queries')
    writeFileSync(queries, `${NAME} A\n`)
    const args = ['-s', '127.0.0.1', '-p', String(port), '-d', queries, '-c', '1', '-q', String(inFlight)]
    const { stdout } = await promisify(execFile)('dnsperf', [...args, '-l', String(FOR_MS / 1_000)])
    return Math.round(Number(/Queries per second:\s+([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs `use` with the port of an unbound of our own that knows one name and asks nobody. */
async function withUnbound<T>(use: (port: number) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-unbound-'))
  const port = await freePort()
  const config = join(folder, 'unbound.conf')
  writeFileSync(
    config,
    `server:
  interface: 127.0.0.1@${port}
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  module-config: "iterator"
  local-zone: "${NAME}." static
  local-data: "${NAME}. 300 A 192.0.2.1"
remote-control:
  control-enable: no
`,
  )
  const child = spawn('unbound', ['-d', '-c', config], { stdio: 'ignore', env: TOOL_ENV })
  try {
    const client = { dialer: directDialer, random: systemRandom, port }
    const query = { name: NAME, type: 'A', server: '127.0.0.1', timeoutMs: 200 } as const
    const answers = async (): Promise<true | null> =>
      (await askServer(client, query, new AbortController().signal)).ok ? true : null
    await waitFor(answers, UNBOUND_READY_MS, 'unbound')
    return await use(port)
  } finally {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
}
