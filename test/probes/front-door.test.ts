import { describe, expect, it } from 'vitest'
import { failed } from '../../src/core/failure.ts'
import type { Target } from '../../src/core/measurement.ts'
import { edgeCode, firstHopCode } from '../../src/probes/front-door/headers.ts'
import { frontDoor } from '../../src/probes/front-door.ts'
import {
  answer,
  argsOf,
  contextOf,
  evaluation,
  type Fakes,
  good,
  http,
  queryTable,
  SEATTLE,
  system,
} from './fakes.ts'

const HOST = 'outlook.office365.com'
const EXCHANGE: Target = { set: 1, host: HOST }

const led = (code: string, ...addresses: string[]) =>
  answer([
    `${HOST} CNAME outlook.ms-acdc.office.com`,
    `outlook.ms-acdc.office.com CNAME ${code}-efz.ms-acdc.office.com`,
    ...addresses.map((address) => `${code}-efz.ms-acdc.office.com A ${address}`),
  ])

const look = async (targets: readonly Target[], fakes: Fakes, office = SEATTLE) => {
  const result = good(await frontDoor.run({ targets }, contextOf(fakes)))
  const read = good(frontDoor.read(JSON.parse(JSON.stringify(result))))
  expect(read).toEqual(result)
  return frontDoor.evaluate(read, evaluation('front-door', targets, office))
}

describe('headers as recorded', () => {
  it.each([
    ['H1', { 'X-FirstHopCafeEFZ': 'PHX', 'X-FEEFZInfo': 'CDG' }, 'PHX'],
    ['H3', { 'x-firsthopcafeefz': 'LYH' }, 'LYH'],
    ['H5', { 'X-Firsthopcafeefz': 'SIN' }, 'SIN'],
    ['H6', { 'X-FirstHopCafeEFZ': 'sjc' }, 'SJC'],
    ['H7', { 'X-BEServer': 'GV1P191MB2243' }, null],
    ['nonsense', { 'x-firsthopcafeefz': '<b>' }, null],
  ])('%s names the first hop', (_name, headers, code) => {
    expect(firstHopCode(headers as Record<string, string>)).toBe(code)
  })

  it.each([
    ['Ref A: CFB9 Ref B: BOM02EDGE0712 Ref C: 2020-11-09T10:50:10Z', 'BOM'],
    ['Ref A: F753 Ref B: HK2EDGE0915 Ref C: 2020-12-06T09:49:56Z', 'HK'],
    ['Ref B: HKGEDGE0317 Ref C: 2020-07-24T14:26:14Z', 'HKG'],
    ['Ref B: PAOEDGE0418 Ref C: 2018-03-30T16:36:27Z', 'PAO'],
    ['Ref B: CO1EDGE0315 Ref C: 2018-04-11T18:47:40Z', 'CO'],
    ['Ref B: LON04EDGE0816', 'LON'],
    ['Ref B: JNB02EDGE0810', 'JNB'],
    ['Ref B: LON212050702025', 'LON'],
    ['Ref A: only', null],
  ])('%s names edge %s', (value, code) => {
    expect(edgeCode({ 'X-MSEdge-Ref': value })).toBe(code)
  })

  it('H9 names no edge', () => {
    expect(edgeCode({ sprequestduration: '9', 'x-databoundary': 'EU' })).toBeNull()
  })
})

describe('an Exchange host', () => {
  it('is led to one near door, by name and by header', async () => {
    const findings = await look([EXCHANGE], {
      dns: {
        servers: () => ['192.0.2.53'],
        systemLookup: async () => system(['52.96.1.1', '52.96.1.2', '52.96.1.3']),
        query: queryTable({ [`${HOST} A`]: led('eat', '52.96.1.1', '52.96.1.2') }),
      },
      tcp: { request: async () => http(401, { 'x-firsthopcafeefz': 'EAT' }) },
    })
    expect(findings).toHaveLength(1)
    expect(argsOf(findings, 'doors-seen')).toEqual({
      host: HOST,
      nearest: { code: 'EAT', km: 161 },
      doors: [
        {
          named: 'EAT',
          header: 'EAT',
          reached: true,
          failure: null,
          addresses: ['52.96.1.1', '52.96.1.2', '52.96.1.3'],
          servers: ['192.0.2.53'],
          bySystem: true,
          namedKm: 161,
          headerKm: 161,
        },
      ],
    })
  })

  it('is led outside the published ranges, which is stated beside, a few addresses at most', async () => {
    const strange = Array.from({ length: 6 }, (_, at) => `192.0.2.${at + 1}`)
    const findings = await look([EXCHANGE], {
      dns: { systemLookup: async () => system(['10.0.0.1', '52.96.1.1', ...strange]) },
      tcp: { request: async () => failed('reset') },
    })
    expect(findings.map(({ code }) => code)).toEqual([
      'doors-seen',
      ...Array.from({ length: 4 }, () => 'outside-ranges'),
    ])
    expect(findings[1]).toMatchObject({
      question: `range:${HOST}`,
      args: { host: HOST, address: '192.0.2.1' },
    })
  })

  it('is led by one resolver in several to a far door', async () => {
    let turn = 0
    const findings = await look([EXCHANGE], {
      dns: {
        servers: () => ['192.0.2.53', '192.0.2.54'],
        systemLookup: async () => system([turn++ === 3 ? '52.96.9.1' : '52.96.1.1']),
        query: queryTable({
          [`192.0.2.53 ${HOST} A`]: led('eat', '52.96.1.1'),
          [`192.0.2.54 ${HOST} A`]: led('LHR', '52.96.9.1'),
        }),
      },
      tcp: {
        request: async ({ address }) =>
          http(401, { 'X-FirstHopCafeEFZ': address === '52.96.9.1' ? 'LHR' : 'EAT' }),
      },
    })
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { named: 'EAT', servers: ['192.0.2.53'], bySystem: true },
      { named: 'LHR', servers: ['192.0.2.54'], bySystem: true, namedKm: 7689 },
    ])
  })

  it('keeps a dead server from hiding the other', async () => {
    const asked: string[] = []
    const findings = await look([EXCHANGE], {
      dns: {
        servers: () => ['192.0.2.1', '192.0.2.53'],
        systemLookup: async () => system(['52.96.1.1']),
        query: async (query) => {
          asked.push(query.server)
          return queryTable({ [`192.0.2.53 ${HOST} A`]: led('eat', '52.96.1.1') })(
            query,
            new AbortController().signal,
          )
        },
      },
    })
    expect(asked.filter((server) => server === '192.0.2.1')).toHaveLength(2)
    expect(asked.filter((server) => server === '192.0.2.53')).toHaveLength(4)
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { named: 'EAT', reached: false, failure: 'timeout', header: null },
    ])
  })

  it('is told apart where one name leads to two doors', async () => {
    const findings = await look([EXCHANGE], {
      dns: {
        servers: () => ['192.0.2.53'],
        systemLookup: async () => system(['52.96.1.1']),
        query: queryTable({ [`${HOST} A`]: led('eat', '52.96.1.1', '52.96.1.2') }),
      },
      tcp: {
        request: async ({ address }) =>
          http(401, { 'x-firsthopcafeefz': address.endsWith('1') ? 'EAT' : 'LYH' }),
      },
    })
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { named: 'EAT', header: 'EAT', addresses: ['52.96.1.1'] },
      { named: 'EAT', header: 'LYH', addresses: ['52.96.1.2'] },
    ])
  })

  it('is one door where the system’s addresses rotate but the header is the same', async () => {
    const findings = await look([EXCHANGE], {
      dns: {
        servers: () => ['192.0.2.53'],
        systemLookup: async () => system(['52.96.1.77']),
        query: queryTable({ [`${HOST} A`]: led('eat', '52.96.1.1') }),
      },
      tcp: { request: async () => http(401, { 'x-firsthopcafeefz': 'EAT' }) },
    })
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { named: 'EAT', bySystem: true, addresses: ['52.96.1.1', '52.96.1.77'] },
    ])
  })

  it('says that the naming is not known, and still what the header says', async () => {
    const findings = await look([EXCHANGE], {
      dns: {
        servers: () => ['192.0.2.53'],
        systemLookup: async () => system(['52.96.1.1']),
        query: queryTable({
          [`${HOST} A`]: answer([`${HOST} CNAME new.naming.example`, 'new.naming.example A 52.96.1.1']),
        }),
      },
      tcp: { request: async () => http(401, { 'x-firsthopcafeefz': 'QQQ' }) },
    })
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { named: null, namedKm: null, header: 'QQQ', headerKm: null, reached: true },
    ])
  })

  it('never contacts a private answer', async () => {
    const dialled: string[] = []
    const fakes = (addresses: readonly string[]): Fakes => ({
      dns: { systemLookup: async () => system(addresses) },
      tcp: {
        request: async ({ address }) => {
          dialled.push(address)
          return http(401, {})
        },
      },
    })
    expect(await look([EXCHANGE], fakes(['10.9.8.7']))).toMatchObject([
      { code: 'private-answer', question: `door:${HOST}`, args: { address: '10.9.8.7', kind: 'private' } },
    ])
    expect(dialled).toEqual([])
  })

  it('keeps a private answer beside a public one as a door that was not reached', async () => {
    const findings = await look([EXCHANGE], {
      dns: {
        servers: () => ['192.0.2.53'],
        systemLookup: async () => system(['10.9.8.7']),
        query: queryTable({ [`${HOST} A`]: led('eat', '52.96.1.1') }),
      },
      tcp: { request: async () => http(401, { 'x-firsthopcafeefz': 'EAT' }) },
    })
    expect(argsOf(findings, 'doors-seen').doors).toMatchObject([
      { named: 'EAT', bySystem: false },
      { named: null, bySystem: true, reached: false, failure: 'policy-refused' },
    ])
  })

  it('is unmeasured where nothing was answered', async () => {
    expect(
      await look([EXCHANGE], { dns: { systemLookup: async () => failed('dns-servfail') } }),
    ).toMatchObject([{ code: 'unmeasured', question: `door:${HOST}`, args: { failure: 'dns-servfail' } }])
  })

  it('names no nearest door for an office without a place', async () => {
    const findings = await look(
      [EXCHANGE],
      {
        dns: {
          servers: () => ['192.0.2.53'],
          systemLookup: async () => system(['52.96.1.1']),
          query: queryTable({ [`${HOST} A`]: led('eat', '52.96.1.1') }),
        },
      },
      { ...SEATTLE, placed: false },
    )
    expect(argsOf(findings, 'doors-seen')).toMatchObject({ nearest: null, doors: [{ namedKm: null }] })
  })
})
