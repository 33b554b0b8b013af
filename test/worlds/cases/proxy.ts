import type { ExplicitProxySpec, NetworkSpec } from '../../../src/local/world/spec.ts'
import { type Case, internet, office, rangesOf, resolverOf } from '../parts.ts'

const AT = { address: '10.0.0.8', port: 3128 }
const URL = `http://${AT.address}:${AT.port}`
const EXEMPT = [
  '*.office365.com',
  '*.office.com',
  '*.cloud.microsoft',
  '*.sharepoint.com',
  '*.microsoft.com',
  '*.outlook.com',
  '*.live.com',
  '*.microsoftonline.com',
]

const set = (bypass: readonly string[] = [], pac: string | null = null): Partial<NetworkSpec> => ({
  systemProxy: { url: URL, bypass, pac },
})

const world = (network: Partial<NetworkSpec>, proxy: Partial<ExplicitProxySpec> | null): Case['spec'] =>
  internet([office('London', network)], {
    proxies: proxy === null ? [] : [{ ...AT, office: 'London', resolver: resolverOf('London'), ...proxy }],
  })

/** Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. */
export const PROXY_WORLDS: Readonly<Record<string, Case>> = {
  // The straight way is open and genuine in all of these: what the host is told to use is the matter.
  'a proxy set for everything that asks for a sign-in': {
    spec: world(set(), { refusesWith: 407 }),
    truth: { London: 'ppppfpppp' },
  },
  'a proxy set for everything that refuses': {
    spec: world(set(), { refusesWith: 403 }),
    truth: { London: 'ppppfpppp' },
  },
  'a proxy set for everything that inspects': {
    spec: world(set(), { inspects: { name: 'Contoso Secure Web Gateway CA', organization: 'Contoso' } }),
    truth: { London: 'ppppfpppp' },
  },
  'a proxy set for everything that lets through': {
    spec: world(set(), {}),
    truth: { London: 'ppppfpppp' },
  },
  'a proxy that asks for a sign-in, and every Optimize and Allow name exempt': {
    spec: world(set(EXEMPT), { refusesWith: 407 }),
    truth: { London: 'ppppppppp' },
  },
  'a proxy that takes SharePoint alone': {
    spec: world(set(EXEMPT.filter((entry) => !entry.includes('sharepoint'))), {}),
    truth: { London: 'ppppfpppp' },
  },
  'a proxy set for everything that nobody runs': {
    spec: world(set(), null),
    truth: { London: 'ppppupppp' },
  },
  // Every look before media meets silence, and media still has its turn: UDP unanswered fails the office.
  'a proxy for everything, and no connection leaves, by it or past it': {
    spec: world(
      {
        ...set(),
        routes: [
          { protocol: 'tcp', ports: [80, 443], outcome: 'silence' },
          { protocol: 'udp', ports: [3478, 3479, 3480, 3481], outcome: 'silence' },
        ],
      },
      {},
    ),
    truth: { London: 'upuuufppp' },
    slow: true,
  },
  // The round trips to the doors are those of port 443, which nobody touches.
  'a proxy nobody set that takes port 80 alone and asks for a sign-in': {
    spec: world({ proxy: { kind: 'refusing', rttMs: 1, ports: [80] } }, null),
    truth: { London: 'ppppfpppp' },
  },
  'a block page on port 80, and connections to port 443 cut, for Office on the web alone': {
    spec: world(
      {
        routes: [
          { to: rangesOf(46), protocol: 'tcp', ports: [443], outcome: 'reset' },
          {
            to: rangesOf(46),
            protocol: 'tcp',
            ports: [80],
            proxy: { kind: 'refusing', rttMs: 1, ports: [80], refusesWith: 403 },
          },
        ],
      },
      null,
    ),
    truth: { London: 'ppppfpppp' },
  },
  'port 80 closed by the way out': {
    spec: world({ routes: [{ protocol: 'tcp', ports: [80], outcome: 'silence' }] }, null),
    truth: { London: 'ppppppppp' },
  },
  'a script alone': {
    spec: world({}, null),
    runnerFile: { proxy: { url: null, bypass: [], pac: 'http://10.0.0.9/proxy.pac' } },
    truth: { London: 'ppppppppp' },
  },
}
