/**
 * One runner's worth of looks, as a program of its own so that its CPU time can be read: for every line on standard input
 * it asks the DNS server once, gets the HTTPS page once, and says `done`. Arguments: https port, dns port, root (base64).
 */
import { createInterface } from 'node:readline'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { secureContextOf } from '../../src/net/public-roots.ts'
import { tcpProbe } from '../../src/net/tcp-probe.ts'
import { systemRandom } from '../../src/os/random.ts'

const HOST = 'outlook.office365.com'
const TIMEOUT_MS = 5_000

const [httpsPort = '', dnsPort = '', root = ''] = process.argv.slice(2)
const probe = tcpProbe(directDialer, secureContextOf([Buffer.from(root, 'base64').toString()]))
const client = { dialer: directDialer, random: systemRandom, port: Number(dnsPort) }
const never = new AbortController().signal

async function look(): Promise<void> {
  const query = { name: HOST, type: 'A', server: '127.0.0.1', timeoutMs: TIMEOUT_MS } as const
  const answer = await askServer(client, query, never)
  const target = { address: '127.0.0.1', port: Number(httpsPort), timeoutMs: TIMEOUT_MS } as const
  const page = await probe.request({ ...target, host: HOST, path: '/', tls: true, method: 'GET' }, never)
  process.stdout.write(answer.ok && page.ok ? 'done\n' : 'failed\n')
}

process.stdout.write('ready now\n')
for await (const _line of createInterface({ input: process.stdin })) await look()
process.exit(0)
