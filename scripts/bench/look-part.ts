import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../../src/local/ports.ts'
import { type Part, round, waitFor } from './numbers.ts'
import {
  capture,
  cpuMs,
  end,
  isSkipped,
  missing,
  type Packet,
  type Skipped,
  startProgram,
  TOOL_ENV,
} from './tools.ts'

const HOST = 'outlook.office365.com'
/** CPU time is told in steps of 10 ms: over this many looks a step is 0.05 ms of each. */
const LOOKS = 200
const WARM_UP = 40
const EXPORTER_READY_MS = 10_000

/** What one look (a DNS question and an HTTPS page) costs. */
interface Cost {
  readonly cpuMs: number | null
  /** On the wire between the looker and the two servers, both ways; null without tcpdump. */
  readonly packets: number | null
  readonly bytes: number | null
}

/**
 * The same two looks at the same two servers, by our probes' own ports and by Debian's prometheus-blackbox-exporter: CPU
 * from /proc/<pid>/stat, packets and bytes of frames from tcpdump on the servers' ports. The exporter's share of CPU
 * holds the two HTTP requests by which it is asked to look; ours the line by which it is.
 */
export async function measureLook(): Promise<Part> {
  const { child, words } = await startProgram(join(import.meta.dirname, 'tls-server.ts'))
  try {
    const [https = '', dns = '', root = ''] = words.split(' ')
    const servers = { https: Number(https), dns: Number(dns), root }
    const ours = await costOfOurs(servers)
    const exporter = await costOfExporter(servers)
    return {
      rows: [
        { what: 'one look (a DNS question and an HTTPS page), ours', measured: text(ours), budget: '' },
        {
          what: 'the same of prometheus-blackbox-exporter',
          measured: isSkipped(exporter) ? `skipped: ${exporter.skipped}` : text(exporter),
          budget: '',
        },
      ],
      numbers: { look: { ours, exporter, looks: LOOKS } },
    }
  } finally {
    child.stdin?.end()
    await end(child)
  }
}

interface Servers {
  readonly https: number
  readonly dns: number
  readonly root: string
}

const text = ({ cpuMs: cpu, packets, bytes }: Cost): string =>
  `${cpu === null ? 'CPU not told' : `${cpu} ms of CPU`}, ${packets === null ? 'packets not seen (no tcpdump)' : `${packets} packets, ${bytes} bytes`}`

async function costOfOurs(servers: Servers): Promise<Cost> {
  const args = [String(servers.https), String(servers.dns), servers.root]
  const child = spawn(process.execPath, [join(import.meta.dirname, 'look.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const look = async (): Promise<void> => {
    child.stdin.write('look\n')
    const { value } = await lines.next()
    if (value !== 'done') throw new Error('our own look failed')
  }
  try {
    await lines.next()
    return await costOf(child, servers, look)
  } finally {
    child.stdin.end()
    await end(child)
  }
}

async function costOfExporter(servers: Servers): Promise<Cost | Skipped> {
  const none = missing('prometheus-blackbox-exporter')
  if (none !== null) return none
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-exporter-'))
  const roots = join(folder, 'roots.pem')
  writeFileSync(roots, Buffer.from(servers.root, 'base64'))
  const config = join(folder, 'blackbox.yml')
  writeFileSync(
    config,
    `modules:
  dns:
    prober: dns
    dns: { query_name: "${HOST}", query_type: A, preferred_ip_protocol: ip4 }
  https:
    prober: http
    http:
      valid_status_codes: [401]
      preferred_ip_protocol: ip4
      tls_config: { ca_file: "${roots}", server_name: "${HOST}" }
`,
  )
  const port = await freePort()
  const child = spawn(
    'prometheus-blackbox-exporter',
    [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: 'ignore', env: TOOL_ENV },
  )
  const probe = async (module: string, target: string): Promise<void> => {
    const url = `http://127.0.0.1:${port}/probe?module=${module}&target=${encodeURIComponent(target)}`
    const said = await (await fetch(url)).text()
    if (!/^probe_success 1$/m.test(said)) throw new Error(`the exporter's ${module} look failed`)
  }
  const look = async (): Promise<void> => {
    await probe('dns', `127.0.0.1:${servers.dns}`)
    await probe('https', `https://127.0.0.1:${servers.https}/`)
  }
  try {
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true as const,
        () => null,
      )
    await waitFor(answers, EXPORTER_READY_MS, 'the exporter')
    return await costOf(child, servers, look)
  } catch (error) {
    return { skipped: (error as Error).message }
  } finally {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What many looks, one after another, cost the process and the wire, for one. */
async function costOf(child: ChildProcess, servers: Servers, look: () => Promise<void>): Promise<Cost> {
  for (let at = 0; at < WARM_UP; at++) await look()
  if (child.pid === undefined) await once(child, 'spawn')
  const wire = await capture(`port ${servers.https} or port ${servers.dns}`)
  const before = cpuMs(child.pid ?? 0)
  for (let at = 0; at < LOOKS; at++) await look()
  const after = cpuMs(child.pid ?? 0)
  const packets: readonly Packet[] | null = isSkipped(wire) ? null : await wire.stop()
  const each = (sum: number): number => round(sum / LOOKS)
  return {
    cpuMs: before === null || after === null ? null : each(after - before),
    packets: packets === null ? null : each(packets.length),
    bytes: packets === null ? null : Math.round(each(packets.reduce((sum, { bytes }) => sum + bytes, 0))),
  }
}
