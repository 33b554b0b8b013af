import { describe, expect, it } from 'vitest'
import { parseRange } from '../../src/core/cidr.ts'
import { specialIn } from '../../src/core/special-ranges.ts'

describe('a range of addresses', () => {
  it.each([
    ['10.1.2.3', 'private'],
    ['8.0.0.0/5', 'private'],
    ['100.127.255.255', 'carrier-grade NAT'],
    ['172.31.0.0/16', 'private'],
    ['224.0.0.1', 'multicast or reserved'],
    ['fd00::/8', 'private'],
    ['fe80::1', 'link-local'],
    ['64:ff9b::203.0.113.9', 'an address behind NAT64'],
    ['203.0.113.0/24', null],
    ['172.32.0.0/16', null],
    ['100.128.0.0/16', null],
    ['2001:db8::/32', null],
  ])('%s is %s', (cidr, what) => {
    const range = parseRange(cidr)
    expect(range === null ? 'no range' : specialIn(range)).toBe(what)
  })
})
