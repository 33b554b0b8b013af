import { describe, expect, it } from 'vitest'
import { addressBytes, sameAddress } from '../../src/net/address-bytes.ts'
import { addressPolicy } from '../../src/net/address-policy.ts'

// biome-ignore format: a table reads best in rows
const REFUSED = [
  '0.0.0.0', '0.1.2.3', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.100.100.200', '100.127.255.255',
  '127.0.0.1', '127.255.255.254', '169.254.0.1', '169.254.169.254', '168.63.129.16', '172.16.0.1',
  '172.31.255.255', '192.0.0.192', '192.168.0.1', '198.18.0.1', '198.19.255.255', '224.0.0.1',
  '239.255.255.255', '240.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fe80::1%eth0', 'febf::1',
  'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '100::1', '::ffff:10.0.0.1', '::ffff:a00:1',
  '0:0:0:0:0:ffff:7f00:1', '::FFFF:169.254.169.254', '::ffff:168.63.129.16', '::ffff:0:10.0.0.1',
  '::ffff:0:7f00:1', '64:ff9b::10.0.0.1', '64:ff9b::a00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a00:1',
  '64:ff9b:1::3460:101', '2002:a00:1::', '2002:7f00:1::1', '2002:c0a8:101::1', '2002:a9fe:a9fe::',
  '::10.0.0.1', '::a00:1', '::192.168.1.1', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1',
  '2001:10::1', '5f00::1', '4000::1', '52.96.1.1%eth0', '2620:1ec::1%1', '0x7f.0.0.1', '0177.0.0.1',
  '2130706433', '127.1', '①②⑦.0.0.1', '127.0.0.1.', '127。0。0。1', 'user@127.0.0.1', '[::1]',
  '[2620:1ec::1]', '10.0.0.1:80', 'localhost', 'outlook.office365.com', '', ' 52.96.1.1', '52.96.1.1/32',
]

// biome-ignore format: a table reads best in rows
const ALLOWED = [
  '52.96.1.1', '13.107.6.152', '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0',
  '172.15.255.255', '172.32.0.0', '168.63.129.17', '198.17.255.255', '198.20.0.0', '223.255.255.255',
  '192.0.2.1', '198.51.100.80', '203.0.113.9', '2620:1ec::1', '2603:1006::1', '2001:db8::1', '3fff::1',
  '2001:4860:4860::8888', '::ffff:52.96.1.1', '64:ff9b::52.96.1.1', '64:ff9b::3460:101',
  '2002:3460:101::1',
]

describe('addressPolicy', () => {
  it.each(REFUSED.map((address) => [address]))('refuses %j', (address) => {
    expect(addressPolicy(address)).toMatchObject({ allowed: false })
  })

  it.each(ALLOWED.map((address) => [address]))('allows %s', (address) => {
    expect(addressPolicy(address)).toEqual({ allowed: true })
  })
})

describe('addressBytes', () => {
  it.each([
    ['1.2.3.4', '01020304'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['2001:db8::', `20010db8${'0'.repeat(24)}`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::ffff:1.2.3.4', '00000000000000000000ffff01020304'],
    ['64:ff9b::1.2.3.4', '0064ff9b000000000000000001020304'],
  ])('of %s are %s', (address, hex) => {
    expect(addressBytes(address)?.toString('hex')).toBe(hex)
  })

  it('tell that two writings are one address', () => {
    expect(sameAddress('2001:DB8:0:0::1', '2001:db8::1')).toBe(true)
    expect(sameAddress('::ffff:1.2.3.4', '1.2.3.4')).toBe(false)
    expect(sameAddress('a.test', 'a.test')).toBe(false)
  })
})
