import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import { PROBE_NAMES, type ProbeName, type Target } from '../../src/core/measurement.ts'
import { PROBES } from '../../src/probes/registry.ts'
import { samplesOf } from '../../src/probes/samples.ts'
import { answer, contextOf, evaluation, good, http, system, tls } from './fakes.ts'

const HOST = 'outlook.office365.com'
const EXCHANGE: Target = { set: 1, host: HOST }
const TARGETS: Readonly<Record<ProbeName, readonly Target[]>> = {
  host: [EXCHANGE, { set: 11, host: 'world.tr.teams.microsoft.com' }],
  'resolver-identity': [EXCHANGE],
  egress: [{ set: 11, host: 'world.tr.teams.microsoft.com' }],
  'front-door': [EXCHANGE, { set: 31, host: '{tenant}.sharepoint.com' }],
  rtt: [EXCHANGE],
  'tls-path': [EXCHANGE, { set: 9, host: 'teams.microsoft.com' }],
  media: [{ set: 11, host: 'world.tr.teams.microsoft.com' }],
  throughput: [{ set: 31, host: '{tenant}.sharepoint.com' }],
  reach: [
    EXCHANGE,
    { set: 11, host: 'world.tr.teams.microsoft.com' },
    { set: 31, host: '{tenant}.sharepoint.com' },
  ],
}

const FILE = { host: 'contoso.sharepoint.com', path: '/15mb.bin' } as const

/** What every probe returns on a network where all goes well. */
const results = new Map<ProbeName, unknown>()
for (const name of PROBE_NAMES) {
  const context = contextOf({
    settings: {
      mediaSeconds: 1,
      download: FILE,
      beacon: 'b.example',
      tenant: 'contoso',
      echo: 'http://198.51.100.90/',
      proxies: [
        { from: 'system', url: 'http://10.0.0.8:3128', bypass: ['*.local'], pac: 'http://wpad/a.pac' },
      ],
    },
    host: {
      interfaces: () => [{ name: 'eth0', address: '10.0.0.5', family: 4 }],
      sourceTowards: async () => done('10.0.0.5'),
    },
    dns: {
      servers: () => ['192.0.2.53', '192.0.2.54'],
      systemLookup: async (_host, family) =>
        family === 4 ? system(['52.96.1.1', '52.96.1.2'], '192.0.2.53') : failed('dns-empty'),
      query: async ({ name: asked, type }) =>
        type === 'TXT'
          ? answer([`${asked} TXT v=1,ns=203.0.113.53,ecs=-`], 13)
          : answer([`${asked} CNAME eat-efz.ms-acdc.office.com`, 'eat-efz.ms-acdc.office.com A 52.96.1.1']),
    },
    tcp: {
      connect: async () => done({ ms: 4 }),
      handshake: async () => tls({ chain: [new Uint8Array([1, 2, 3])] }),
      download: async () =>
        done({ status: 200, bytes: 15_000_000, ms: 1_500, secondHalfPerMs: 11_000, ended: 'whole' }),
      tunnel: async () => done({ status: 200, server: null, openMs: 3, tls: tls() }),
      request: async () => http(401, { 'x-firsthopcafeefz': 'EAT' }, '{"address":"203.0.113.5"}'),
    },
    stun: {
      binding: async () => done({ address: '203.0.113.5', port: 9, ms: 4 }),
      train: async (_target, { count }) =>
        done({ packets: Array(count).fill(4), blurred: 0, reordered: 0, duplicates: 0 }),
      hops: async () => done({ hops: 9 }),
    },
  })
  const outcome = await PROBES[name].run({ targets: TARGETS[name] }, context)
  results.set(name, JSON.parse(JSON.stringify(good(outcome))))
}

const HOSTILE: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e308,
  -1,
  120_001,
  '4',
  'x'.repeat(100_000),
  Array.from({ length: 10_000 }, () => 0),
  Array.from({ length: 10_000 }, () => ({ failure: 'timeout' })),
]

type Path = readonly (string | number)[]

/** Every place in a JSON value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).flatMap(([key, inner]) =>
    pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return [path, ...below]
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return by
  if (Array.isArray(value)) return value.map((one, at) => (at === key ? replaced(one, rest, by) : one))
  const object = value as Record<string, unknown>
  return { ...object, [key]: replaced(object[key], rest, by) }
}

/** Another value of the same kind, which a schema may well accept: what a strange network would have given. */
function another(value: unknown, dice: number): unknown {
  const pick = <T>(...values: readonly T[]): T => values[dice % values.length] as T
  if (typeof value === 'number') return pick(0, 0.5, 1, 8, 300, 119_999)
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return pick(value.slice(0, dice % 3), value.toReversed(), value.slice(1))
  if (value === null) return pick<unknown>('LHR-efz.ms-acdc.office.com', '203.0.113.0/24', 'timeout', true)
  if (typeof value === 'string') {
    return /^[\d.]+$/.test(value)
      ? pick('10.1.2.3', '100.64.0.1', '52.96.9.9', '203.0.113.5', '198.51.100.53', '2001:db8::1')
      : pick<unknown>(
          'other.example',
          'LHR',
          'LHR-efz.ms-acdc.office.com',
          null,
          'whoami',
          'CERT_HAS_EXPIRED',
        )
  }
  const { target, host, server, address, to } = value as Record<string, unknown>
  const failure = pick('timeout', 'reset', 'dns-nxdomain', 'network-unreachable')
  return { target, host, server, address, to, failure }
}

const changed = (name: ProbeName) => {
  const base = results.get(name)
  const change = fc.tuple(fc.constantFrom(...pathsOf(base)), fc.nat({ max: 11 }))
  return fc.array(change, { maxLength: 12 }).map((changes) =>
    changes.reduce<unknown>((value, [path, dice]) => {
      // An earlier change may have taken away what a later one is about.
      if (!pathExists(value, path)) return value
      const next = replaced(value, path, another(valueAt(value, path), dice))
      return PROBES[name].read(next).ok ? next : value
    }, base),
  )
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value)
}

function pathExists(value: unknown, path: Path): boolean {
  const [key, ...rest] = path
  if (key === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return pathExists((value as Record<string | number, unknown>)[key], rest)
}

describe.each(PROBE_NAMES)('%s', (name) => {
  const probe = PROBES[name]

  it('reads its own result', () => {
    expect(probe.read(results.get(name)).ok).toBe(true)
  })

  it('reads any JSON without a throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = probe.read(value)
        if (!read.ok) expect(read.failure).toBe('result-refused')
      }),
    )
  })

  it('reads its own result with any JSON in any place without a throw', () => {
    const base = results.get(name)
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(base)), fc.jsonValue(), (path, value) => {
        const read = probe.read(replaced(base, path, value))
        if (read.ok) probe.evaluate(read.result, evaluation(name, TARGETS[name]))
      }),
    )
  })

  it('refuses what is no number, too large or too long, wherever a number or a list stands', () => {
    const base = results.get(name)
    for (const path of pathsOf(base)) {
      const at = valueAt(base, path)
      if (typeof at !== 'number' && !Array.isArray(at)) continue
      // A clock may be behind, and years off.
      if (path[0] === 'clockOffsetMs') continue
      const isSpeed = path.at(-1) === 'bytes' || path.at(-1) === 'secondHalfPerMs'
      // Bytes are no ms: a hundred thousand of them are few.
      const refused = isSpeed ? HOSTILE.filter((value) => value !== 120_001) : HOSTILE
      for (const hostile of refused) expect(probe.read(replaced(base, path, hostile)).ok).toBe(false)
    }
  })

  it('answers each owed question exactly once, whatever was read', () => {
    const targets = fc.array(
      fc.record({
        set: fc.constantFrom(1, 9, 11, 31),
        host: fc.constantFrom(HOST, 'teams.microsoft.com', '{tenant}.sharepoint.com', 'other.example'),
      }),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(changed(name), fc.oneof(fc.constant(TARGETS[name]), targets), (value, asked) => {
        const findings = probe.evaluate(good(probe.read(value)), evaluation(name, asked))
        const owed = probe.questions({ targets: asked })
        for (const question of owed) {
          expect(findings.filter((finding) => finding.question === question)).toHaveLength(1)
        }
        const extra = findings.filter((finding) => !owed.includes(finding.question))
        for (const one of extra)
          expect(one.question).toMatch(
            /^(range:|chain:|resolver:|relay-region$|default-egress$|beacon-egress$|buffer-bloat$|source-address$|clock$)/,
          )
        for (const one of findings) expect(one).toMatchObject({ runnerId: 'r1', measurementId: 'm1' })
      }),
      { numRuns: 300 },
    )
  })

  it('shows whatever was read as lines in which every text of somebody else is marked', () => {
    fc.assert(
      fc.property(changed(name), (result) => {
        const lines = samplesOf({ probe: name, outcome: done(result) })
        const own = (lines ?? [])
          .flatMap(({ of, says }) => [of, ...says])
          .filter((piece) => typeof piece === 'string')
        expect(lines).not.toBeNull()
        expect(own.join('\n')).not.toMatch(/\d+\.\d+\.\d+|::|[a-z]\.[a-z]|http:|eth0|HAS_EXPIRED/)
      }),
      { numRuns: 200 },
    )
  })

  it('measures nothing, and says so, on a network where nothing answers', async () => {
    const settings = {
      beacon: 'b.example',
      ...(name === 'throughput' ? { tenant: 'contoso', download: FILE } : {}),
    }
    const context = contextOf({ settings, dns: { servers: () => ['192.0.2.1'] } })
    const outcome = await probe.run({ targets: TARGETS[name] }, context)
    const findings = probe.evaluate(good(outcome), evaluation(name, TARGETS[name]))
    // That nothing answers is what `reach` asks; a set that needs a tenant is not asked for.
    const others: Partial<Record<ProbeName, readonly string[]>> = {
      reach: ['reach-seen', 'unmeasured'],
      // What the host says of itself needs no network.
      host: ['host-seen', 'no-proxy-set'],
    }
    const codes = others[name] ?? ['unmeasured']
    expect(new Set(findings.map((finding) => finding.code))).toEqual(new Set(codes))
    for (const one of findings)
      if (one.code === 'reach-seen') expect(one.args.hosts[0]?.failure).not.toBeNull()
  })
})
