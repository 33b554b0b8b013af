import { describe, expect, it } from 'vitest'
import { concreteHosts, reachTargets } from '../../src/endpoints/hosts.ts'
import { allowsPort, categoryOf, categoryOfHost, matchesSet, portsOf } from '../../src/endpoints/match.ts'
import { readEndpoints } from '../../src/endpoints/parse.ts'
import { inAnyRanges, inRanges, publishedList } from '../../src/endpoints/ranges.ts'
import { NO_LIST, snapshotList } from '../../src/endpoints/snapshot.ts'

const list = snapshotList()
const withWildcards = list.sets.flatMap((set) =>
  set.urls.filter((url) => /^\*[^.]|.\*/.test(url)).map((url) => [url, set.id] as const),
)
const idOf = (url: string) => withWildcards.find(([pattern]) => pattern === url)?.[1] ?? -1

describe('the snapshot', () => {
  it('is the list of April 2024', () => {
    expect([list.version, list.sets.length]).toEqual(['2024040100', 72])
    expect(list.sets.filter((set) => set.category === 'Optimize').map((set) => set.id)).toEqual([1, 11, 31])
    expect(list.sets.filter((set) => set.category === 'Allow').map((set) => set.id)).toEqual([
      2, 9, 10, 12, 46, 56, 64,
    ])
  })
})

describe('matching a host to a set', () => {
  it.each([
    [1, 'outlook.office365.com', true],
    [1, 'OUTLOOK.Office365.com', true],
    [1, 'outlook.office365.com.', false],
    [1, 'xoutlook.office365.com', false],
    [1, 'a.outlook.office365.com', false],
    [31, 'contoso.sharepoint.com', true],
    [31, 'contoso-my.sharepoint.com', true],
    [31, 'a.b.sharepoint.com', true],
    [31, 'sharepoint.com', false],
    [31, '.sharepoint.com', false],
    [31, 'contoso.sharepoint.com.evil.example', false],
    [31, 'evilsharepoint.com', false],
    [31, 'evil.example/x.sharepoint.com', false],
    [31, 'evil@x.sharepoint.com', false],
    [31, 'ſ.sharepoint.com', false],
    [31, '*.sharepoint.com', false],
    [11, 'world.tr.teams.microsoft.com', true],
    [11, 'teams.microsoft.com', false],
    [12, 'world.tr.teams.microsoft.com', true],
    [9999, 'outlook.office365.com', false],
    [1, '', false],
    [1, '52.96.0.1', false],
  ])('set %i and %s: %s', (id, host, expected) => {
    expect(matchesSet(list, id, host)).toBe(expected)
  })

  it('knows wildcards without a dot and in the middle', () => {
    const cdn = idOf('*cdn.onenote.net')
    expect(
      ['cdn.onenote.net', 'xcdn.onenote.net', 'a.cdn.onenote.net', 'cdn.onenote.net.evil', 'onenote.net'].map(
        (host) => matchesSet(list, cdn, host),
      ),
    ).toEqual([true, true, true, false, false])
    const discover = idOf('autodiscover.*.onmicrosoft.com')
    expect(
      [
        'autodiscover.contoso.onmicrosoft.com',
        'autodiscover.onmicrosoft.com',
        'x.autodiscover.contoso.onmicrosoft.com',
      ].map((host) => matchesSet(list, discover, host)),
    ).toEqual([true, false, false])
  })
})

describe('what a set says', () => {
  it('gives ports', () => {
    expect(portsOf(list, 11)).toEqual({
      tcp: [],
      udp: [3478, 3479, 3480, 3481].map((port) => ({ from: port, to: port })),
    })
    expect(portsOf(list, 2).tcp.map((range) => range.from)).toEqual([143, 587, 993, 995])
    expect(portsOf(list, 9999)).toEqual({ tcp: [], udp: [] })
    expect([
      allowsPort(list, 1, 'tcp', 443),
      allowsPort(list, 1, 'tcp', 25),
      allowsPort(list, 11, 'udp', 3479),
    ]).toEqual([true, false, true])
  })

  it('gives categories, the highest for a host in several sets', () => {
    expect([categoryOf(list, 1), categoryOf(list, 2), categoryOf(list, 184), categoryOf(list, 9999)]).toEqual(
      ['Optimize', 'Allow', 'Default', null],
    )
    expect([
      matchesSet(list, 1, 'outlook.office365.com'),
      matchesSet(list, 2, 'outlook.office365.com'),
    ]).toEqual([true, true])
    expect(categoryOfHost(list, 'outlook.office365.com')).toBe('Optimize')
    expect(categoryOfHost(list, 'smtp.office365.com')).toBe('Allow')
    expect(categoryOfHost(list, 'example.com')).toBeNull()
  })

  it('finds addresses in ranges of both families', () => {
    // The recorded addresses of the domain notes, each in its set.
    const recorded = [
      [1, '40.100.2.114'],
      [1, '52.98.77.98'],
      [1, '40.103.0.1'],
      [31, '13.107.136.9'],
      [11, '52.114.255.255'],
      [1, '2603:1026::1'],
    ] as const
    expect(recorded.map(([id, address]) => inRanges(list, id, address))).toEqual(recorded.map(() => true))
    expect([
      inRanges(list, 1, '40.112.0.1'),
      inRanges(list, 1, '10.0.0.1'),
      inRanges(list, 1, 'nonsense'),
    ]).toEqual([false, false, false])
    expect(inRanges(list, 184, '13.107.6.152')).toBeNull()
    expect([inAnyRanges(list, '13.107.6.152'), inAnyRanges(list, '8.8.8.8')]).toEqual([true, false])
  })

  it('answers an atlas: a set without ranges takes any published one', () => {
    const published = publishedList(list)
    expect([
      published.inPublishedRanges(184, '13.107.6.152'),
      published.inPublishedRanges(184, '8.8.8.8'),
      published.inPublishedRanges(1, '8.8.8.8'),
    ]).toEqual([true, null, false])
    expect([published.category(1), published.category(9999)]).toEqual(['Optimize', 'Default'])
  })
})

describe('concrete hosts', () => {
  const hosts = concreteHosts(list)

  it('are allowed by their sets, on ports that a runner may use', () => {
    for (const { set, host, transport } of hosts) {
      const concrete = host.replace('{tenant}', 'contoso')
      expect(matchesSet(list, set, concrete), host).toBe(true)
      expect(allowsPort(list, set, transport, transport === 'tcp' ? 443 : 3478), host).toBe(true)
    }
  })

  it('cover every Optimize and Allow set but those of mail alone', () => {
    expect([...new Set(hosts.map((host) => host.set))].sort((a, b) => a - b)).toEqual([
      1, 9, 11, 12, 31, 46, 56, 64,
    ])
    for (const id of [9, 12, 46, 56, 64])
      expect(hosts.filter((host) => host.set === id).length).toBeLessThanOrEqual(2)
  })

  it('of other instances are taken from their list, in the set of the highest category', () => {
    const read = readEndpoints(
      [
        {
          id: 1,
          serviceArea: 'Exchange',
          category: 'Optimize',
          required: true,
          urls: ['outlook.office365.us'],
          tcpPorts: '80,443',
        },
        {
          id: 4,
          serviceArea: 'Exchange',
          category: 'Default',
          required: true,
          urls: ['*.office365.us'],
          tcpPorts: '443',
        },
        {
          id: 9,
          serviceArea: 'SharePoint',
          category: 'Optimize',
          required: true,
          urls: ['*.sharepoint.us'],
          tcpPorts: '443',
        },
        {
          id: 15,
          serviceArea: 'Common',
          category: 'Allow',
          required: true,
          urls: ['login.microsoftonline.us'],
          tcpPorts: '443',
        },
        {
          id: 20,
          serviceArea: 'Skype',
          category: 'Allow',
          required: true,
          urls: ['gov.teams.microsoft.us'],
          udpPorts: '3478',
        },
      ],
      '2026110200',
    )
    if (!read.ok) throw new Error(read.problems.join())
    expect(concreteHosts(read.list).map(({ set, host, category }) => [set, host, category])).toEqual([
      [1, 'outlook.office365.us', 'Optimize'],
      [9, '{tenant}.sharepoint.us', 'Optimize'],
      [9, '{tenant}-my.sharepoint.us', 'Optimize'],
      [15, 'login.microsoftonline.us', 'Allow'],
    ])
    expect(concreteHosts(NO_LIST)).toEqual([])
  })

  it('leave out what a newer list no longer has', () => {
    const sets = list.sets
      .filter((set) => set.id !== 64)
      .map((set) => (set.id === 1 ? { ...set, urls: ['outlook.office.com'] } : set))
    const left = concreteHosts({ ...list, sets })
    expect(left.some((host) => host.set === 64)).toBe(false)
    expect(left.filter((host) => host.set === 1).map((host) => host.host)).toEqual(['outlook.office.com'])
  })
})

describe('hosts to reach', () => {
  const { targets, unmeasurable } = reachTargets(list)
  const required = list.sets.filter((set) => set.required).map((set) => set.id)

  it('are of required sets, allowed by them, and never wildcards', () => {
    for (const { set, host } of targets) {
      expect(required).toContain(set)
      expect(matchesSet(list, set, host.replace('{tenant}', 'contoso')), host).toBe(true)
    }
    expect(targets.length).toBeLessThanOrEqual(60)
  })

  it('cover every required set, or say that it cannot be measured', () => {
    expect(required.filter((id) => targets.every(({ set }) => set !== id))).toEqual(unmeasurable)
    // Mail between servers on port 25, and two sets whose names all belong to single customers.
    expect(unmeasurable).toEqual([10, 66, 158])
  })

  it('name one host without a tenant for every set', () => {
    for (const id of required.filter((set) => !unmeasurable.includes(set))) {
      const own = targets.filter(({ set, host }) => set === id && !host.includes('{tenant}'))
      expect(own, `set ${id}`).toHaveLength(1)
    }
  })

  it('come from a new list itself where it has a plain name', () => {
    const [set] = list.sets.filter(({ id }) => id === 89)
    if (set === undefined) throw new Error('the snapshot has no set 89')
    const sets = [
      { ...set, id: 900, urls: ['*.new.example', 'plain.new.example'] },
      { ...set, id: 901, urls: ['*.new.example'] },
      { ...set, id: 902, required: false },
      { ...set, id: 8, urls: ['other.example'] },
    ]
    expect(reachTargets({ ...list, sets })).toEqual({
      targets: [
        { set: 900, host: 'plain.new.example' },
        { set: 8, host: 'other.example' },
      ],
      unmeasurable: [901],
    })
  })
})
