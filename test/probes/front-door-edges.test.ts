import { describe, expect, it } from 'vitest'
import { failed } from '../../src/core/failure.ts'
import type { Target } from '../../src/core/measurement.ts'
import type { DnsPort } from '../../src/core/ports.ts'
import { frontDoor } from '../../src/probes/front-door.ts'
import { argsOf, contextOf, evaluation, type Fakes, good, http, SEATTLE, system } from './fakes.ts'

const EXCHANGE: Target = { set: 1, host: 'outlook.office365.com' }
const ONEDRIVE: Target = { set: 31, host: '{tenant}-my.sharepoint.com' }
const SHAREPOINT: Target = { set: 31, host: '{tenant}.sharepoint.com' }

const look = async (targets: readonly Target[], fakes: Fakes, office = SEATTLE) => {
  const result = good(await frontDoor.run({ targets }, contextOf(fakes)))
  const read = good(frontDoor.read(JSON.parse(JSON.stringify(result))))
  expect(read).toEqual(result)
  return frontDoor.evaluate(read, evaluation('front-door', targets, office))
}

describe('a SharePoint host', () => {
  const edge = (value: string | null): Fakes => ({
    settings: { tenant: 'contoso' },
    dns: { systemLookup: async () => system(['13.107.136.9', '13.107.138.9']) },
    tcp: {
      request: async () => http(403, value === null ? {} : { 'x-msedge-ref': value }),
      connect: async () => ({ ok: true, result: { ms: 3.456 } }),
    },
  })

  it('names its edge', async () => {
    const findings = await look([SHAREPOINT], edge('Ref A: X Ref B: LON04EDGE0816 Ref C: Y'))
    expect(findings).toMatchObject([{ question: 'edge:{tenant}.sharepoint.com' }])
    expect(argsOf(findings, 'edge-seen')).toEqual({
      host: 'contoso.sharepoint.com',
      code: 'LON',
      km: 7689,
      label: 'London',
      minMs: 3.46,
    })
  })

  it('loses nothing where OneDrive’s host does not exist', async () => {
    const fakes = edge('Ref B: LON04EDGE0816')
    const findings = await look([SHAREPOINT, ONEDRIVE], {
      ...fakes,
      dns: {
        systemLookup: async (name) =>
          name.includes('-my.') ? failed('dns-nxdomain') : system(['13.107.136.9']),
      },
    })
    expect(argsOf(findings, 'edge-seen')).toMatchObject({ code: 'LON' })
    expect(argsOf(findings, 'unmeasured')).toEqual({
      question: 'edge:{tenant}-my.sharepoint.com',
      failure: 'dns-nxdomain',
    })
  })

  it('outside the published ranges is stated beside, by its own name', async () => {
    const findings = await look([SHAREPOINT], {
      ...edge('Ref A: X Ref B: LON04EDGE0816 Ref C: Y'),
      dns: { systemLookup: async () => system(['192.0.2.9']) },
    })
    expect(argsOf(findings, 'outside-ranges')).toEqual({
      host: 'contoso.sharepoint.com',
      address: '192.0.2.9',
    })
  })

  const V4 = '13.107.136.9'
  const V6 = '2620:1ec:8f8::9'
  it.each<[where: string, v4: string | null, route4: boolean, families: number[], contacted: string[]]>([
    ['by IPv4 alone where that works, whatever IPv6 there is', V4, true, [4], [V4]],
    ['by IPv6 where the name has no A record', null, true, [4, 6], [V6]],
    ['by IPv6 where no way leads to IPv4', V4, false, [4, 6], [V4, V6]],
  ])('is looked at %s', async (_where, v4, route4, families, contacted) => {
    const asked: number[] = []
    const visited = new Set<string>()
    const systemLookup: DnsPort['systemLookup'] = async (name, family) => {
      if (name.endsWith('.arpa')) return failed('dns-empty')
      asked.push(family)
      const address = family === 4 ? v4 : V6
      return address === null ? failed('dns-empty') : system([address])
    }
    const findings = await look([SHAREPOINT], {
      settings: { tenant: 'contoso' },
      dns: { systemLookup },
      tcp: {
        request: async ({ address }) => {
          visited.add(address)
          const dead = address === V4 && !route4
          return dead ? failed('network-unreachable') : http(403, { 'x-msedge-ref': 'Ref B: LON04EDGE0816' })
        },
        connect: async () => ({ ok: true, result: { ms: 3 } }),
      },
    })
    expect(asked).toEqual(families)
    expect([...visited]).toEqual(contacted)
    expect(argsOf(findings, 'edge-seen').code).toBe('LON')
  })

  it('may name none', async () => {
    expect(argsOf(await look([SHAREPOINT], edge(null)), 'edge-seen')).toMatchObject({ code: null, km: null })
  })

  it('needs a tenant', async () => {
    const outcome = await frontDoor.run({ targets: [SHAREPOINT] }, contextOf({}))
    expect(outcome).toMatchObject({ ok: false, failure: 'not-configured' })
    const both = await look([EXCHANGE, SHAREPOINT], {})
    expect(both.map((finding) => finding.args)).toMatchObject([
      { failure: 'dns-timeout' },
      { question: 'edge:{tenant}.sharepoint.com', failure: 'not-configured' },
    ])
  })

  it('is unmeasured where the edge does not answer', async () => {
    const findings = await look([SHAREPOINT], {
      settings: { tenant: 'contoso' },
      dns: { systemLookup: async () => system(['13.107.136.9']) },
      tcp: { request: async () => failed('reset') },
    })
    expect(findings).toMatchObject([{ code: 'unmeasured', args: { failure: 'reset' } }])
  })
})
