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
    expect(await realLookup('127.0.0.1', 4, 5000, NEVER)).toMatchObject({
      ok: true,
      result: { addresses: [{ address: '127.0.0.1', family: 4 }], server: null },
    })
  })

  it('ends when it is told to', async () => {
    expect(await realLookup('127.0.0.1', 4, 5000, AbortSignal.abort())).toMatchObject({
      failure: 'deadline-passed',
    })
  })
})
