import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainPacUrl, plainProxyUrl, proxyTakes } from '../../src/core/proxy-setting.ts'

const HOST = 'outlook.office365.com'
const takes = (from: 'system' | 'environment', ...bypass: readonly string[]) =>
  proxyTakes({ from, url: 'http://10.0.0.8:3128', bypass, pac: null }, HOST)

describe("a proxy's address", () => {
  it.each([
    ['http://10.0.0.8:3128', 'http://10.0.0.8:3128'],
    ['http://ana:secret@proxy.example:8080/x?y', 'http://proxy.example:8080'],
    ['proxy.example:8080', 'http://proxy.example:8080'],
    ['https://proxy.example', 'https://proxy.example'],
    ['socks5://10.0.0.8:1080', null],
    ['http://', null],
    ['', null],
  ])('%s is kept as %s', (text, kept) => {
    expect(plainProxyUrl(text)).toBe(kept)
  })

  it('never keeps a password, whatever is written', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{8,20}$/)
    fc.assert(
      fc.property(secret, (word) => {
        const password = `s3cret${word}`
        expect(plainProxyUrl(`http://ana:${password}@proxy.example:3128`)).not.toContain(password)
        expect(plainPacUrl(`http://ana:${password}@wpad.example/a.pac?k=${password}`)).not.toContain(password)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => void [plainProxyUrl(text), plainPacUrl(text)]))
  })
})

describe('which names a proxy takes', () => {
  it.each([
    ['nothing is exempt', [], true, true],
    ['everything is', ['*'], false, false],
    ['the name', ['OUTLOOK.office365.com'], false, false],
    ['the name on this port', ['outlook.office365.com:443'], false, false],
    ['the name on another port', ['outlook.office365.com:80'], true, true],
    ['names below a domain', ['*.office365.com'], false, false],
    ['a star inside', ['out*.office365.*'], false, false],
    ['a leading dot', ['.office365.com'], false, false],
    ['a plain domain', ['office365.com'], true, false],
    ['other names', ['*.example', '<local>', '10.*', ''], true, true],
    ['part of the name', ['look.office365.com', '*.look.office365.com'], true, true],
  ])('%s', (_, bypass, system, environment) => {
    expect([takes('system', ...bypass), takes('environment', ...bypass)]).toEqual([system, environment])
  })

  it('takes nothing when no proxy is named', () => {
    expect(proxyTakes({ from: 'system', url: null, bypass: [], pac: 'http://wpad/x' }, HOST)).toBe(false)
  })

  it('reads any entry without a throw, and ends', () => {
    fc.assert(fc.property(fc.array(fc.string()), (bypass) => void takes('system', ...bypass)))
    takes('system', '*a'.repeat(5_000), `${'*'.repeat(10_000)}b`)
  })
})
