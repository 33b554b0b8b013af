import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Seen } from './office.ts'

/** All namespaces end with their first process, and it with us. */
const OWN = ['--pid', '--fork', '--kill-child', '--mount-proc'] as const
/** As root we stay it, which lets the forwarder go first; anybody may be root of a user namespace, where allowed. */
const WAYS = process.getuid?.() === 0 ? ['-nm', '-rnm'] : ['-rnm']

/** Each thing that the lab does and that a machine may forbid or lack, once. */
const TRIAL = `
for tool in ip nft unbound python3 nsenter; do
  command -v $tool >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
python3 -c 'import ctypes, fcntl, heapq, ipaddress, json, select'
mount -t tmpfs tmpfs /run
mkdir /run/netns
ip netns add trial
ip link add trial0 type veth peer name trial1 netns trial
nft add table ip trial
nft 'add chain ip trial out { type nat hook postrouting priority 100; }'
nsenter --net=/run/netns/trial sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
ip tuntap add trial2 mode tun
mount --bind /etc/hosts "$(readlink -m /etc/resolv.conf)" 2>/dev/null || [ ! -e /etc/resolv.conf ]
`

/** How to get into namespaces of our own, as arguments of `unshare`; or why there are none here, in a few words. */
export type Way = { readonly flags: readonly string[] } | { readonly missing: string }

/** Tries all that the lab needs in namespaces that end at once. */
export function wayIntoNamespaces(): Way {
  if (process.platform !== 'linux') return { missing: 'network namespaces are Linux only' }
  let missing = ''
  for (const way of WAYS) {
    const flags = [way, ...OWN]
    const tried = spawnSync('unshare', [...flags, 'sh', '-e'], {
      input: TRIAL,
      encoding: 'utf8',
      env: { ...process.env, PATH: withSystemTools() },
      timeout: 10_000,
    })
    if (tried.status === 0) return { flags }
    missing = tried.error?.message ?? (tried.stderr.trim().split('\n').at(-1) || 'unshare -rn fails')
  }
  return { missing }
}

/** Where Debian keeps what is for root; a plain user's PATH has not got it. */
function withSystemTools(): string {
  return `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
}

/** Builds the lab, looks out of each of these offices, and takes it down. Throws with the offices' logs. */
export async function lookFromOffices(
  flags: readonly string[],
  letters: string,
): Promise<Readonly<Record<string, Seen>>> {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-namespaces-'))
  try {
    const lab = join(import.meta.dirname, 'lab.ts')
    const child = spawn('unshare', [...flags, process.execPath, lab, folder, letters], {
      env: { ...process.env, PATH: withSystemTools() },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let printed = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    const code = await new Promise((done) => child.once('close', done))
    if (code !== 0) throw new Error(`the lab ended with ${code}: ${errors}${logsIn(folder)}`)
    return JSON.parse(printed)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function logsIn(folder: string): string {
  const logs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /log$/.test(name))
  return logs.map((name) => `\n== ${name}\n${readFileSync(join(folder, name), 'utf8')}`).join('')
}
