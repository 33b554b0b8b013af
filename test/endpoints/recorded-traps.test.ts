import { describe, expect, it } from 'vitest'
import { setOf } from '../../src/endpoints/list.ts'
import { categoryOf, categoryOfHost, matchesSet } from '../../src/endpoints/match.ts'
import { readEndpoints } from '../../src/endpoints/parse.ts'
import { categoryOfAddress } from '../../src/endpoints/ranges.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }

/** Every trap that the real record holds: each row names what is in the record, and what is made of it. */
const list = snapshotList()
const raw = (id: number) => recorded.endpoints.find((set) => set.id === id) ?? {}

describe('the recorded list', () => {
  it('has ports with blanks after the commas', () => {
    expect(raw(2)).toMatchObject({ tcpPorts: '143, 587, 993, 995' })
    expect(setOf(list, 2)?.tcp.map(({ from, to }) => [from, to])).toEqual([
      [143, 143],
      [587, 587],
      [993, 993],
      [995, 995],
    ])
  })

  it('has ports in any order', () => {
    expect(raw(184)).toMatchObject({ tcpPorts: '443,80' })
    expect(setOf(list, 184)?.tcp.map(({ from }) => from)).toEqual([443, 80])
  })

  it('has a set with neither names nor TCP ports', () => {
    expect(raw(11)).not.toHaveProperty('urls')
    expect(raw(11)).not.toHaveProperty('tcpPorts')
    expect(setOf(list, 11)).toMatchObject({ urls: [], tcp: [] })
  })

  it('leaves blank arrays out', () => {
    expect(recorded.endpoints.filter((set) => 'ips' in set)).toHaveLength(10)
    expect(recorded.endpoints.filter((set) => 'udpPorts' in set)).toHaveLength(2)
    expect(list.sets.every(({ urls, ips, tcp, udp }) => [urls, ips, tcp, udp].every(Array.isArray))).toBe(
      true,
    )
  })

  it('has ids with gaps, each once', () => {
    const ids = list.sets.map(({ id }) => id)
    expect([new Set(ids).size, Math.max(...ids)]).toEqual([72, 184])
  })

  it('has notes, which are read over', () => {
    expect(raw(2)).toMatchObject({ notes: 'POP3, IMAP4, SMTP Client traffic' })
    expect(setOf(list, 2)).not.toHaveProperty('notes')
  })

  it('has mixed families in one array of ranges', () => {
    const ips = setOf(list, 11)?.ips ?? []
    expect([ips.some((range) => range.includes(':')), ips.some((range) => range.includes('.'))]).toEqual([
      true,
      true,
    ])
  })

  it.each([
    ['*cdn.onenote.net', 'cdn.onenote.net', true],
    ['*cdn.onenote.net', 'xcdn.onenote.net', true],
    ['*cdn.onenote.net', 'a.b.cdn.onenote.net', true],
    ['*cdn.onenote.net', 'cdn.onenote.net.example', false],
    ['autodiscover.*.onmicrosoft.com', 'autodiscover.contoso.onmicrosoft.com', true],
    ['autodiscover.*.onmicrosoft.com', 'autodiscover.a.b.onmicrosoft.com', true],
    ['autodiscover.*.onmicrosoft.com', 'autodiscover.onmicrosoft.com', false],
  ])('has the wildcard %s, and %s matches: %s', (pattern, host, expected) => {
    const set = list.sets.find(({ urls }) => urls.includes(pattern))
    expect(matchesSet(list, set?.id ?? -1, host)).toBe(expected)
  })

  it.each([
    ['outlook.office365.com', [1, 2, 71], 'Optimize'],
    ['officeclient.microsoft.com', [35, 50, 78, 86], 'Default'],
    ['login.live.com', [97, 116], 'Default'],
    ['teams.microsoft.com', [12, 50, 78], 'Allow'],
    ['world.tr.teams.microsoft.com', [11, 12, 50, 78], 'Optimize'],
    ['contoso.sharepoint.com', [31], 'Optimize'],
    ['smtp.office365.com', [2, 71], 'Allow'],
    ['login.microsoftonline.com', [56, 59], 'Allow'],
    ['m365.cloud.microsoft', [184], 'Default'],
  ] as const)('has %s in the sets %j, and the highest category counts: %s', (host, ids, category) => {
    expect(list.sets.filter(({ id }) => matchesSet(list, id, host)).map(({ id }) => id)).toEqual(ids)
    expect(categoryOfHost(list, host)).toBe(category)
  })

  it.each([
    ['52.96.0.1', 'Optimize'],
    ['52.112.0.1', 'Optimize'],
    ['2603:1063::1', 'Optimize'],
    ['40.103.0.1', 'Optimize'],
    ['13.107.136.9', 'Optimize'],
    ['40.92.0.1', 'Allow'],
    ['8.8.8.8', null],
    ['nonsense', null],
  ])('has %s in ranges whose highest category is %s', (address, category) => {
    expect(categoryOfAddress(list, address)).toBe(category)
  })

  it('takes the highest whatever the order of the sets', () => {
    const backwards = { ...list, sets: list.sets.toReversed() }
    expect(categoryOfHost(backwards, 'outlook.office365.com')).toBe('Optimize')
    expect(categoryOfAddress(backwards, '52.96.0.1')).toBe('Optimize')
    expect([categoryOf(backwards, 1), categoryOf(backwards, 2)]).toEqual(['Optimize', 'Allow'])
  })

  it('may name a host in capitals, and have runs of ports, as older lists did', () => {
    const read = readEndpoints(
      [
        {
          ...raw(31),
          urls: ['*.SharePoint.com'],
          tcpPorts: ' 80 ,443',
          udpPorts: '3478-3481, 50000 - 59999',
        },
      ],
      '2026110200',
    )
    expect(read).toMatchObject({
      ok: true,
      list: {
        sets: [
          {
            urls: ['*.sharepoint.com'],
            udp: [
              { from: 3478, to: 3481 },
              { from: 50000, to: 59999 },
            ],
          },
        ],
      },
    })
  })
})
