import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWorldFile } from '../../src/net/world-file.ts'
import { makeChain } from '../support/tls-server.ts'

const WORLD = {
  world: 'demo',
  gateway: 'socks5://127.0.0.1:41080',
  resolvers: ['192.0.2.53'],
  systemLookup: ['192.0.2.53'],
  interfaces: [{ name: 'eth0', address: '10.4.0.20' }],
  proxy: null,
  tenant: 'contoso',
  roots: 'roots.pem',
  systemRoots: null,
  endpoints: 'http://198.51.100.80/',
  echo: 'http://198.51.100.90/',
  beacon: 'b.world.example',
  clockOffsetMs: 0,
}
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorstep-world-'))
  const chain = await makeChain('a.test')
  await writeFile(join(folder, 'roots.pem'), `A comment\n${chain.root}\n${chain.intermediate}\n`)
  await writeFile(join(folder, 'empty.pem'), 'nothing here')
})
afterAll(() => rm(folder, { recursive: true }))

async function read(content: unknown) {
  const path = join(folder, 'world.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readWorldFile(path)
}

describe('readWorldFile', () => {
  it('reads the documented file', async () => {
    const result = await read(WORLD)
    expect(result).toMatchObject({
      ok: true,
      world: {
        name: 'demo',
        gateway: { address: '127.0.0.1', port: 41_080 },
        resolvers: ['192.0.2.53'],
        systemLookup: ['192.0.2.53'],
        interfaces: [{ name: 'eth0', address: '10.4.0.20' }],
        proxy: null,
        tenant: 'contoso',
        systemRoots: null,
        echo: 'http://198.51.100.90/',
        beacon: 'b.world.example',
        clockOffsetMs: 0,
        unknownKeys: [],
      },
    })
    expect(result.ok && result.world.roots).toHaveLength(2)
  })

  it('needs no gateway where the host itself is in the world', async () => {
    const without = await read({ world: 'w' })
    expect(without.ok && without.world.gateway).toBe(undefined)
    const none = await read({ world: 'w', gateway: null })
    expect(none.ok ? 'read' : none.message).toContain('gateway')
  })

  it.each([
    ['socks5://127.0.0.1:41080/', { address: '127.0.0.1', port: 41_080 }],
    ['socks5://127.0.0.2:1', { address: '127.0.0.2', port: 1 }],
    ['socks5://[::1]:65535', { address: '::1', port: 65_535 }],
    ['SOCKS5://Localhost:1080', { address: '127.0.0.1', otherwise: '::1', port: 1080 }],
  ])('finds the gateway at %s', async (gateway, expected) => {
    const result = await read({ ...WORLD, gateway })
    expect(result.ok && result.world.gateway).toEqual(expected)
  })

  it('leaves to the real host what is missing, and takes null for none', async () => {
    const least = await read({ world: 'w', gateway: WORLD.gateway })
    expect(
      least.ok && [least.world.resolvers, least.world.roots, least.world.echo, least.world.proxy],
    ).toEqual([undefined, undefined, undefined, undefined])
    const none = await read({
      ...WORLD,
      resolvers: null,
      systemLookup: null,
      roots: null,
      echo: null,
      beacon: null,
    })
    expect(none.ok && [none.world.resolvers, none.world.roots, none.world.echo, none.world.beacon]).toEqual([
      [],
      [],
      null,
      null,
    ])
  })

  it('reads a file that begins with a byte order mark', async () => {
    const result = await read(`\uFEFF${JSON.stringify(WORLD)}`)
    expect(result.ok && result.world.name).toBe('demo')
  })

  it('takes a clock that is wrong by a fraction, and by decades', async () => {
    const offset = async (clockOffsetMs: number) => {
      const result = await read({ ...WORLD, clockOffsetMs })
      return result.ok && result.world.clockOffsetMs
    }
    expect([await offset(-1.6), await offset(-1_790_000_000_000)]).toEqual([-2, -1_790_000_000_000])
  })

  it('reads a proxy setting', async () => {
    const result = await read({ ...WORLD, proxy: { url: 'http://10.4.0.8:3128', bypass: [], pac: null } })
    expect(result.ok && result.world.proxy).toEqual({ url: 'http://10.4.0.8:3128', bypass: [], pac: null })
    const pac = await read({ ...WORLD, proxy: { bypass: null, pac: 'http://10.4.0.8/wpad.dat' } })
    expect(pac.ok && pac.world.proxy).toEqual({ url: null, bypass: [], pac: 'http://10.4.0.8/wpad.dat' })
  })

  it('names keys that mean nothing, without refusing them', async () => {
    const result = await read({ ...WORLD, resolver: ['192.0.2.1'] })
    expect(result.ok && result.world.unknownKeys).toEqual(['resolver'])
  })

  it.each<[what: string, content: unknown, words: readonly string[]]>([
    ['no JSON', '{', ['not JSON']],
    ['a list', [], ['the file']],
    ['nothing that it needs', {}, ['world']],
    [
      'a gateway elsewhere',
      { ...WORLD, gateway: 'socks5://192.0.2.1:1080' },
      ['gateway', 'socks5://127.0.0.1'],
    ],
    ['a gateway by a name', { ...WORLD, gateway: 'socks5://gateway.example:1080' }, ['gateway']],
    ['a gateway that wants a password', { ...WORLD, gateway: 'socks5://a:b@127.0.0.1:1080' }, ['gateway']],
    ['a gateway without a port', { ...WORLD, gateway: 'socks5://127.0.0.1' }, ['gateway']],
    ['a gateway of another kind', { ...WORLD, gateway: 'http://127.0.0.1:1080' }, ['gateway']],
    ['a gateway port of 0', { ...WORLD, gateway: 'socks5://127.0.0.1:0' }, ['gateway', '<port>']],
    [
      'names for resolvers',
      { ...WORLD, resolvers: ['dns.test'], systemLookup: ['dns.test'] },
      ['resolvers.0', 'literal'],
    ],
    [
      'a lookup server that is not configured',
      { ...WORLD, systemLookup: ['192.0.2.99'] },
      ['systemLookup.0'],
    ],
    ['an echo that is no URL', { ...WORLD, echo: 'here' }, ['echo']],
    ['roots that are missing', { ...WORLD, roots: 'nowhere.pem' }, ['roots', 'cannot be read']],
    ['roots without a certificate', { ...WORLD, roots: 'empty.pem' }, ['roots', 'no PEM']],
    ['a beacon that is no name', { ...WORLD, beacon: 'a..b' }, ['beacon', 'DNS name']],
    [
      'several problems, all named',
      { ...WORLD, gateway: 'x', tenant: 'a b', clockOffsetMs: 'soon' },
      ['gateway', 'tenant', 'clockOffsetMs'],
    ],
  ])('refuses %s', async (_, content, words) => {
    const result = await read(content)
    expect(result.ok).toBe(false)
    for (const word of words) expect(result.ok ? '' : result.message).toContain(word)
  })

  it('refuses a file that is not there, in one sentence', async () => {
    const result = await readWorldFile(join(folder, 'absent.json'))
    expect(result.ok ? '' : result.message).toContain('cannot be read')
  })
})
