import { isIP, isIPv6 } from 'node:net'
import { ConfigError } from './config-error.ts'
import { type Env, EnvReader } from './env-reader.ts'
import type { LogLevel } from './runner-config.ts'

/** Where a DNS beacon listens, UDP and TCP alike. */
export interface ListenAddress {
  /** Literal address. */
  readonly address: string
  /** 0: any free port. */
  readonly port: number
}

/** Everything that a DNS beacon is told from outside. */
export interface BeaconConfig {
  /** The delegated zone; lower case, no final dot. */
  readonly zone: string
  /** The beacon's public addresses, as the delegation's glue has them. */
  readonly addresses: readonly string[]
  /** The owner's addresses where nothing answers; none: there is no `silent.<zone>`. */
  readonly silent: readonly string[]
  readonly listen: readonly ListenAddress[]
  /** UDP port for STUN at the same addresses; null: no STUN. */
  readonly stunPort: number | null
  /** Answers per second over UDP to one network. */
  readonly perSecond: number
  readonly logLevel: LogLevel
  /** Settings that nobody reads: most likely misspelt. */
  readonly warnings: readonly string[]
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
/** The ports that DNS and STUN have; a resolver asks at no other. */
const DNS_PORT = 53
const STUN_PORT = 3478
/** 500 offices behind one resolver, checked at once, ask for some 20,000 names in a minute. */
const PER_SECOND = 400
const MOST_PER_SECOND = 100_000
/** More than a delegation ever has, and few enough for one UDP answer. */
const MOST_ADDRESSES = 4

/** Names that resolvers answer themselves instead of asking anybody (RFC 6761, 6762, 7686, 8375). */
const NOT_DELEGATED = ['test', 'invalid', 'localhost', 'local', 'onion', 'home.arpa']

const ZONE =
  'must be the delegated DNS name, e.g. b.example.com, and none that resolvers keep to themselves (.test)'
const ADDRESSES = `must be up to ${MOST_ADDRESSES} literal addresses, separated by commas`
const LISTEN = 'must be a list like 192.0.2.53:53,[2001:db8::53]:53'

/** Reads a beacon's configuration. Throws one `ConfigError` that names every problem. */
export function readBeaconConfig(env: Env): BeaconConfig {
  const reader = new EnvReader(env)
  const zone = needed(reader, env, 'DOORSTEP_BEACON_ZONE', readZone, ZONE)
  const addresses = needed(reader, env, 'DOORSTEP_BEACON_ADDRESSES', readAddresses, ADDRESSES)
  const silent = reader.optional('DOORSTEP_BEACON_SILENT', readAddresses, ADDRESSES) ?? []
  const listen = reader.optional('DOORSTEP_BEACON_LISTEN', readListen, LISTEN)
  const stun = reader.optional(
    'DOORSTEP_BEACON_STUN_PORT',
    (value) => (value === 'off' ? value : readPort(value)),
    'must be a port from 0 to 65535, or off',
  )
  const perSecond = reader.optional(
    'DOORSTEP_BEACON_RATE',
    (value) => readWhole(value, 1, MOST_PER_SECOND),
    `must be a whole number from 1 to ${MOST_PER_SECOND}: answers per second to one network`,
  )
  const logLevel = reader.optional(
    'DOORSTEP_LOG_LEVEL',
    (value) => LOG_LEVELS.find((level) => level === value) ?? null,
    `must be one of ${LOG_LEVELS.join(', ')}`,
  )
  if (silent.some((address) => addresses?.includes(address))) {
    reader.problem('DOORSTEP_BEACON_SILENT', 'must not be an address of the beacon: it would answer')
  }
  if (reader.problems.length > 0 || zone === null || addresses === null) {
    throw new ConfigError(reader.problems)
  }
  return {
    zone,
    addresses,
    silent,
    listen: listen ?? [{ address: '0.0.0.0', port: DNS_PORT }],
    stunPort: stun === 'off' ? null : (stun ?? STUN_PORT),
    perSecond: perSecond ?? PER_SECOND,
    logLevel: logLevel ?? 'info',
    warnings: reader.strangers('DOORSTEP_BEACON_'),
  }
}

/** A setting without which there is no beacon. */
function needed<T>(
  reader: EnvReader,
  env: Env,
  key: string,
  read: (value: string) => T | null,
  expected: string,
): T | null {
  if (env[key] === undefined) reader.problem(key, expected)
  return reader.optional(key, read, expected)
}

function readZone(value: string): string | null {
  const zone = value.toLowerCase().replace(/\.$/, '')
  // `qname=` with a nonce before the zone must fit into one string of a TXT record.
  if (zone.length > 180 || !/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/.test(zone)) return null
  return NOT_DELEGATED.some((name) => zone === name || zone.endsWith(`.${name}`)) ? null : zone
}

function readAddresses(value: string): readonly string[] | null {
  const addresses = value.split(',').map((part) => part.trim().toLowerCase())
  const good = addresses.every((address) => isIP(address) !== 0 && !address.includes('%'))
  return good && addresses.length <= MOST_ADDRESSES && isDistinct(addresses) ? addresses : null
}

function readListen(value: string): readonly ListenAddress[] | null {
  const parts = value.split(',').map((part) => part.trim())
  const listen = parts.flatMap((part): readonly ListenAddress[] => {
    const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(part)
    const address = match?.[1] ?? match?.[2] ?? ''
    const port = readPort(match?.[3] ?? '')
    const good = match?.[1] === undefined ? isIP(address) === 4 : isIPv6(address)
    return good && port !== null ? [{ address, port }] : []
  })
  return listen.length === parts.length && isDistinct(parts) ? listen : null
}

function isDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length
}

function readPort(value: string): number | null {
  return readWhole(value, 0, 65_535)
}

function readWhole(value: string, least: number, most: number): number | null {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : -1
  return number >= least && number <= most ? number : null
}
