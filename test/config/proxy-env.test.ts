import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readProxyEnv } from '../../src/config/proxy-env.ts'

it.each([
  [{}, null],
  [{ HTTP_PROXY: 'http://a.example:1' }, null],
  [{ HTTPS_PROXY: 'http://u:p@a.example:1' }, { url: 'http://a.example:1', bypass: [] }],
  [{ HTTPS_PROXY: 'a.example:1', https_proxy: 'b.example:2' }, { url: 'http://b.example:2' }],
  [{ ALL_PROXY: 'socks5://a.example:1' }, null],
  [
    { ALL_PROXY: 'http://a.example:1', NO_PROXY: 'localhost, .office365.com,,10.0.0.0/8' },
    { url: 'http://a.example:1', bypass: ['localhost', '.office365.com', '10.0.0.0/8'] },
  ],
])('reads %o', (env, expected) => {
  const read = readProxyEnv(env)
  if (expected === null) expect(read).toBeNull()
  else expect(read).toMatchObject({ from: 'environment', pac: null, ...expected })
})

it('reads any environment without a throw', () => {
  const key = fc.constantFrom('https_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'no_proxy', 'NO_PROXY')
  fc.assert(fc.property(fc.dictionary(key, fc.string()), (env) => void readProxyEnv(env)))
})
