import type { IncomingMessage } from 'node:http'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress } from '../../../src/hub/http/client-address.ts'

const PROXIES = ['10.0.0.0/8', '2001:db8:ffff::/48']
const from = (remoteAddress: string, forwarded?: string, proxies: readonly string[] = PROXIES) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return clientAddress({ headers, socket: { remoteAddress } } as unknown as IncomingMessage, proxies)
}

describe('who asks', () => {
  it.each([
    ['the other end, where no proxy is named', '10.0.0.1', '203.0.113.7', [], '10.0.0.1'],
    ['the other end, where it is no proxy', '198.51.100.1', '203.0.113.7', PROXIES, '198.51.100.1'],
    ['who the proxy says', '10.0.0.1', '203.0.113.7', PROXIES, '203.0.113.7'],
    ['the last one that is no proxy', '10.0.0.1', '192.0.2.6, 203.0.113.7, 10.9.9.9', PROXIES, '203.0.113.7'],
    ['the proxy, where it says nothing', '10.0.0.1', undefined, PROXIES, '10.0.0.1'],
    ['the proxy, where it says nonsense', '10.0.0.1', '203.0.113.7, unknown', PROXIES, '10.0.0.1'],
    ['without a port', '10.0.0.1', '203.0.113.7:51000', PROXIES, '203.0.113.7'],
    ['without a port, of the other family', '10.0.0.1', '[2001:db8::1]:51000', PROXIES, '2001:db8::1'],
    ['IPv4 as it is', '::ffff:10.0.0.1', '::ffff:203.0.113.7', PROXIES, '203.0.113.7'],
    ['through a proxy of IPv6', '2001:db8:ffff::9', '2001:DB8::7', PROXIES, '2001:db8::7'],
  ] as const)('is %s', (_who, remote, forwarded, proxies, is) => {
    expect(from(remote, forwarded, proxies)).toBe(is)
  })

  it('is never what a client alone says, whatever it says', () => {
    fc.assert(
      fc.property(fc.string(), (said) => {
        expect(from('198.51.100.1', said)).toBe('198.51.100.1')
        expect(from('10.0.0.1', `${said}, 203.0.113.7`)).toBe('203.0.113.7')
      }),
    )
  })
})
