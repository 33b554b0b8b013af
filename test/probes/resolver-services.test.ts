import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cloudflareCode,
  googleNode,
  openDnsNode,
  quad9Code,
  serviceAt,
  serviceBehind,
} from '../../src/probes/resolver-identity/services.ts'

describe('public resolver services', () => {
  it.each([
    ['1.1.1.1', 'cloudflare'],
    ['1.1.1.3', 'cloudflare'],
    ['2606:4700:4700::64', null],
    ['2606:4700:4700::1113', 'cloudflare'],
    ['8.8.4.4', 'google'],
    ['9.9.9.11', 'quad9'],
    ['2620:fe::9', 'quad9'],
    ['208.67.222.222', 'opendns'],
    ['208.67.220.123', 'opendns'],
    ['192.0.2.53', null],
    ['10.0.0.53', null],
    ['fe80::1%eth0', null],
  ])('%s is a server of %s', (server, service) => {
    expect(serviceAt(server)).toBe(service)
  })

  it('are known behind a forwarder by where their questions come from', () => {
    expect(serviceBehind('172.253.1.1')).toBe('google')
    expect(serviceBehind('146.112.3.4')).toBe('opendns')
    expect(serviceBehind('203.0.113.53')).toBeNull()
  })

  it('tell their node in the forms that were recorded', () => {
    expect(cloudflareCode('SEA')).toBe('SEA')
    expect(cloudflareCode('yul01')).toBe('YUL')
    expect(cloudflareCode('cn-hangzhou-d')).toBeNull()
    expect(quad9Code('res120.qyul1.on.quad9.net')).toBe('YUL')
    expect(quad9Code('res760.qyul1.rrdns.pch.net')).toBe('YUL')
    expect(quad9Code('res120.qyul1.example.net')).toBeNull()
    expect(openDnsNode('server r3.yyz')).toEqual({ node: 'r3.yyz', code: 'YYZ' })
    expect(openDnsNode('flags 20 0 2F 1950800000000000000')).toBeNull()
  })

  it('find the longest of Google’s prefixes, in either family', () => {
    const lines = [
      '74.125.0.0/16 iad',
      '74.125.16.0/26 tul ',
      '2404:6800:4000::/48 bom',
      'no prefix',
      '0.0.0.0/0',
    ]
    expect(googleNode(lines, '74.125.16.9')).toEqual({ node: '74.125.16.0/26', code: 'TUL' })
    expect(googleNode(lines, '74.125.99.9')).toEqual({ node: '74.125.0.0/16', code: 'IAD' })
    expect(googleNode(lines, '2404:6800:4000::7')).toEqual({ node: '2404:6800:4000::/48', code: 'BOM' })
    expect(googleNode(lines, '192.0.2.1')).toBeNull()
  })

  it('never say more than a code of three capitals, whatever they answer', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(res1\.q|server r\.)?[a-z]{1,5}\d?(\.on\.quad9\.net)?$/),
    )
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 5 }),
        fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
        (lines, ns) => {
          const codes = [
            ...lines.flatMap((line) => [
              cloudflareCode(line),
              quad9Code(line),
              openDnsNode(line)?.code ?? null,
            ]),
            googleNode(lines, ns)?.code ?? null,
          ]
          for (const code of codes) if (code !== null) expect(code).toMatch(/^[A-Z]{3}$/)
        },
      ),
    )
  })
})
