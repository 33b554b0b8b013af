import { expect, it } from 'vitest'
import { securityVendorOf } from '../../src/core/vendors.ts'

it.each([
  ['Zscaler, Inc.', 'Zscaler'],
  ['ZSCALER-FRA4', 'Zscaler'],
  ['netskope', 'Netskope'],
  ['Palo Alto Networks', 'Palo Alto Networks Prisma Access'],
  ['Cisco Umbrella', 'Cisco Umbrella'],
])('%s is a cloud security vendor', (text, vendor) => {
  expect(securityVendorOf(text)).toBe(vendor)
})

it.each([null, '', 'Thames Internet', 'Palo Alto', 'Menlo Park', 'Lookout Mountain', 'Catonsville'])(
  '%s is none',
  (text) => {
    expect(securityVendorOf(text)).toBeNull()
  },
)
