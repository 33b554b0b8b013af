import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bound } from '../../src/beacon/beacon.ts'
import { freePort } from '../../src/local/ports.ts'
import { overUdp, queryBytes, ZONE } from './support.ts'

/** A resolver program that can stand in front of a beacon. */
export interface ResolverKind {
  readonly name: string
  /** The Debian package that has it. */
  readonly debian: string
  readonly program: string
  /** Where its own questions come from: another loopback address than the client's (Linux has all of 127/8). */
  readonly source: string
  /** It asks with letters in random case. */
  readonly mixedCase: boolean
  readonly config: (at: Places) => string
  readonly args: (file: string, folder: string) => readonly string[]
}

interface Places {
  readonly folder: string
  readonly port: number
  readonly beacon: Bound
  readonly source: string
}

const unbound: ResolverKind = {
  name: 'unbound',
  debian: 'unbound',
  program: 'unbound',
  source: '127.0.0.11',
  mixedCase: true,
  config: ({ folder, port, beacon, source }) => `
server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  interface: 127.0.0.1@${port}
  outgoing-interface: ${source}
  do-ip6: no
  do-not-query-localhost: no
  use-caps-for-id: yes
  qname-minimisation: yes
  module-config: "iterator"
stub-zone:
  name: "${ZONE}"
  stub-addr: ${beacon.address}@${beacon.port}
remote-control:
  control-enable: no
`,
  args: (file) => ['-d', '-c', file],
}

const kresd: ResolverKind = {
  name: 'knot-resolver',
  debian: 'knot-resolver',
  program: 'kresd',
  source: '127.0.0.12',
  mixedCase: true,
  // Its cache keeps everything for five seconds at least unless told otherwise, TTL 0 too.
  config: ({ port, beacon, source }) => `
net.listen('127.0.0.1', ${port}, { kind = 'dns' })
net.outgoing_v4('${source}')
net.ipv6 = false
trust_anchors.remove('.')
cache.open(10 * MB)
cache.min_ttl(0)
policy.add(policy.suffix(policy.STUB('${beacon.address}@${beacon.port}'), policy.todnames({'${ZONE}'})))
`,
  args: (file, folder) => ['-n', '-c', file, folder],
}

const dnsmasq: ResolverKind = {
  name: 'dnsmasq',
  debian: 'dnsmasq-base',
  program: 'dnsmasq',
  source: '127.0.0.13',
  mixedCase: false,
  config: ({ port, beacon, source }) => `
port=${port}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
server=/${ZONE}/${beacon.address}#${beacon.port}@${source}
`,
  args: (file) => ['--keep-in-foreground', `--conf-file=${file}`, '--pid-file', '--log-facility=-'],
}

const bind9: ResolverKind = {
  name: 'bind9',
  debian: 'bind9',
  program: 'named',
  source: '127.0.0.14',
  mixedCase: false,
  // `port` is also the port that its questions go to: a static-stub zone names addresses alone.
  config: ({ folder, port, beacon, source }) => `
options {
  directory "${folder}";
  pid-file none;
  session-keyfile none;
  port ${beacon.port};
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  query-source address ${source};
  recursion yes;
  allow-recursion { any; };
  dnssec-validation no;
  qname-minimization strict;
};
controls { };
zone "${ZONE}" { type static-stub; server-addresses { ${beacon.address}; }; };
`,
  args: (file) => ['-f', '-n', '1', '-c', file],
}

export const RESOLVERS = [unbound, kresd, dnsmasq, bind9] as const

/** Why a resolver cannot be tried here; null when it can. */
export function missing(kind: ResolverKind): string | null {
  if (process.platform !== 'linux') return 'needs several loopback addresses'
  const found = spawnSync('sh', ['-c', `command -v ${kind.program}`], { env: withSbin() })
  return found.status === 0 ? null : `${kind.program} is not installed (Debian: ${kind.debian})`
}

/** Servers live in /usr/sbin, which is on root's path only. */
function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }
}

export interface Resolver {
  readonly at: Bound
  readonly source: string
  close(): Promise<void>
}

const START_MS = 20_000

/** Starts a resolver on loopback that asks the beacon about its zone; resolves once it answers. */
export async function startResolver(kind: ResolverKind, beacon: Bound): Promise<Resolver> {
  const folder = await mkdtemp(join(tmpdir(), `doorstep-${kind.name}-`))
  const file = join(folder, 'resolver.conf')
  const port = await freePort()
  await writeFile(file, kind.config({ folder, port, beacon, source: kind.source }))
  const child = spawn(kind.program, kind.args(file, folder), {
    cwd: folder,
    env: withSbin(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)))
  const close = async (): Promise<void> => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  const at = { address: '127.0.0.1', port }
  const until = performance.now() + START_MS
  while (!(await overUdp(at, queryBytes({ name: `ns.${ZONE}`, type: 'A', flags: 0x0100 }), 300))) {
    if (child.exitCode !== null || performance.now() > until) {
      await close()
      throw new Error(`${kind.name} does not answer:\n${said.join('')}`)
    }
  }
  return { at, source: kind.source, close }
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  return exit
}
