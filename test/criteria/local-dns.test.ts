import { expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { DoorSeen, ResolverSeen } from '../../src/core/finding.ts'
import { localDns } from '../../src/criteria/local-dns.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

const DOOR = `door:${b.HOST}`
const by = (serving: ResolverSeen[], idle: ResolverSeen[] = []): Record<string, Said> => ({
  resolver: ['resolvers-seen', b.resolvers(serving, idle)],
})
const to = (...doors: DoorSeen[]): Record<string, Said> => ({ [DOOR]: ['doors-seen', b.doors(doors)] })
const noDoor = to(b.door({ reached: false, header: null, headerKm: null }))
const R = { office: b.registered() }
const second = '10.1.0.54'

const ROWS: readonly [string, Evidence, string, RegExp][] = [
  ['a near resolver', b.one(), 'pass', /Resolver leaves 10\u00a0km away, limit\u00a0800\u00a0km/],
  [
    'a registered resolver at an unknown place',
    b.one(by([b.resolver({ place: 'registered', registered: true, km: null })])),
    'pass',
    /registered/,
  ],
  ['bounded by time', b.one(by([b.resolver({ place: 'bounded', km: null })])), 'pass', /times prove/],
  ['800 km', b.one(by([b.resolver({ km: 800 })])), 'pass', /800/],
  [
    '801 km with a far door',
    b.one({ ...by([b.farResolver({ km: 801 })]), ...to(b.farDoor()) }),
    'fail',
    /801\u00a0km away/,
  ],
  [
    '801 km, its door at 800 km',
    b.one({ ...by([b.farResolver({ km: 801 })]), ...to(b.farDoor({ namedKm: 800, headerKm: 800 })) }),
    'unproven',
    /place alone/,
  ],
  [
    '801 km, its door at 801 km',
    b.one({ ...by([b.farResolver({ km: 801 })]), ...to(b.farDoor({ namedKm: 801, headerKm: 801 })) }),
    'fail',
    /801/,
  ],
  [
    'far, name and header of its door disagree: the nearer counts',
    b.one({ ...by([b.farResolver()]), ...to(b.farDoor({ header: 'LHR', headerKm: 23 })) }),
    'unproven',
    /place alone/,
  ],
  [
    'far, the door of an idle server far, the door that applications get near',
    b.one({
      ...by(
        [b.farResolver({ servers: [] })],
        [b.farResolver({ servers: [second], address: '198.51.100.54' })],
      ),
      ...to(b.door(), b.farDoor({ servers: [second], bySystem: false })),
    }),
    'unproven',
    /place alone/,
  ],
  [
    'far, and the nearest door that there is, which is far too',
    b.one({
      ...by([b.farResolver({ km: 2155 })]),
      [DOOR]: [
        'doors-seen',
        b.doors([b.farDoor({ named: 'SYD', header: 'SYD', namedKm: 2155, headerKm: 2155 })], {
          code: 'SYD',
          km: 2155,
        }),
      ],
    }),
    'unproven',
    /place alone/,
  ],
  [
    "the office's own subnet by one of two ways out, and the door near",
    b.one({
      ...by([b.farResolver({ timeSaysFar: true, clientSubnet: '203.0.113.0/24', subnetScope: 24 })]),
      'relay-egress': ['relay-egress-seen', b.flows({ address: '203.0.113.18' }, { address: '2001:db8::5' })],
    }),
    'unproven',
    /own subnet/,
  ],
  [
    "within the office's own limit by time, where no place is known",
    b.one(by([b.resolver({ place: 'bounded', km: null, uncachedMs: 2 })]), {
      office: b.office({ overrides: b.override('local-dns', 300) }),
    }),
    'pass',
    /times prove/,
  ],
  [
    'bounded by time, said to be far',
    b.one(by([b.resolver({ place: 'bounded', km: 7700 })])),
    'pass',
    /times prove/,
  ],
  ['far by place alone', b.one({ ...by([b.farResolver()]), ...noDoor }), 'unproven', /place alone/],
  [
    'far, the far door not reached',
    b.one({ ...by([b.farResolver()]), ...to(b.farDoor({ reached: false })) }),
    'unproven',
    /place alone/,
  ],
  [
    'local-forwarder: near server, far authority address, times agree',
    b.one({ ...by([b.farResolver({ timeSaysFar: true })]), ...noDoor }),
    'fail',
    /7,700/,
  ],
  ['time alone never fails', b.one(by([b.resolver({ timeSaysFar: true })])), 'pass', /10/],
  [
    'remote-secondary-resolver serves one name in four',
    b.one({
      ...by([b.resolver(), b.farResolver({ servers: [second] })]),
      ...to(b.door(), b.farDoor({ servers: [second], bySystem: false })),
    }),
    'fail',
    /7,700/,
  ],
  [
    'remote-secondary-resolver that serves nothing',
    b.one({
      ...by([b.resolver()], [b.farResolver({ servers: [second] })]),
      ...to(b.door(), b.farDoor({ servers: [second], bySystem: false })),
    }),
    'pass',
    /10/,
  ],
  [
    "a far resolver is not failed by another server's far door",
    b.one({
      ...by([b.resolver({ servers: [second] }), b.farResolver()]),
      ...to(b.door({ bySystem: false }), b.farDoor({ servers: [second], bySystem: false })),
    }),
    'unproven',
    /place alone/,
  ],
  [
    'servers that cannot be attributed',
    b.one({
      ...by([b.farResolver({ servers: [] })]),
      ...to(b.farDoor({ servers: [second], bySystem: false })),
    }),
    'fail',
    /7,700/,
  ],
  ['conditional-forwarder: all local, the door far', b.one(to(b.farDoor())), 'unproven', /another resolver/],
  [
    'a far door that is accepted',
    b.one(to(b.farDoor()), { office: b.office({ doors: ['EAT'] }) }),
    'pass',
    /10/,
  ],
  [
    'a far door where the nearest is nearly as far',
    b.one({
      [DOOR]: [
        'doors-seen',
        b.doors([b.farDoor({ namedKm: 1200, headerKm: 1200 })], { code: 'LHR', km: 800 }),
      ],
    }),
    'pass',
    /10/,
  ],
  [
    'a far door past 1.5 times the nearest',
    b.one({
      [DOOR]: [
        'doors-seen',
        b.doors([b.farDoor({ namedKm: 1201, headerKm: 1201 })], { code: 'LHR', km: 800 }),
      ],
    }),
    'unproven',
    /another resolver/,
  ],
  [
    'the door far because the egress is',
    b.one({ ...to(b.farDoor()), 'relay-egress': ['relay-egress-seen', b.flows({ km: 7700 })] }),
    'pass',
    /10/,
  ],
  ['disputed', b.one(by([b.resolver({ place: 'disputed', km: 7700 })])), 'unproven', /disagree/],
  ['unlocated', b.one(by([b.resolver({ place: 'unlocated', km: null })])), 'unproven', /not known/],
  [
    "client subnet: the office's own, the door near",
    b.one(by([b.farResolver({ timeSaysFar: true, clientSubnet: '203.0.113.0/24', subnetScope: 24 })]), R),
    'unproven',
    /own subnet/,
  ],
  [
    "client subnet: the office's own, not heeded",
    b.one(by([b.farResolver({ timeSaysFar: true, clientSubnet: '203.0.113.0/24', subnetScope: 0 })]), R),
    'fail',
    /7,700/,
  ],
  [
    "client subnet: the office's own, the answer says nothing",
    b.one(by([b.farResolver({ timeSaysFar: true, clientSubnet: '203.0.113.0/24' })]), R),
    'fail',
    /7,700/,
  ],
  [
    'client subnet of another network',
    b.one(by([b.farResolver({ timeSaysFar: true, clientSubnet: '198.51.100.0/24', subnetScope: 24 })]), R),
    'fail',
    /7,700/,
  ],
  [
    "client subnet: the office's own, the door far",
    b.one(
      { ...by([b.farResolver({ clientSubnet: '203.0.113.0/24', subnetScope: 24 })]), ...to(b.farDoor()) },
      R,
    ),
    'fail',
    /7,700/,
  ],
  [
    'client subnet of no length',
    b.one(by([b.farResolver({ timeSaysFar: true, clientSubnet: '0.0.0.0/0', subnetScope: 0 })]), R),
    'fail',
    /7,700/,
  ],
  [
    'an override of 300 km',
    b.one(
      { ...by([b.resolver({ km: 301 })]), ...to(b.farDoor({ namedKm: 400, headerKm: 400 })) },
      { office: b.office({ overrides: b.override('local-dns', 300) }) },
    ),
    'fail',
    /limit\u00a0300/,
  ],
  ['nothing served', b.one(by([])), 'unproven', /No resolver was seen/],
  ['resolver not measured', b.one({ resolver: b.unmeasured('resolver') }), 'unproven', /no answer in time/],
  ['owed-measurement-missing: the door', b.one({ [DOOR]: null }), 'unproven', /missing/],
  ['owed-measurement-missing: the relay', b.one({ 'relay-egress': null }), 'unproven', /missing/],
  [
    'two-runners-disagree',
    b.evidence({ 'lon-1': {}, 'lon-2': by([b.farResolver({ timeSaysFar: true })]) }),
    'fail',
    /^Runner lon-2/,
  ],
  ['runner-silent', b.one(b.silent()), 'unproven', /lon-1 does not answer/],
]

it.each(ROWS)('%s', (_name, evidence, verdict, because) => {
  const ruling = localDns.judge(evidence)
  expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
})

it('mentions a far resolver that served nothing', () => {
  const ruling = localDns.judge(b.one(by([b.resolver()], [b.farResolver()])))
  expect(ruling.signals).toContainEqual(expect.objectContaining({ name: 'Idle resolver', word: 'far' }))
})
