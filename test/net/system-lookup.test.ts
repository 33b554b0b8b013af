import { describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { DnsAnswer, DnsQuery } from '../../src/core/ports.ts'
import { realLookup, worldLookup } from '../../src/net/system-lookup.ts'

const NEVER = new AbortController().signal
const answered = (data: string, type = 'A'): Outcome<DnsAnswer> =>
  done({
    records: [
      { name: 'a.test', type: 'CNAME', ttl: 0, data: 'b.test' },
      { name: 'b.test', type, ttl: 0, data },
    ],
    flags: { authoritative: false, recursionAvailable: true },
    transport: 'udp',
    ms: 1,
    strays: 0,
    subnetScope: null,
  })

/** A getaddrinfo that answers when it is told to. */
function threads(atOnce: number) {
  const asked: string[] = []
  const told = new Map<string, () => void>()
  const lookup = realLookup(atOnce, (name, _options, callback) => {
    asked.push(name)
    told.set(name, () => callback(null, [{ address: '192.0.2.1', family: 4 }]))
  })
  return { lookup, asked, answer: (name: string) => told.get(name)?.() }
}

const turnOver = () => new Promise((resolve) => setImmediate(resolve))

function lookups(servers: readonly string[], answer: (query: DnsQuery) => Outcome<DnsAnswer>) {
  const asked: DnsQuery[] = []
  const lookup = worldLookup(servers, async (query) => {
    asked.push(query)
    return answer(query)
  })
  return { lookup: (family: 4 | 6 = 4) => lookup('a.test', family, 5000, NEVER), asked }
}

describe('worldLookup', () => {
  it('takes the next entry each time, so that the last of four serves one time in four', async () => {
    const { lookup, asked } = lookups(['A', 'A', 'A', 'B'], () => answered('192.0.2.1'))
    for (let left = 8; left > 0; left--) await lookup()
    expect(asked.map(({ server }) => server).join('')).toBe('AAABAAAB')
    expect(asked[0]).toMatchObject({ type: 'A', timeoutMs: 2000 })
  })

  it('tells which server answered, and gives addresses only', async () => {
    const { lookup } = lookups(['192.0.2.53'], () => answered('192.0.2.1'))
    expect(await lookup()).toMatchObject({
      ok: true,
      result: { addresses: [{ address: '192.0.2.1', family: 4 }], server: '192.0.2.53' },
    })
  })

  it('asks the one after it when none answers', async () => {
    const { lookup, asked } = lookups(['A', 'B', 'C'], ({ server }) =>
      server === 'A' ? failed('dns-timeout') : answered('192.0.2.1'),
    )
    expect(await lookup()).toMatchObject({ ok: true, result: { server: 'B' } })
    expect(await lookup()).toMatchObject({ ok: true, result: { server: 'B' } })
    expect(asked.map(({ server }) => server).join('')).toBe('ABB')
  })

  it('asks no third', async () => {
    const { lookup, asked } = lookups(['A', 'B', 'C'], () => failed('dns-timeout'))
    expect(await lookup()).toMatchObject({ ok: false, failure: 'dns-timeout' })
    expect(asked).toHaveLength(2)
  })

  it.each(['dns-nxdomain', 'dns-servfail', 'dns-refused'] as const)('%s is an answer', async (failure) => {
    const { lookup, asked } = lookups(['A', 'B'], () => failed(failure))
    expect(await lookup()).toMatchObject({ ok: false, failure })
    expect(asked).toHaveLength(1)
  })

  it('says empty when there is no address of that family', async () => {
    const { lookup, asked } = lookups(['A'], () => answered('192.0.2.1'))
    expect(await lookup(6)).toMatchObject({ ok: false, failure: 'dns-empty' })
    expect(asked[0]?.type).toBe('AAAA')
  })

  it('says so when there is no server', async () => {
    expect(await lookups([], () => failed('dns-timeout')).lookup()).toMatchObject({
      failure: 'not-configured',
    })
  })
})

describe('realLookup', () => {
  it('answers what applications get', async () => {
    expect(await realLookup(1)('127.0.0.1', 4, 5000, NEVER)).toMatchObject({
      ok: true,
      result: { addresses: [{ address: '127.0.0.1', family: 4 }], server: null },
    })
  })

  it('ends when it is told to', async () => {
    expect(await realLookup(1)('127.0.0.1', 4, 5000, AbortSignal.abort())).toMatchObject({
      failure: 'deadline-passed',
    })
  })
  it('runs as many as there are threads for, the others in order, and times none of their waiting', async () => {
    const { lookup, asked, answer } = threads(2)
    const outcomes = ['a', 'b', 'c', 'd'].map((name) => lookup(name, 4, 60_000, NEVER))
    await turnOver()
    expect(asked).toEqual(['a', 'b'])
    const end = performance.now() + 20
    while (performance.now() < end);
    answer('a')
    await turnOver()
    expect(asked).toEqual(['a', 'b', 'c'])
    for (const name of ['b', 'c']) answer(name)
    await turnOver()
    answer('d')
    expect(await Promise.all(outcomes)).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: true },
      { ok: true },
    ])
    const third = await outcomes[2]
    expect(third?.ok && third.result.ms).toBeLessThan(20)
  })

  it('gives a lookup all of its time, however long it waited for a thread', async () => {
    const { lookup, asked, answer } = threads(1)
    const first = lookup('a', 4, 60_000, NEVER)
    // Would be over before it began, were it counted from here.
    const second = lookup('b', 4, 1, NEVER)
    const end = performance.now() + 20
    while (performance.now() < end);
    await turnOver()
    expect(asked).toEqual(['a'])
    answer('a')
    expect(await first).toMatchObject({ ok: true })
    await turnOver()
    expect(asked).toEqual(['a', 'b'])
    expect(await second).toMatchObject({ failure: 'dns-timeout' })
  })

  it('holds the thread of one that was given up until it has ended', async () => {
    const { lookup, asked, answer } = threads(1)
    const gone = new AbortController()
    const first = lookup('a', 4, 60_000, gone.signal)
    await turnOver()
    gone.abort()
    expect(await first).toMatchObject({ failure: 'deadline-passed' })
    const second = lookup('b', 4, 60_000, NEVER)
    await turnOver()
    expect(asked).toEqual(['a'])
    answer('a')
    await turnOver()
    answer('b')
    expect(await second).toMatchObject({ ok: true })
  })

  it('forgets one that was given up while it waited', async () => {
    const { lookup, asked, answer } = threads(1)
    const gone = new AbortController()
    const first = lookup('a', 4, 60_000, NEVER)
    const second = lookup('b', 4, 60_000, gone.signal)
    const third = lookup('c', 4, 60_000, NEVER)
    await turnOver()
    gone.abort()
    expect(await second).toMatchObject({ failure: 'deadline-passed' })
    answer('a')
    await turnOver()
    expect(asked).toEqual(['a', 'c'])
    answer('c')
    expect(await Promise.all([first, third])).toMatchObject([{ ok: true }, { ok: true }])
  })
})
