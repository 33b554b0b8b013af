import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointList } from '../../src/endpoints/list.ts'
import { parseEndpoints, readEndpoints, refusesAfter, refusesBeside } from '../../src/endpoints/parse.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'

const VERSION = '2026110200'
const set = (over: object = {}) => ({
  id: 1,
  serviceArea: 'Exchange',
  category: 'Optimize',
  required: true,
  urls: ['outlook.office.com'],
  tcpPorts: '443',
  ...over,
})
const list = (...sets: object[]): EndpointList => {
  const read = readEndpoints(sets, VERSION)
  if (!read.ok) throw new Error(read.problems.join())
  return read.list
}

describe('reading a list', () => {
  it('reads ports with blanks, in any order and as runs', () => {
    const [read] = list(set({ tcpPorts: '143, 587, 993', udpPorts: '3478-3481,50000 - 59999' })).sets
    expect(read?.tcp.map((range) => range.from)).toEqual([143, 587, 993])
    expect(read?.udp).toEqual([
      { from: 3478, to: 3481 },
      { from: 50000, to: 59999 },
    ])
  })

  it('reads a set without hosts and one without addresses', () => {
    const read = list(set({ urls: undefined, ips: ['52.112.0.0/14'] }), set({ id: 2 }))
    expect(read.sets.map((one) => [one.urls.length, one.ips.length])).toEqual([
      [0, 1],
      [1, 0],
    ])
  })

  it('ignores fields it does not know', () => {
    expect(list(set({ expressRoute: true, notes: 'x', somethingNew: 1 })).sets).toHaveLength(1)
  })

  it.each([
    ['a web page', '<!DOCTYPE html><html>', /web page/],
    ['something else', 'upstream error', /not JSON/],
    ['an object', '{}', /not an array/],
    ['an empty list', '[]', /empty/],
    ['nothing', '', /not JSON/],
  ])('refuses %s', (_name, body, problem) => {
    expect(parseEndpoints(body, VERSION)).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(problem)],
      isList: false,
    })
  })

  it.each([
    ['the whole Internet', { ips: ['0.0.0.0/0'] }, /wider/],
    ['half the Internet', { ips: ['128.0.0.0/1'] }, /wider/],
    ['the whole IPv6 Internet', { ips: ['::/0'] }, /wider/],
    ['a private range', { ips: ['10.1.0.0/16'] }, /not public/],
    ['a range of providers', { ips: ['100.64.0.0/10'] }, /not public/],
    ['loopback', { ips: ['127.0.0.1/32'] }, /not public/],
    ['the metadata service', { ips: ['169.254.169.254/32'] }, /not public/],
    ['a private range in IPv6 clothes', { ips: ['::ffff:192.168.0.0/112'] }, /not public/],
    ['a unique local range', { ips: ['fd00::/32'] }, /not public/],
    ['no range', { ips: ['example'] }, /no CIDR/],
    ['every host', { urls: ['*'] }, /too much/],
    ['a whole top level', { urls: ['*.com'] }, /too much/],
    ['a URL', { urls: ['https://outlook.office.com/'] }, /no host name/],
    ['every port', { tcpPorts: '0-65535' }, /out of range/],
    ['nearly every port', { tcpPorts: '1-65535' }, /out of range/],
    ['a port that is none', { tcpPorts: 'https' }, /no numbers/],
    ['a run backwards', { tcpPorts: '443-80' }, /out of range/],
    ['neither hosts nor addresses', { urls: [] }, /neither/],
    ['another category', { category: 'Best' }, /category/],
    ['no id', { id: undefined }, /id/],
    ['an id that is a text', { id: '1' }, /id/],
  ])('refuses a set with %s', (_name, over, problem) => {
    const read = readEndpoints([set(over)], VERSION)
    expect(read).toMatchObject({ ok: false, problems: [expect.stringMatching(problem)], isList: true })
  })

  it('reports every problem, not only the first', () => {
    const read = readEndpoints([set({ ips: ['0.0.0.0/0'] }), set({ tcpPorts: '0' }), 7], VERSION)
    expect(read.ok ? [] : read.problems).toEqual([
      expect.stringMatching(/^set 1: .*wider/),
      expect.stringMatching(/twice/),
      expect.stringMatching(/^set 1: .*ports/),
      expect.stringMatching(/^entry 3/),
    ])
  })

  it.each(['', '20261102', '1999010100', '2026-11-02', 'latest'])('refuses the version %j', (version) => {
    expect(readEndpoints([set()], version).ok).toBe(false)
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        (body) => typeof parseEndpoints(body, VERSION).ok === 'boolean',
      ),
    )
    fc.assert(
      fc.property(fc.array(fc.anything()), (value) => typeof readEndpoints(value, VERSION).ok === 'boolean'),
    )
  })
})

describe('a new list', () => {
  const held = snapshotList()
  const next = (over: Partial<EndpointList>): EndpointList => ({ ...held, version: '2026110200', ...over })

  const names = new Set(held.sets.flatMap(({ urls }) => urls)).size
  const ranges = new Set(held.sets.flatMap(({ ips }) => ips)).size
  /** Every set as it is, but for what `keeps` drops of its names or ranges. */
  const thinned = (what: 'urls' | 'ips', keeps: (at: number) => boolean): EndpointList => {
    const all = [...new Set(held.sets.flatMap((set) => set[what]))]
    const left = new Set(all.filter((_, at) => keeps(at)))
    return next({
      sets: held.sets.map((set) => ({ ...set, [what]: set[what].filter((one) => left.has(one)) })),
    })
  }

  it('may replace the one that is held', () => {
    expect(refusesAfter(held, next({}))).toBeNull()
    const fewest = held.sets.toSorted((a, b) => a.urls.length + a.ips.length - b.urls.length - b.ips.length)
    expect(refusesAfter(held, next({ sets: fewest.slice(21) }))).toBeNull()
    expect(
      refusesAfter(
        held,
        thinned('urls', (at) => at % 4 !== 0),
      ),
    ).toBeNull()
    expect(
      refusesAfter(
        held,
        thinned('ips', (at) => at % 4 !== 0),
      ),
    ).toBeNull()
  })

  it('may not when it is older or lost more than 30 % of the sets', () => {
    expect(refusesAfter(held, next({ version: '2024033100' }))).toMatch(/older/)
    expect(refusesAfter(held, next({ sets: held.sets.slice(0, 50) }))).toMatch(/22 of 72 sets/)
  })

  it('may not when its ids are left and more than 30 % of the names or of the ranges are gone', () => {
    expect(
      refusesAfter(
        held,
        thinned('urls', (at) => at % 3 === 0),
      ),
    ).toBe(`${names - Math.ceil(names / 3)} of ${names} names are gone`)
    expect(
      refusesAfter(
        held,
        thinned('ips', (at) => at % 3 === 0),
      ),
    ).toMatch(`of ${ranges} ranges are gone`)
    const one = held.sets.map((set) => (set.ips.length === 0 ? set : { ...set, ips: ['13.107.64.0/24'] }))
    expect(refusesAfter(held, next({ sets: one }))).toMatch(`${ranges} of ${ranges} ranges are gone`)
  })

  it('may join ranges and move names from set to set', () => {
    const [first, second, ...others] = held.sets
    if (first === undefined || second === undefined) throw new Error('no sets')
    const moved = [{ ...first, urls: [] }, { ...second, urls: [...first.urls, ...second.urls] }, ...others]
    expect(refusesAfter(held, next({ sets: moved }))).toBeNull()
    const joined = [
      ...held.sets.map((set) => ({ ...set, ips: set.ips.filter((ip) => !ip.startsWith('52.')) })),
      { ...first, id: 9999, ips: ['52.0.0.0/8'] },
    ]
    expect(refusesAfter(held, next({ sets: joined }))).toBeNull()
  })

  it('may be half of what came with the program, and no less', () => {
    expect(
      refusesBeside(
        held,
        thinned('urls', (at) => at % 2 === 0),
      ),
    ).toBeNull()
    expect(
      refusesBeside(
        held,
        thinned('urls', (at) => at % 3 === 0),
      ),
    ).toMatch(/names are gone/)
  })
})
