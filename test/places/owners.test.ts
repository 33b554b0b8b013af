import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { securityVendorOf } from '../../src/core/vendors.ts'
import { publishedList } from '../../src/endpoints/ranges.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import { makeAtlas } from '../../src/places/atlas.ts'
import { placesFromCsv } from '../../src/places/csv.ts'
import { placesFromMmdb } from '../../src/places/mmdb-places.ts'
import { type OwnerTable, ownersFrom } from '../../src/places/owners.ts'
import { mmdbOf } from '../support/mmdb-writer.ts'

const ASN = mmdbOf({
  ipVersion: 6,
  type: 'Test-ASN',
  networks: [
    ['192.0.2.0/24', { autonomous_system_number: 64500, autonomous_system_organization: 'ZSCALER-EMEA' }],
    ['2001:db8::/32', { asn: 'AS64501', as_name: 'Example Net' }],
    ['198.51.100.0/24', { autonomous_system_number: 64502 }],
  ],
})
const CSV = 'cidr,owner\n192.0.2.0/24,"Netskope, Inc."\n192.0.2.128/25,Contoso\n'

function ownersOf(file: Buffer | string): OwnerTable {
  const read = ownersFrom(Buffer.from(file as Buffer))
  return read.ok ? read.table : expect.fail(read.problem)
}

describe('owners', () => {
  it('are read from an ASN database, in both families', () => {
    const { ownerOf } = ownersOf(ASN)
    expect(['192.0.2.1', '2001:db8::1', '198.51.100.1', '203.0.113.1', 'x'].map(ownerOf)).toEqual([
      'ZSCALER-EMEA',
      'Example Net',
      null,
      null,
      null,
    ])
  })

  it('are read from a CSV, commas and quotes included', () => {
    const { ownerOf } = ownersOf(CSV)
    expect(['192.0.2.1', '192.0.2.129', '198.51.100.1'].map(ownerOf)).toEqual([
      'Netskope, Inc.',
      'Contoso',
      null,
    ])
  })

  it('that are cloud security vendors are recognised as such', () => {
    const names = [ownersOf(ASN).ownerOf('192.0.2.1'), ownersOf(CSV).ownerOf('192.0.2.1')]
    expect(names.map(securityVendorOf)).toEqual(['Zscaler', 'Netskope'])
    expect(securityVendorOf(ownersOf(CSV).ownerOf('192.0.2.200'))).toBeNull()
  })

  it('are reported with their line where they are wrong, and the rest is kept', () => {
    const text = ['cidr,owner', 'x,A', '10.0.0.1/8,A', '10.0.0.0/8,', '10.0.0.0/8,A', '10.0.0.0/8,B', 'A', '']
    const read = ownersFrom(Buffer.from(`\uFEFF${text.join('\r\n')}`))
    expect(read.ok && read.problems.map((problem) => problem.split(':')[0])).toEqual([
      'line 2',
      'line 3',
      'line 4',
      'line 6',
      'line 7',
    ])
    expect(read.ok && read.table.ownerOf('10.1.1.1')).toBe('A')
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a CSV of places', Buffer.from('cidr,latitude,longitude,label,owner\n')],
    ['a damaged database', ASN.subarray(200)],
    [
      'a city database',
      mmdbOf({ ipVersion: 4, type: 'City', networks: [['192.0.2.0/24', { city: 'Lyon', latitude: 45.8 }]] }),
    ],
  ])('refuse %s with one sentence', (_name, bytes) => {
    expect(ownersFrom(bytes)).toEqual({ ok: false, problem: expect.stringMatching(/^the file [^.]*$/) })
  })

  it('never throw, whatever the bytes are', () => {
    const line = fc.oneof(
      fc.string(),
      fc.tuple(fc.ipV4(), fc.string()).map((pair) => pair.join(',')),
    )
    const lines = fc.array(line).map((rows) => Buffer.from(['cidr,owner', ...rows].join('\n')))
    const bytes = fc.oneof(
      lines,
      fc.uint8Array(),
      fc.nat(ASN.length).map((at) => ASN.subarray(at)),
    )
    fc.assert(
      fc.property(bytes, (file) => {
        const read = ownersFrom(file)
        const owner = read.ok ? read.table.ownerOf('192.0.2.1') : null
        expect(owner === null || (owner.length > 0 && [...owner].length <= 80)).toBe(true)
      }),
    )
  })
})

describe('the atlas', () => {
  const csv = placesFromCsv(
    'cidr,latitude,longitude,label,owner\n192.0.2.0/25,51.51,-0.13,London,\n192.0.2.0/28,51.51,-0.13,London,Contoso',
  )
  const city = placesFromMmdb([
    mmdbOf({
      ipVersion: 4,
      type: 'City',
      networks: [['192.0.2.0/24', { city: 'Lyon', country_code: 'FR', latitude: 45.76, longitude: 4.84 }]],
    }),
  ])
  const atlas = makeAtlas({
    places: csv.table,
    geo: city.ok ? city.table : expect.fail(city.problem),
    owners: ownersOf(ASN),
    list: publishedList(snapshotList()),
  })

  it("asks the operator's own ranges first, then the city database", () => {
    const at = (address: string) => atlas.locate(address)?.label ?? null
    expect(['192.0.2.1', '192.0.2.200', '198.51.100.1'].map(at)).toEqual(['London', 'Lyon, FR', null])
  })

  it('knows an owner by the ranges, else by the file of owners, also where no place is known', () => {
    const owner = (address: string) => atlas.owner?.(address) ?? null
    expect(['192.0.2.1', '192.0.2.20', '192.0.2.200', '2001:db8::1', '203.0.113.1'].map(owner)).toEqual([
      'Contoso',
      'ZSCALER-EMEA',
      'ZSCALER-EMEA',
      'Example Net',
      null,
    ])
  })
})
