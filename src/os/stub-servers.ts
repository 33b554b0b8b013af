import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

/** Where systemd-resolved listens: with its own features, and as a plain proxy. */
const STUBS: ReadonlySet<string> = new Set(['127.0.0.53', '127.0.0.54'])

/** Where it tells which servers it asks itself, of all links (systemd-resolved.service(8)). */
const ASKED_BY_STUB = '/run/systemd/resolve/resolv.conf'

/** The file has some dozen lines. */
const MOST_CHARACTERS = 64 * 1024

/**
 * The servers and, where systemd-resolved's stub is the only one, those that it asks itself, after it: the stub serves
 * applications, and by it alone its servers are never told apart.
 */
export function withAskedByStub(
  servers: readonly string[],
  read: (path: string) => string | null = textOrNull,
): readonly string[] {
  const [stub, ...others] = servers
  if (stub === undefined || others.length > 0 || !STUBS.has(stub)) return servers
  return [stub, ...nameservers(read(ASKED_BY_STUB) ?? '').filter((server) => !STUBS.has(server))]
}

/**
 * The literal addresses of the `nameserver` lines of a resolv.conf, each once. Addresses with a zone are left out: they
 * mean something on one link alone.
 */
export function nameservers(text: string): readonly string[] {
  const named = text
    .slice(0, MOST_CHARACTERS)
    .split('\n')
    .flatMap((line) => /^nameserver[ \t]+([0-9A-Fa-f:.]+)[ \t\r]*$/.exec(line)?.[1] ?? [])
  return [...new Set(named.filter((address) => isIP(address) !== 0))]
}

function textOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // No such file, or none that this user may read: the stub alone is known.
    return null
  }
}
