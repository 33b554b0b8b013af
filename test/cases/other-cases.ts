import { AT, internet, office, rangeOf } from '../worlds/parts.ts'
import {
  all,
  doorsTake,
  downloadTakes,
  handshakesTake,
  inSetting,
  lookupsTake,
  measuredWithList,
  mediaTakes,
  ofOffice,
  unmade,
  without,
} from './edits.ts'
import { northOf } from './parts.ts'
import type { FixtureCase } from './record.ts'
import { NOW, type Setting } from './recording.ts'

const HOUR_MS = 3_600_000

const refreshed = (hoursAgo: number) =>
  inSetting(({ list }) => ({ list: { ...list, refreshedAt: NOW - hoursAgo * HOUR_MS } }))

/** A range of London's is written down so far north of London. */
const rangeIsAt = (cidr: string, km: number) =>
  inSetting(({ places }: Setting) => ({
    places: places.map((row) =>
      row.cidr === cidr ? { ...row, latitude: northOf(AT.London.latitude, km) } : row,
    ),
  }))

const FILE = { path: '/sites/network/15mb.bin', bytes: 15_000_000 } as const

const RESOLVERS = '198.51.100.0/28'

/** Between London and Paris: the door of Paris is 1.45 and 1.55 times as far as the one of London. */
const AT_1_45 = { latitude: 50.48425, longitude: 0.82995 }
const AT_1_55 = { latitude: 50.52754, longitude: 0.78943 }

/** What is missing, out of date, or vouched for. */
const STATE_CASES: Readonly<Record<string, FixtureCase>> = {
  'runner-silent': {
    about: 'The only runner does not answer.',
    from: 'healthy-registered',
    edit: unmade('runner-silent'),
  },
  'no-runner': {
    about: 'No runner is registered.',
    world: { spec: internet([office('London', {}, { runners: [] })]) },
  },
  'owed-measurement-missing': {
    about: 'All is well, but the measurement of the TLS path was lost.',
    from: 'healthy-registered',
    edit: without('tls-path'),
  },
  'egress-measurement-missing': {
    about: 'All is well, but the measurement of the egress was lost.',
    from: 'healthy-registered',
    edit: without('egress'),
  },
  'door-measurement-missing': {
    about: 'All is well, but the measurements of the doors were lost.',
    from: 'healthy-registered',
    edit: without('front-door'),
  },
  'stale-endpoint-list': {
    about: 'All is well, but the runner measured with an older endpoint list than the hub holds.',
    from: 'healthy-registered',
    edit: measuredWithList('2024030100'),
  },
  'list-refreshed-23-hours-ago': {
    about: 'The endpoint list was last known to be the newest 23 hours ago.',
    from: 'healthy-registered',
    edit: refreshed(23),
  },
  'list-refreshed-25-hours-ago': {
    about: 'The endpoint list was last known to be the newest 25 hours ago.',
    from: 'healthy-registered',
    edit: refreshed(25),
  },
  'attested-and-expired': {
    about: 'All is well, but what admins vouched for ended yesterday.',
    from: 'healthy-registered',
    edit: inSetting(({ office: own }) => ({
      office: {
        ...own,
        attestations: own.attestations.map((one) => ({ ...one, until: NOW - 24 * HOUR_MS })),
      },
    })),
  },
}

/** Each limit from both sides. */
const LIMIT_CASES: Readonly<Record<string, FixtureCase>> = {
  'download-asked': {
    about: 'All is well, and somebody asked for a download, which the line carries fast.',
    world: { spec: internet([office('London')], { file: FILE }), download: { path: FILE.path } },
  },
  'download-at-1.01-mbps': {
    about: 'The file comes at 1.01 MB/s.',
    from: 'download-asked',
    edit: downloadTakes(1_010),
  },
  'download-at-0.99-mbps': {
    about: 'The file comes at 0.99 MB/s.',
    from: 'download-asked',
    edit: downloadTakes(990),
  },
  'download-at-3-mbps-where-4-is-wanted': {
    about: 'The file comes at 3 MB/s, and the office has 4 as its own target.',
    from: 'download-asked',
    edit: all(downloadTakes(3_000), ofOffice({ targets: { downloadMBps: 4 } })),
  },
  'egress-at-799-km': {
    about: 'The egress is written down 799 km away, and what is reached is near.',
    from: 'healthy-unregistered',
    edit: rangeIsAt(rangeOf('London'), 799),
  },
  'egress-at-801-km': {
    about: 'The egress is written down 801 km away, and what is reached is near.',
    from: 'healthy-unregistered',
    edit: rangeIsAt(rangeOf('London'), 801),
  },
  'resolver-at-799-km': {
    about: 'The resolver is written down 799 km away.',
    from: 'healthy-unregistered',
    edit: all(rangeIsAt(RESOLVERS, 799), lookupsTake(5, 12)),
  },
  'resolver-at-801-km': {
    about: 'The resolver is written down 801 km away, and the door is near.',
    from: 'healthy-unregistered',
    edit: all(rangeIsAt(RESOLVERS, 801), lookupsTake(5, 12)),
  },
  'door-1.45-times-as-far': {
    about: 'The door reached is 1.45 times as far away as the nearest.',
    from: 'neighbours-door',
    edit: ofOffice({ at: AT_1_45 }),
  },
  'door-1.55-times-as-far': {
    about: 'The door reached is 1.55 times as far away as the nearest.',
    from: 'neighbours-door',
    edit: ofOffice({ at: AT_1_55 }),
  },
  'door-takes-24-ms': {
    about: 'A near door answers in 24 ms.',
    from: 'healthy-registered',
    edit: doorsTake(24),
  },
  'door-takes-26-ms': {
    about: 'A near door answers in 26 ms.',
    from: 'healthy-registered',
    edit: doorsTake(26),
  },
  'door-within-hairpin-limit': {
    about: 'An accepted door 337 km away answers in 21 ms; the limit there is 21.7.',
    from: 'accepted-door',
    edit: doorsTake(21),
  },
  'door-beyond-hairpin-limit': {
    about: 'An accepted door 337 km away answers in 22.5 ms; the limit there is 21.7.',
    from: 'accepted-door',
    edit: doorsTake(22.5),
  },
  'handshake-within-20-ms': {
    about: 'Connections open in 10 ms and a round trip of the handshake takes 29.',
    from: 'healthy-registered',
    edit: handshakesTake(10, 29),
  },
  'handshake-beyond-20-ms': {
    about: 'Connections open in 10 ms and a round trip of the handshake takes 31, on every name.',
    from: 'healthy-registered',
    edit: handshakesTake(10, 31),
  },
  'handshake-within-half': {
    about: 'Connections open in 60 ms and a round trip of the handshake takes 88.',
    from: 'healthy-registered',
    edit: handshakesTake(60, 88),
  },
  'handshake-beyond-half': {
    about: 'Connections open in 60 ms and a round trip of the handshake takes 92, on every name.',
    from: 'healthy-registered',
    edit: handshakesTake(60, 92),
  },
  'media-takes-99-ms': {
    about: 'Datagrams to the relay take 99 ms.',
    from: 'healthy-registered',
    edit: mediaTakes(() => 99),
  },
  'media-takes-100-ms': {
    about: 'Datagrams to the relay take 100 ms.',
    from: 'healthy-registered',
    edit: mediaTakes(() => 100),
  },
  'media-jitters-29-ms': {
    about: 'One datagram takes 29 ms longer than the one before, the next as much less.',
    from: 'healthy-registered',
    edit: mediaTakes((index) => (index % 2 === 0 ? 20 : 49)),
  },
  'media-jitters-31-ms': {
    about: 'One datagram takes 31 ms longer than the one before, the next as much less.',
    from: 'healthy-registered',
    edit: mediaTakes((index) => (index % 2 === 0 ? 20 : 51)),
  },
  'media-loses-4-of-500': {
    about: 'Four datagrams of 500 to the relay are lost.',
    from: 'healthy-registered',
    edit: mediaTakes((index) => (index % 125 === 60 ? null : 20)),
  },
  'media-loses-5-of-500': {
    about: 'Five datagrams of 500 to the relay are lost.',
    from: 'healthy-registered',
    edit: mediaTakes((index) => (index % 100 === 50 ? null : 20)),
  },
}

/** What is missing, out of date, or vouched for; and each limit from both sides. */
export const OTHER_CASES: Readonly<Record<string, FixtureCase>> = { ...STATE_CASES, ...LIMIT_CASES }
