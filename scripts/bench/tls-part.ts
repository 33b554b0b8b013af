import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { directDialer } from '../../src/net/dialer.ts'
import { secureContextOf } from '../../src/net/public-roots.ts'
import { tcpProbe } from '../../src/net/tcp-probe.ts'
import { msText, type Part, type Spread, spread } from './numbers.ts'
import { end, isSkipped, missing, type Skipped, startProgram } from './tools.ts'

const HOST = 'outlook.office365.com'
const TIMES = 100
const WARM_UP = 20
const TIMEOUT_MS = 5_000

interface Times {
  readonly tcp: Spread
  readonly tls: Spread
}

/** TCP and TLS times of our probe and of curl, in turns at the same server, both verifying its chain. */
export async function measureTls(): Promise<Part> {
  const { child, words } = await startProgram(join(import.meta.dirname, 'tls-server.ts'))
  try {
    const [port = '', , root = ''] = words.split(' ')
    const pem = Buffer.from(root, 'base64').toString()
    const { ours, curl } = await inTurns(Number(port), pem)
    const rows = (['tcp', 'tls'] as const).flatMap((what) => [
      {
        what: `${what.toUpperCase()} time at one local server, ours`,
        measured: msText(ours[what]),
        budget: '',
      },
      {
        what: `the same of curl (${what === 'tcp' ? 'time_connect' : 'time_appconnect less time_connect'})`,
        measured: isSkipped(curl) ? `skipped: ${curl.skipped}` : msText(curl[what]),
        budget: '',
      },
    ])
    return { rows, numbers: { tlsTimesMs: { ours, curl } } }
  } finally {
    child.stdin?.end()
    await end(child)
  }
}

async function inTurns(port: number, pem: string): Promise<{ ours: Times; curl: Times | Skipped }> {
  const probe = tcpProbe(directDialer, secureContextOf([pem]))
  const none = missing('curl')
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-curl-'))
  const roots = join(folder, 'roots.pem')
  writeFileSync(roots, pem)
  const ours: [tcp: number, tls: number][] = []
  const curls: [tcp: number, tls: number][] = []
  try {
    for (let at = 0; at < WARM_UP + TIMES; at++) {
      const target = { address: '127.0.0.1', port, host: HOST, timeoutMs: TIMEOUT_MS }
      const seen = await probe.handshake(target, new AbortController().signal)
      if (!seen.ok) throw new Error(`our own handshake failed: ${seen.failure}`)
      if (!seen.result.verified) throw new Error(`our own handshake: ${seen.result.verifyError}`)
      ours.push([seen.result.tcpMs, seen.result.tlsMs])
      if (none === null) curls.push(await askCurl(port, roots))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { ours: timesOf(ours), curl: none ?? timesOf(curls) }
}

function timesOf(samples: readonly (readonly [tcp: number, tls: number])[]): Times {
  const kept = samples.slice(WARM_UP)
  return { tcp: spread(kept.map(([tcp]) => tcp)), tls: spread(kept.map(([, tls]) => tls)) }
}

async function askCurl(port: number, roots: string): Promise<[tcp: number, tls: number]> {
  const format = '%{time_namelookup} %{time_connect} %{time_appconnect}'
  const { stdout } = await promisify(execFile)('curl', [
    ...['--silent', '--output', '/dev/null', '--cacert', roots, '--noproxy', '*'],
    ...['--resolve', `${HOST}:${port}:127.0.0.1`, '--write-out', format, `https://${HOST}:${port}/`],
  ])
  const [lookup = Number.NaN, connected = Number.NaN, shaken = Number.NaN] = stdout.split(' ').map(Number)
  return [(connected - lookup) * 1_000, (shaken - connected) * 1_000]
}
