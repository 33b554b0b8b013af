import { describe, expect, it } from 'vitest'
import {
  clockText,
  countText,
  dateText,
  earlierText,
  kmText,
  listText,
  momentText,
  msText,
  spanText,
  zoneText,
} from '../../src/cards/formats.ts'

const AT = Date.UTC(2026, 10, 20, 14, 2)
const plain = (text: string) => text.replaceAll('\u00A0', ' ')

describe('formats', () => {
  it.each([
    [7700, '7,700 km'],
    [17.4, '17 km'],
    [0, '0 km'],
  ])('%s km', (km, want) => {
    expect(kmText(km)).toBe(want.replace(' km', '\u00A0km'))
  })

  it.each([
    [4.34, '4.3 ms'],
    [186.6, '187 ms'],
    [25, '25 ms'],
  ])('%s ms', (ms, want) => {
    expect(plain(msText(ms))).toBe(want)
  })

  it.each([
    ['Europe/London', '20 Nov 14:02', 'London time'],
    ['America/Los_Angeles', '20 Nov 06:02', 'Los Angeles time'],
    ['Asia/Kolkata', '20 Nov 19:32', 'Kolkata time'],
    ['UTC', '20 Nov 14:02', 'UTC'],
    ['Nowhere/At_All', '20 Nov 14:02', 'UTC'],
  ])('in %s', (zone, moment, name) => {
    expect(plain(momentText(AT, zone))).toBe(moment)
    expect(zoneText(zone)).toBe(name)
  })

  it('midnight is 00:00', () => {
    expect(clockText(Date.UTC(2026, 0, 1), 'UTC')).toBe('00:00')
    expect(plain(dateText(AT, 'UTC'))).toBe('20 Nov 2026')
  })

  it.each([
    [30_000, 'less than a minute'],
    [42 * 60_000, '42 min'],
    [177 * 60_000, '2 h 57 min'],
    [120 * 60_000, '2 h'],
    [86_400_000, '1 day'],
    [17 * 86_400_000, '17 days'],
  ])('%s ms is %s', (ms, want) => {
    expect(plain(spanText(ms))).toBe(want)
    expect(plain(earlierText(AT - ms, AT))).toBe(`${want} earlier`)
  })

  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c', 'd'], 'a, b, c and d'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
  ])('%j', (all, want) => {
    expect(listText(all)).toBe(want)
  })

  it('counts one and many', () => {
    expect([1, 2].map((count) => plain(countText(count, 'office')))).toEqual(['1 office', '2 offices'])
  })
})
