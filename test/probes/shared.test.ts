import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, kindOf } from '../../src/probes/shared/address.ts'
import { doorCode, groupDoors } from '../../src/probes/shared/doors.ts'
import { privateAnswer, readChain } from '../../src/probes/shared/lookup.ts'
import { commonest, least, median } from '../../src/probes/shared/numbers.ts'
import { eachLimited, series } from '../../src/probes/shared/steps.ts'
import { concreteHost, shownHost } from '../../src/probes/shared/targets.ts'
import { answer, good } from './fakes.ts'

/** Recorded answers of research/domain.md 6.2. */
const RECORDED: readonly (readonly [string, string, readonly string[], string | null, readonly string[]])[] =
  [
    [
      'E1 (Hong Kong, 2019)',
      'outlook.office365.com',
      [
        'outlook.office365.com CNAME outlook.ms-acdc.office.com',
        'outlook.ms-acdc.office.com CNAME hkg-efz.ms-acdc.office.com',
        'hkg-efz.ms-acdc.office.com A 40.100.2.114',
        'hkg-efz.ms-acdc.office.com A 40.100.54.18',
      ],
      'HKG',
      ['40.100.2.114', '40.100.54.18'],
    ],
    [
      'E2 (Amsterdam)',
      'outlook.office.com',
      [
        'outlook.office.com CNAME substrate.office.com',
        'substrate.office.com CNAME outlook.office365.com',
        'outlook.office365.com CNAME outlook.ha.office365.com',
        'outlook.ha.office365.com CNAME outlook.ms-acdc.office.com',
        'outlook.ms-acdc.office.com CNAME AMS-efz.ms-acdc.office.com',
        'AMS-efz.ms-acdc.office.com A 52.97.158.162',
      ],
      'AMS',
      ['52.97.158.162'],
    ],
    [
      'E4 (Thailand), with root dots and records out of order',
      'outlook.office.com',
      [
        'KUL-efz.ms-acdc.office.com. A 52.97.97.162',
        'outlook.office.com. CNAME substrate.office.com.',
        'ooc-g2.tm-4.office.com. CNAME outlook.ms-acdc.office.com.',
        'outlook.ms-acdc.office.com. CNAME KUL-efz.ms-acdc.office.com.',
        'substrate.office.com. CNAME outlook.office365.com.',
        'outlook.office365.com. CNAME ooc-g2.tm-4.office.com.',
      ],
      'KUL',
      ['52.97.97.162'],
    ],
    [
      'E5 (2026)',
      'outlook.office365.com',
      [
        'outlook.office365.com CNAME outlook.cloud.microsoft',
        'outlook.cloud.microsoft CNAME acdcatm.outlook.mira.tm.svc.cloud.microsoft',
        'acdcatm.outlook.mira.tm.svc.cloud.microsoft CNAME outlook.ms-acdc.office.com',
        'outlook.ms-acdc.office.com CNAME dxb-efz.ms-acdc.office.com',
        'dxb-efz.ms-acdc.office.com A 52.98.1.2',
      ],
      'DXB',
      ['52.98.1.2'],
    ],
    [
      'E15 (before 2017): another naming',
      'outlook.office365.com',
      [
        'outlook.office365.com CNAME outlook-emeawest.office365.com',
        'outlook-emeawest.office365.com A 40.97.1.1',
      ],
      null,
      ['40.97.1.1'],
    ],
    [
      'S1 (SharePoint): a tenant farm, no door',
      'alanedwardes-my.sharepoint.com',
      [
        'alanedwardes-my.sharepoint.com CNAME alanedwardes.sharepoint.com',
        'alanedwardes.sharepoint.com CNAME 302-ipv4e.clump.dprodmgd104.aa-rt.sharepoint.com',
        '302-ipv4e.clump.dprodmgd104.aa-rt.sharepoint.com CNAME spo-0004.spo-msedge.net',
        'spo-0004.spo-msedge.net A 13.107.136.9',
      ],
      null,
      ['13.107.136.9'],
    ],
  ]

describe('the CNAME chain of one answer', () => {
  it.each(RECORDED)('%s', (_name, host, lines, code, addresses) => {
    const read = readChain(host, good(answer(lines)).records)
    expect(doorCode(read.chain)).toBe(code)
    expect(read.addresses).toEqual(addresses)
  })

  it.each([
    ['a door in the middle of the chain', ['syd-efz.ms-acdc.office.com', 'elsewhere.example']],
    ['a longer code', ['sydn-efz.ms-acdc.office.com']],
    ['a look-alike', ['syd-efz.ms-acdc.office.com.example']],
    ['no chain', []],
  ])('names no door for %s', (_name, chain) => {
    expect(doorCode(chain)).toBeNull()
  })

  it('ends where a chain bites its tail', () => {
    const records = good(answer(['a.example CNAME b.example', 'b.example CNAME a.example'])).records
    expect(readChain('a.example', records)).toEqual({ chain: ['b.example', 'a.example'], addresses: [] })
  })
})

describe('grouping by door', () => {
  const from = (server: string, code: string | null, ...addresses: string[]) => ({
    server,
    chain: code === null ? [] : [`${code}-efz.ms-acdc.office.com`],
    addresses,
    ms: 1,
  })

  it('joins answers of one name, and the system by a shared address', () => {
    const groups = groupDoors(
      [{ addresses: ['52.0.0.2', '52.0.0.3'], ms: 1, server: null }],
      [from('s1', 'fra', '52.0.0.1'), from('s2', 'FRA', '52.0.0.2'), from('s2', 'vie', '52.0.0.9')],
    )
    expect(groups).toEqual([
      {
        named: 'FRA',
        addresses: ['52.0.0.2', '52.0.0.1', '52.0.0.3'],
        servers: ['s1', 's2'],
        bySystem: true,
      },
      { named: 'VIE', addresses: ['52.0.0.9'], servers: ['s2'], bySystem: false },
    ])
  })

  it('joins the system by its server where addresses rotate', () => {
    const groups = groupDoors(
      [{ addresses: ['52.0.0.7'], ms: 1, server: 's2' }],
      [from('s1', 'fra', '52.0.0.1'), from('s2', 'vie', '52.0.0.2')],
    )
    expect(groups.map((group) => [group.named, group.bySystem])).toEqual([
      ['FRA', false],
      ['VIE', true],
    ])
  })

  it('keeps what only the system was told as a door without a name', () => {
    const groups = groupDoors(
      [{ addresses: ['52.0.0.7'], ms: 1, server: null }],
      [from('s1', 'fra', '52.0.0.1')],
    )
    expect(groups[1]).toEqual({ named: null, addresses: ['52.0.0.7'], servers: [], bySystem: true })
  })

  it('keeps unnamed doors apart unless they share an address', () => {
    const groups = groupDoors(
      [],
      [from('s1', null, '52.0.0.1'), from('s2', null, '52.0.0.2'), from('s3', null, '52.0.0.2', '52.0.0.3')],
    )
    expect(groups.map((group) => group.servers)).toEqual([['s1'], ['s2', 's3']])
  })
})

describe('addresses', () => {
  it.each([
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.100.0.1', 'cgnat'],
    ['127.0.0.1', 'other'],
    ['169.254.169.254', 'other'],
    ['198.18.0.1', 'other'],
    ['224.0.0.1', 'other'],
    ['fd00::1', 'private'],
    ['168.63.129.16', 'other'],
    ['2001::1', 'other'],
    ['fe80::1', 'other'],
    ['::1', 'other'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::a00:1', 'private'],
    ['2002:a00:1::', 'private'],
    ['not an address', 'other'],
    ['192.0.2.1', 'public'],
    ['203.0.113.9', 'public'],
    ['52.96.1.1', 'public'],
    ['2603:1063::1', 'public'],
    ['64:ff9b::3460:101', 'public'],
  ])('%s is %s', (address, kind) => {
    expect(kindOf(address)).toBe(kind)
  })

  it.each([
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', null],
    ['1.2.3', null],
  ])('%s is spelled %s', (text, spelled) => {
    expect(canonical(text)).toBe(spelled)
  })

  it('has one spelling per address, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 50 })), (text) => {
        const once = canonical(text)
        if (once !== null) expect(canonical(once)).toBe(once)
      }),
    )
  })

  it('tells a private answer only where nothing public was answered', () => {
    expect(privateAnswer(['10.0.0.1', '100.64.0.1'])).toEqual({ address: '10.0.0.1', kind: 'private' })
    expect(privateAnswer(['10.0.0.1', '52.0.0.1'])).toBeNull()
    expect(privateAnswer([])).toBeNull()
  })
})

describe('small helpers', () => {
  it('counts', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNull()
    expect(least([3, 1])).toBe(1)
    expect(least([])).toBeNull()
    expect(commonest(['a', 'b', 'b'])).toBe('b')
    expect(commonest([])).toBeNull()
  })

  it('gives a silent server up after two timeouts in a row', async () => {
    const words = ['dns-timeout', 'refused', 'dns-timeout', 'timeout', 'refused'] as const
    const tried = await series(5, new AbortController().signal, async (index) => ({
      ok: false,
      failure: words[index] ?? 'refused',
    }))
    expect(tried).toHaveLength(4)
  })

  it('starts nothing once it was ended', async () => {
    const tried = await series(5, AbortSignal.abort(), async () => ({ ok: true, result: 1 }))
    expect(tried).toEqual([])
  })

  it('keeps order and the limit', async () => {
    let flying = 0
    let most = 0
    const results = await eachLimited([1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, ++flying)
      await Promise.resolve()
      flying--
      return item * 2
    })
    expect(results).toEqual([2, 4, 6, 8, 10])
    expect(most).toBe(2)
  })

  it('puts the tenant in by the runner’s own setting only', () => {
    expect(concreteHost('{tenant}-my.sharepoint.com', 'contoso')).toBe('contoso-my.sharepoint.com')
    expect(concreteHost('{tenant}.sharepoint.com', null)).toBeNull()
    expect(concreteHost('{tenant}.sharepoint.com', 'evil.example/')).toBeNull()
    expect(shownHost('{tenant}.sharepoint.com', 'contoso.sharepoint.com')).toBe('contoso.sharepoint.com')
    expect(shownHost('{tenant}.sharepoint.com', '**x**.sharepoint.com')).toBe('{tenant}.sharepoint.com')
    expect(shownHost('{tenant}.sharepoint.com', 'sharepoint.com')).toBe('{tenant}.sharepoint.com')
    expect(shownHost('outlook.office.com', 'evil.example')).toBe('outlook.office.com')
  })
})
