import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CRITERIA } from '../../../src/core/verdict.ts'
import { demoWorld } from '../../../src/local/demo/demo-world.ts'
import { within } from '../../../src/local/world/addresses.ts'
import { publishedNames } from '../../../src/local/world/microsoft-names.ts'
import { ask, association, http, look, mappedAddress, running, stunRequest, texts } from '../world/support.ts'

const HOST = 'outlook.office365.com'
const OFFICES = [
  {
    runner: 'seattle-1',
    resolver: '198.51.100.5',
    seen: '198.51.100.5',
    door: 'EAT',
    egress: '203.0.113.2',
    edge: 'STB',
    ms: [4, 6],
  },
  {
    runner: 'london-1',
    resolver: '198.51.100.5',
    seen: '198.51.100.5',
    door: 'EAT',
    egress: '203.0.113.2',
    edge: 'STB',
    ms: [185, 187],
  },
  {
    runner: 'sydney-1',
    resolver: '198.51.100.37',
    seen: '198.51.100.37',
    door: 'SYD',
    egress: '203.0.113.34',
    edge: 'SYD',
    ms: [1, 1],
  },
  {
    runner: 'tokyo-1',
    resolver: '10.8.0.53',
    seen: '198.51.100.53',
    door: 'SIN',
    egress: '203.0.113.50',
    edge: 'TYO',
    ms: [75, 76],
  },
  {
    runner: 'lyon-1',
    resolver: '198.51.100.21',
    seen: '198.51.100.21',
    door: 'CDG',
    egress: '203.0.113.66',
    edge: 'GVA',
    ms: [8, 10],
  },
] as const

describe('the demo world', () => {
  it.each(OFFICES)('shows $runner what its truth rests on', async (office) => {
    const world = await running(demoWorld())
    const at = { server: office.resolver, runner: office.runner }
    expect(texts(await ask(world, 'n1.b.world.example', 'TXT', at))[0]).toContain(`ns=${office.seen} `)
    const chain = await ask(world, HOST, 'A', at)
    expect(texts(chain)).toContain(`CNAME ${office.door}-efz.ms-acdc.office.com`)

    const door =
      texts(chain)
        .find((text) => text.startsWith('A '))
        ?.slice(2) ?? ''
    const looks = []
    for (let i = 0; i < 3; i++) looks.push(await look(world, door, HOST, { runner: office.runner }))
    const fastest = Math.min(...looks.map(({ connectMs }) => connectMs))
    expect(fastest).toBeGreaterThan(office.ms[0] - 2)
    expect(fastest).toBeLessThan(office.ms[1] + 40)
    expect((await looks[0]?.get('/owa'))?.headers['x-firsthopcafeefz']).toBe(office.door)
    expect(looks[0]?.authorized).toBe(office.runner !== 'sydney-1')

    const edge = await look(world, '13.107.136.10', 'contoso.sharepoint.com', { runner: office.runner })
    expect((await edge.get('/')).headers['x-msedge-ref']).toContain(`Ref B: ${office.edge}01EDGE`)
    expect(JSON.parse((await http(world, '192.0.2.90', 'echo', '/', office.runner)).body).address).toBe(
      office.egress,
    )

    const relays = texts(await ask(world, 'world.tr.teams.microsoft.com', 'A', at)).filter((text) =>
      text.startsWith('A '),
    )
    expect(relays).toHaveLength(2)
    const udp = await association(world, office.runner)
    const { payload, ms } = await udp.exchange(relays[0]?.slice(2) ?? '', 3478, stunRequest(1))
    udp.close()
    expect(mappedAddress(payload)).toMatch(new RegExp(`^${office.egress.replaceAll('.', '\\.')}:`))
    expect(ms).toBeLessThan(140)
  })

  it('carries a truth for every criterion of every office', async () => {
    const world = await running(demoWorld())
    const file = JSON.parse(await readFile(join(world.folder, 'world.json'), 'utf8'))
    const letters = Object.fromEntries(
      file.offices.map((one: { name: string; truth: Record<string, string> }) => [
        one.name,
        CRITERIA.map((criterion) => one.truth[criterion]?.[0]).join(''),
      ]),
    )
    expect(letters).toEqual({
      Seattle: 'ppppppppp',
      London: 'ffffpuppp',
      Sydney: 'pppufuppp',
      Tokyo: 'pffppuppp',
      Lyon: 'uuuuuupup',
    })
  })

  it('answers every host of the list inside the ranges of a set that names it', async () => {
    const spec = demoWorld()
    const names = publishedNames(spec.endpoints.list)
    const published = spec.endpoints.list.filter(({ id, ips, urls }) => id !== 1 && ips && urls)
    for (const url of published.flatMap(({ urls }) => urls ?? [])) {
      const host = url.replaceAll('*', 'contoso')
      const named = published.filter(({ urls }) => urls?.some((one) => host.endsWith(one.replace(/^\*/, ''))))
      const holds = within(named.flatMap(({ ips }) => ips ?? []))
      expect([host, holds(names.addressesOf(host)[0] ?? '')]).toEqual([host, true])
    }
  })

  it('serves five offices at once', async () => {
    const world = await running(demoWorld())
    const all = OFFICES.flatMap(({ runner }) =>
      Array.from({ length: 8 }, () => look(world, '13.107.136.10', 'contoso.sharepoint.com', { runner })),
    )
    const edges = await Promise.all((await Promise.all(all)).map(async (one) => (await one.get('/')).status))
    expect(edges).toEqual(Array.from({ length: 40 }, () => 302))
  })
})
