import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeKey, encodeKey, MAX_KEY } from '../../src/store/key-encoding.ts'
import {
  actionKey,
  allDueBuckets,
  allShards,
  auditKey,
  checkHeadKey,
  checkOfficeKey,
  checkOutKey,
  codeKey,
  day,
  dueKey,
  dueUntil,
  fnv1a,
  fromRev,
  historyKey,
  metaKey,
  month,
  monthsBetween,
  officeKey,
  recentKey,
  rev,
  revRange,
  runnerKey,
  runnersPrefix,
  seenKey,
  shard,
  statusKey,
  time,
} from '../../src/store/keys.ts'

const ms = fc.integer({ min: 0, max: 9_999_999_999_999 })
const id = fc.stringMatching(/^[a-z0-9-]{1,24}$/)
const AT = Date.UTC(2026, 10, 20, 12)

describe('shards', () => {
  // The published test vectors of 32-bit FNV-1a.
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('are numbered by FNV-1a: %j', (text, hash) => {
    expect(fnv1a(text)).toBe(hash)
  })

  it('are one of sixteen, and each of them is used', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => allShards().includes(shard(text))))
    const used = new Set(Array.from({ length: 1000 }, (_, i) => shard(`office-${i}`)))
    expect([...used].sort()).toEqual(allShards())
    expect(allShards()).toHaveLength(16)
    expect(allShards()[15]).toBe('s0f')
  })

  it('stay where they are: a change would lose every office', () => {
    expect(['seattle', 'london', 'tokyo'].map(shard)).toEqual(['s07', 's0f', 's09'])
  })
})

describe('times in keys', () => {
  it('sort newest first with rev and oldest first with time', () => {
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        expect(rev(a) < rev(b)).toBe(a > b)
        expect(time(a) < time(b)).toBe(a < b)
        expect(rev(a)).toMatch(/^\d{13}$/)
        expect(fromRev(`${rev(a)}.tail`)).toBe(a)
      }),
    )
  })

  it.each([-1, 1.5, Number.NaN, 1e13])('refuse what is no time: %d', (bad) => {
    expect(() => rev(bad)).toThrow(RangeError)
    expect(() => time(bad)).toThrow(RangeError)
  })

  it('are read as NaN from what is no such key', () => {
    expect(fromRev('x')).toBeNaN()
    expect(fromRev('123')).toBeNaN()
  })

  it('name the month and the day in UTC', () => {
    expect(month(Date.UTC(2026, 11, 31, 23, 59))).toBe('202612')
    expect(day(Date.UTC(2026, 0, 2))).toBe('20260102')
  })

  it('name every month of a stretch, newest first', () => {
    expect(monthsBetween(Date.UTC(2026, 10, 30), Date.UTC(2027, 0, 31))).toEqual([
      '202701',
      '202612',
      '202611',
    ])
    expect(monthsBetween(AT, AT)).toEqual(['202611'])
    expect(monthsBetween(AT, 0)).toEqual([])
  })

  it('make ranges that hold both ends and nothing outside', () => {
    fc.assert(
      fc.property(ms, ms, ms, id, (a, b, at, tail) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const range = revRange(from, to)
        const key = `${rev(at)}.${tail}`
        expect(key >= range.rkFrom && key < range.rkTo).toBe(at >= from && at <= to)
        expect(`${time(at)}.${tail}` < dueUntil(to)).toBe(at <= to)
      }),
    )
  })
})

describe('row keys', () => {
  it.each([
    ['an office', officeKey('seattle'), 'offices', shard('seattle'), 'seattle'],
    ['a runner', runnerKey('seattle', '01J'), 'runners', shard('seattle'), 'seattle.01J'],
    ['a status', statusKey('seattle'), 'status', shard('seattle'), 'seattle'],
    ['a check', checkHeadKey('01C'), 'checks', 'check:01C', 'head'],
    ['an outbox', checkOutKey('01C'), 'checks', 'check:01C', 'out'],
    ['measurements', checkOfficeKey('01C', 'seattle'), 'checks', 'check:01C', 'office:seattle'],
    ['a recent check', recentKey('19:x@y', AT, '01C'), 'recent202611', '19:x@y', `${rev(AT)}.01C`],
    ['history', historyKey('seattle', AT, '01CABCDEFGH'), 'hist202611', 'seattle', `${rev(AT)}.ABCDEFGH`],
    ['an audit line', auditKey(AT, 'ab12'), 'audit202611', '20261120', `${rev(AT)}.ab12`],
    ['a meta row', metaKey('schema'), 'meta', 'm', 'schema'],
  ])('place %s', (_, key, table, pk, rk) => {
    expect(key).toEqual({ table, pk, rk })
  })

  it('never hold an enrolment code', () => {
    const key = codeKey('SECRET-CODE')
    expect(key).toMatchObject({ table: 'codes', pk: 'tok' })
    expect(key.rk).toMatch(/^[0-9a-f]{64}$/)
  })

  it('spread what sweeps walk over partitions that can be listed', () => {
    fc.assert(
      fc.property(id, fc.string({ unit: 'binary' }), (first, second) => {
        expect(allDueBuckets()).toContain(dueKey(AT, first).pk)
        expect(allShards()).toContain(actionKey(first).pk)
        expect(allShards()).toContain(seenKey(first, second).pk)
      }),
    )
  })

  it('of two different activities differ, wherever the ids are cut', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '|', '1', ';') })
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        expect(seenKey(a, b).rk === seenKey(c, d).rk).toBe(a === c && b === d)
      }),
    )
  })

  it('of runners start with their own office and no other', () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(runnerKey(a, 'r').rk.startsWith(runnersPrefix(b))).toBe(a === b)
      }),
    )
  })
})

describe('the encoding of keys', () => {
  it('gives back any text, in plain characters only', () => {
    const half = fc.constantFrom('\ud800', '\udfff', '=', 'u', 'D', '8', '0')
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: half, maxLength: 40 }),
    )
    fc.assert(
      fc.property(text, (key) => {
        const stored = encodeKey(key)
        expect(stored).toMatch(/^[A-Za-z0-9._:@=-]*$/)
        expect(decodeKey(stored)).toBe(key)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps plain keys, and so their order', () => {
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9._:@-]{0,64}$/), (key) => encodeKey(key) === key))
  })

  it.each([
    ['a/b', 'a=2Fb'],
    ['é', '=C3=A9'],
    ['\ud83d', '=uD83D'],
    ['=', '=3D'],
  ])('writes %j as %j', (key, stored) => {
    expect(encodeKey(key)).toBe(stored)
  })

  it('leaves a key of another writer as it is', () => {
    fc.assert(fc.property(fc.string(), (stored) => typeof decodeKey(stored) === 'string'))
    expect(decodeKey('=zz')).toBe('=zz')
  })

  it('refuses a key that is too long when stored', () => {
    expect(encodeKey('x'.repeat(MAX_KEY))).toHaveLength(MAX_KEY)
    expect(() => encodeKey('/'.repeat(MAX_KEY / 2))).toThrow(/too long/)
  })
})
