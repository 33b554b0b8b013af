import type { DoorSpec, TlsSpec, TransparentProxySpec } from '../../src/local/world/spec.ts'
import { IPV6_SILENT, NAT64, NAT64_FAR } from '../worlds/cases/family.ts'
import { internet, office, rangesOf } from '../worlds/parts.ts'
import { doorsAreNamed, doorsHaveNoAddress, httpAnswers, tlsHosts } from './edits.ts'
import type { FixtureCase } from './record.ts'

const base = internet([])

const inspecting = (more: Partial<TransparentProxySpec> = {}): TransparentProxySpec => ({
  kind: 'inspecting',
  rttMs: 1,
  ca: { name: 'Contoso Secure Web Gateway CA', organization: 'Contoso' },
  ...more,
})
const doors = (tls: TlsSpec, more: Partial<DoorSpec> = {}): readonly DoorSpec[] =>
  base.doors.map((door) => ({ ...door, tls, ...more }))
const EXCHANGE = '52.97.0.0/16'

/** A public address that nobody published. */
const ELSEWHERE = '203.0.113.250'

/** What stands on the path. */
export const PATH_CASES: Readonly<Record<string, FixtureCase>> = {
  'ipv6-leads-nowhere': {
    about: 'The office has both families, and IPv6 is never answered: applications fall back to IPv4.',
    world: IPV6_SILENT,
  },
  nat64: {
    about: 'The office has IPv6 alone and reaches Microsoft, which has IPv4 alone, through a NAT64 nearby.',
    world: NAT64,
  },
  'nat64-at-head-office': {
    about: 'The office has IPv6 alone, and its NAT64 stands at head office, 7,700 km away.',
    world: NAT64_FAR,
  },
  'incomplete-chain': {
    about: 'Doors leave their intermediate certificate out; nothing is inspected.',
    world: { spec: internet([office('London')], { doors: doors({ incompleteChain: true }) }) },
  },
  inspected: {
    about: 'A transparent proxy inspects everything with a CA that the machines trust.',
    world: { spec: internet([office('London', { proxy: inspecting() })]) },
  },
  'inspected-same-name-ca': {
    about: 'A transparent proxy inspects everything under the genuine names of the authorities.',
    world: { spec: internet([office('London', { proxy: inspecting({ ca: 'imitates-genuine' }) })]) },
  },
  'inspected-leaf-alone': {
    about: 'A transparent proxy inspects everything and sends a leaf alone, of a CA that the machines lack.',
    world: {
      spec: internet([office('London', { proxy: inspecting({ chain: 'leaf' }) })]),
      runnerFile: { systemRoots: null },
    },
  },
  'inspected-but-exchange': {
    about: 'SharePoint and Teams are inspected, Exchange is exempt.',
    world: {
      spec: internet([office('London', { routes: [{ to: rangesOf(31, 11), proxy: inspecting() }] })]),
      runnerFile: { systemRoots: null },
    },
  },
  'transparent-proxy': {
    about: 'A proxy next door ends TCP before a door that is 120 ms away.',
    office: 'Johannesburg',
    world: {
      spec: internet([
        office('Johannesburg', { rttMs: { DXB: 120 }, proxy: { kind: 'terminating', rttMs: 0.5 } }),
      ]),
    },
  },
  'tls12-slow-door': {
    about: 'The door is 120 ms away and speaks TLS 1.2, whose handshake takes two round trips.',
    office: 'Johannesburg',
    world: {
      spec: internet([office('Johannesburg', { rttMs: { DXB: 120 } })], {
        doors: doors({ onlyTls12: true }),
      }),
    },
  },
  'hello-retry-slow-door': {
    about: 'The door is 120 ms away and asks for another key share, which costs a round trip.',
    office: 'Johannesburg',
    world: {
      spec: internet([office('Johannesburg', { rttMs: { DXB: 120 } })], {
        doors: doors({ helloRetry: true }),
      }),
    },
  },
  'large-clienthello-dropped': {
    about: 'Something drops the large ClientHello of a modern client on its way to Exchange.',
    world: { spec: internet([office('London')], { doors: doors({ largestHello: 1400 }) }), slow: true },
  },
  'sharepoint-refused': {
    about: 'A firewall refuses connections to SharePoint.',
    world: {
      spec: internet([office('London', { routes: [{ to: ['13.107.136.0/22'], outcome: 'refused' }] })]),
    },
  },
  'doors-refuse': {
    about: 'A firewall refuses connections to Exchange.',
    world: {
      spec: internet([
        office('London', { routes: [{ to: [EXCHANGE], protocol: 'tcp', outcome: 'refused' }] }),
      ]),
    },
  },
  'doors-reset': {
    about: 'Connections to Exchange open and are cut at the first byte.',
    world: { spec: internet([office('London', { routes: [{ to: [EXCHANGE], outcome: 'reset' }] })]) },
  },
  'far-door-header-disagrees': {
    about: 'The door is named London, is 3 ms away, and says that it is in Washington State.',
    world: { spec: internet([office('London')], { doors: doors({}, { headerCode: 'EAT' }) }) },
  },
  'proxy-407': {
    about: 'A proxy asks everyone for a password.',
    from: 'healthy-registered',
    edit: httpAnswers(407, 'squid/6.6'),
  },
  'proxy-403-server-header': {
    about: 'A proxy that names itself refuses every request.',
    from: 'healthy-registered',
    edit: httpAnswers(403, 'BlueCoat-ProxySG'),
  },
  'microsoft-403': {
    about: 'Microsoft itself refuses a request without sign-in.',
    from: 'healthy-registered',
    edit: httpAnswers(403, 'Microsoft-IIS/10.0'),
  },
  'unknown-front-door-naming': {
    about: 'Microsoft names its doors anew and says no code; the door is 3 ms away.',
    from: 'healthy-registered',
    edit: doorsAreNamed('edge-17.ax-msedge.exo.cloud.microsoft', null),
  },
  'chain-cut-no-address': {
    about: "A forwarder that does not recurse hands out Exchange's aliases and no address.",
    from: 'healthy-registered',
    edit: doorsHaveNoAddress(),
  },
  'answer-outside-ranges': {
    about: 'One name leads to a public address that Microsoft did not publish, with a clean chain.',
    from: 'healthy-registered',
    edit: tlsHosts((host) => (host.target === 'outlook.office.com' ? { ...host, address: ELSEWHERE } : host)),
  },
}
