import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { placesCsv } from '../../../src/local/world/files.ts'
import { http, LIST, office, running, smallWorld } from './support.ts'

const json = async (folder: string, name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, name), 'utf8'))

describe('the files of a world', () => {
  it('tell each runner its world in the documented form', async () => {
    const world = await running()
    expect(await json(world.folder, 'seattle-1.json')).toEqual({
      world: 'small',
      gateway: `socks5://127.0.0.1:${world.gateways.get('seattle-1')}`,
      resolvers: ['198.51.100.5'],
      systemLookup: ['198.51.100.5'],
      interfaces: [{ name: 'eth0', address: '10.4.0.20' }],
      proxy: null,
      tenant: 'contoso',
      roots: 'roots.pem',
      systemRoots: null,
      endpoints: 'http://192.0.2.80/',
      echo: 'http://192.0.2.90/',
      beacon: 'b.world.example',
      clockOffsetMs: 0,
    })
  })

  it('tell the supervisor which offices there are, and tests the truth', async () => {
    const world = await running()
    expect(await json(world.folder, 'world.json')).toEqual({
      places: 'places.csv',
      endpoints: world.endpointsUrl,
      offices: [
        {
          name: 'Seattle',
          latitude: 47.61,
          longitude: -122.33,
          timeZone: 'America/Los_Angeles',
          egress: ['203.0.113.0/28'],
          resolvers: [],
          doors: [],
          attested: ['network-plan'],
          runners: ['seattle-1.json'],
          truth: { 'local-egress': 'pass' },
        },
      ],
    })
  })

  it('place ranges in a CSV without quoting, and refuse what would need it', async () => {
    const world = await running()
    expect(await readFile(join(world.folder, 'places.csv'), 'utf8')).toBe(
      'cidr,latitude,longitude,label,owner\n203.0.113.0/28,47.61,-122.33,Seattle,Cascade\n',
    )
    expect(() =>
      placesCsv([{ cidr: '192.0.2.0/24', latitude: 0, longitude: 0, label: 'a,b', owner: '' }]),
    ).toThrow('quoting')
  })

  it('give each runner of an office its own network where it has one', async () => {
    const runners = [{ name: 'seattle-1' }, { name: 'seattle-2', network: { egress: ['203.0.113.9'] } }]
    const world = await running(smallWorld({ offices: [office({}, { runners })] }))
    const seen = async (runner: string) =>
      JSON.parse((await http(world, '192.0.2.90', 'echo', '/', runner)).body).address
    expect([await seen('seattle-1'), await seen('seattle-2')]).toEqual(['203.0.113.2', '203.0.113.9'])
  })
})

describe('the endpoint web service', () => {
  const id = 'clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7'

  it.each([
    [`/version/Worldwide?${id}`, { instance: 'Worldwide', latest: '2026110100' }],
    [`/version?${id}`, [{ instance: 'Worldwide', latest: '2026110100' }]],
    [`/endpoints/Worldwide?${id}`, LIST],
    [`/changes/Worldwide/2026100100?${id}`, []],
  ])('answers %s to hub and runner alike', async (path, expected) => {
    const world = await running()
    const hub = await fetch(new URL(path, world.endpointsUrl))
    expect(await hub.json()).toEqual(expected)
    expect(JSON.parse((await http(world, '192.0.2.80', 'endpoints', path)).body)).toEqual(expected)
  })

  it.each([
    ['/endpoints/Worldwide', 400],
    ['/version/Worldwide?clientrequestid=me', 400],
    [`/endpoints/China?${id}`, 404],
    [`/changes/Worldwide/12?${id}`, 404],
  ])('refuses %s with %i', async (path, status) => {
    const world = await running()
    expect((await fetch(new URL(path, world.endpointsUrl))).status).toBe(status)
  })

  it('leaves IPv6 out and names the tenant when asked', async () => {
    const world = await running()
    const path = `/endpoints/worldwide?ClientRequestId=${id.split('=')[1]}&NoIPv6=true&TenantName=contoso`
    const text = await (await fetch(new URL(path, world.endpointsUrl))).text()
    expect(text).not.toContain('2603:')
    expect(text).toContain('contoso-my.sharepoint.com')
  })
})

describe('the end of a world', () => {
  it('leaves nothing listening', async () => {
    const world = await running()
    const port = world.gateways.get('seattle-1') ?? 0
    await world.close()
    const outcome = await new Promise((resolve) => {
      connect(port, '127.0.0.1')
        .on('connect', () => resolve('open'))
        .on('error', () => resolve('closed'))
    })
    expect(outcome).toBe('closed')
  })

  it.each([
    [
      'a backhaul to nowhere',
      () => smallWorld({ offices: [office({ backhaul: { via: 'Atlantis', rttMs: 1 } })] }),
    ],
    [
      'a proxy in no office',
      () => smallWorld({ proxies: [{ address: '10.0.0.8', port: 80, office: 'x', resolver: 'y' }] }),
    ],
  ])('comes before its start when a spec contradicts itself: %s', async (_what, spec) => {
    await expect(running(spec())).rejects.toThrow(/no (place|office)/)
  })
})
