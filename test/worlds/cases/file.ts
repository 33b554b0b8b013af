import { BY_SEATTLE, type Case, internet, NOTHING, office, resolverOf } from '../parts.ts'

const base = internet([])
const SIX = [1, 11, 12, 31, 56, 147]
const six = {
  ...base.endpoints,
  version: '2026110100',
  list: base.endpoints.list.filter(({ id }) => SIX.includes(id)),
}

/**
 * A list of GCC High's shape: names that Microsoft has documented for it, ids that mean other things in Worldwide, and
 * addresses that nobody else has here.
 */
const setOfUs = (id: number, serviceArea: string, category: string, url: string, range: string) => ({
  id,
  serviceArea,
  serviceAreaDisplayName: serviceArea,
  urls: [url],
  ips: [range],
  tcpPorts: '80,443',
  expressRoute: true,
  category,
  required: true,
})
const gccHigh = {
  ...base.endpoints,
  version: '2026110100',
  list: [
    setOfUs(2, 'Exchange', 'Optimize', 'outlook.office365.us', '203.0.113.128/27'),
    setOfUs(9, 'SharePoint', 'Optimize', '*.sharepoint.us', '203.0.113.160/27'),
    setOfUs(11, 'Skype', 'Allow', 'gov.teams.microsoft.us', '203.0.113.192/27'),
    setOfUs(15, 'Common', 'Allow', 'login.microsoftonline.us', '203.0.113.224/27'),
  ],
}

/** Worlds that differ in what their files say and leave out. Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. */
export const FILE_WORLDS: Readonly<Record<string, Case>> = {
  'no tenant': {
    spec: internet([office('London')], { tenant: null }),
    truth: { London: 'ppppppppp' },
  },
  'no tenant and nothing registered: round trips bound the egress': {
    spec: internet([office('London', {}, { registered: NOTHING })], { tenant: null }),
    truth: { London: 'ppppppppp' },
  },
  'no tenant, nothing registered, everything carried away': {
    slow: true,
    spec: internet(
      [office('London', { ...BY_SEATTLE, resolvers: [resolverOf('Seattle')] }, { registered: NOTHING })],
      {
        tenant: null,
      },
    ),
    truth: { London: '?ff?pfppp' },
  },
  'no word about echo, lookup, interfaces, proxy and clock': {
    spec: internet([office('London')]),
    runnerFile: {
      echo: undefined,
      systemLookup: undefined,
      interfaces: undefined,
      proxy: undefined,
      clockOffsetMs: undefined,
      systemRoots: undefined,
    },
    truth: { London: 'ppppppppp' },
  },
  'null for whatever may be null': {
    spec: internet([office('London')]),
    runnerFile: {
      echo: null,
      systemLookup: null,
      interfaces: null,
      proxy: null,
      clockOffsetMs: null,
      beacon: null,
    },
    truth: { London: 'ppppppppp' },
  },
  // Its doors, edges and relays are not published: what rests on them is unproven, whatever was measured.
  'a list of another instance, of which Exchange and sign-in have names': {
    spec: internet([office('London')], { endpoints: gccHigh }),
    truth: { London: 'upuupuppp' },
  },
  'an endpoint service that is down: nothing was refreshed': {
    spec: internet([office('London')]),
    runnerFile: { endpoints: 'http://192.0.2.81/' },
    worldFile: { endpoints: 'http://127.0.0.1:9/' },
    truth: { London: 'ppppppp' + 'up' },
  },
  'an endpoint service that the runner alone cannot reach': {
    spec: internet([office('London')]),
    runnerFile: { endpoints: 'http://192.0.2.81/' },
    truth: { London: 'ppppppp' + '?p' },
  },
  'a list of six sets and another version': {
    spec: internet([office('London')], { endpoints: six }),
    truth: { London: 'ppppppppp' },
  },
  'a clock five minutes wrong': {
    spec: internet([office('London', { clockOffsetMs: 300_000 })]),
    truth: { London: 'ppppppppp' },
  },
  'nobody vouched for anything': {
    spec: internet([office('London', {}, { attested: [] })]),
    truth: { London: 'ppppppupu' },
  },
  'an office without a runner': {
    spec: internet([office('London', {}, { runners: [] })]),
    truth: { London: 'uuuuuupup' },
  },
}
