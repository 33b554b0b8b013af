/** The lab as plain data: who stands where, what it is called, and how its namespaces are wired. */

/** Where an office's traffic leaves and who answers its names. */
export interface Case {
  /** One letter: the namespace of the runner; `<letter>gw` is its gateway. */
  readonly letter: string
  readonly office: 'Seattle' | 'London'
  /** `far` is carried over the WAN to Seattle's gateway and let out there. */
  readonly egress: 'own' | 'far'
  /** Own resolver, Seattle's over the WAN, or an own forwarder in front of Seattle's. */
  readonly dns: 'own' | 'far' | 'forwarder'
  readonly ipv6?: boolean
  /** Longer packets of TCP vanish on the way out, and nobody is told: a black hole for path MTU discovery. */
  readonly mtu?: number
}

/** The table of research 1e; beside it an office with IPv6, and one whose line swallows long packets. */
export const CASES: readonly Case[] = [
  { letter: 'a', office: 'Seattle', egress: 'own', dns: 'own' },
  { letter: 'b', office: 'London', egress: 'far', dns: 'far' },
  { letter: 'c', office: 'London', egress: 'far', dns: 'own' },
  { letter: 'd', office: 'London', egress: 'own', dns: 'far' },
  { letter: 'e', office: 'London', egress: 'own', dns: 'own' },
  { letter: 'f', office: 'London', egress: 'own', dns: 'forwarder' },
  { letter: 'g', office: 'London', egress: 'own', dns: 'own', ipv6: true },
  { letter: 'h', office: 'London', egress: 'own', dns: 'own', mtu: 1300 },
]

/** Round trips in ms, as the lab of the research had them. */
export const RTT = { 'Seattle|Seattle': 4, 'London|London': 3, 'London|Seattle': 136 } as const
export const WAN_MS = 140
/** To what is everywhere: SharePoint, the sign-in, the beacon, the authority. */
export const ANYCAST_MS = 6

export const SERVICES = {
  authority: '192.0.2.60',
  beacon: '192.0.2.53',
  silent: '192.0.2.54',
  endpoints: '192.0.2.80',
  echo: '192.0.2.90',
  zone: 'b.world.example',
} as const

/** IPv6 addresses of the two relays, in the range that Microsoft publishes for Teams media. */
export const RELAY_V6 = { westus2: '2603:1063::1:10', uksouth: '2603:1063::2:10' } as const

/** The namespace of everything on the Internet that is not an office, and its device. */
export const INTERNET = 'net'
export const SEATTLE_GATEWAY = 'agw'
const SEATTLE_LAN = '10.4.0'

/** A case's own addresses; its number is its place in the table. */
export function addressesOf(one: Case) {
  const number = one.letter.charCodeAt(0) - 'a'.charCodeAt(0)
  const seattle = one.office === 'Seattle'
  const lan = seattle ? SEATTLE_LAN : `10.5.${number}`
  return {
    number,
    gateway: `${one.letter}gw`,
    lan,
    runner: `${lan}.20`,
    inside: `${lan}.1`,
    /** What the Internet sees of the office, and of its own resolver. */
    egress: `203.0.113.${seattle ? 2 : 16 + number}`,
    resolver: `198.51.100.${seattle ? 2 : 16 + number}`,
    wan: `172.16.${number}`,
    lan6: `2001:db8:5:${number}`,
    /** Devices of the gateway: to the Internet, to Seattle, and Seattle's end of that. */
    line: `line${number}`,
    toSeattle: `wan${number}`,
    fromSeattle: `sea${number}`,
  }
}

/** The resolver that the runner's system has configured. */
export function resolverOf(one: Case): string {
  return one.dns === 'far' ? `${SEATTLE_LAN}.1` : addressesOf(one).inside
}

/** Addresses and their places: `office` sites as the forwarder knows them, rows as the hub's places do. */
export const SITES: readonly (readonly [string, 'Seattle' | 'London'])[] = [
  ['203.0.113.0/28', 'Seattle'],
  ['198.51.100.0/28', 'Seattle'],
  ['203.0.113.16/28', 'London'],
  ['198.51.100.16/28', 'London'],
  ['2001:db8:5::/48', 'London'],
  // By the order of the doors and relays in the world's spec.
  ['52.97.1.0/24', 'Seattle'],
  ['52.97.2.0/24', 'London'],
  ['52.113.1.0/24', 'Seattle'],
  ['52.115.1.0/24', 'Seattle'],
  ['52.113.2.0/24', 'London'],
  ['52.115.2.0/24', 'London'],
  [`${RELAY_V6.westus2}/128`, 'Seattle'],
  [`${RELAY_V6.uksouth}/128`, 'London'],
]

const london = (cases: readonly Case[]): readonly Case[] => cases.filter(({ office }) => office === 'London')

/** What the forwarder is told; see forwarder.py. */
export function forwarderPlan(cases: readonly Case[]) {
  const gateways = cases.map(addressesOf)
  const wans = london(cases).map(addressesOf)
  return {
    devices: [
      [INTERNET, 'inet'],
      ...gateways.map(({ gateway, line }) => [gateway, line]),
      ...wans.flatMap((one) => [
        [one.gateway, one.toSeattle],
        [SEATTLE_GATEWAY, one.fromSeattle],
      ]),
    ],
    links: wans.flatMap((one) => [
      [one.toSeattle, one.fromSeattle, WAN_MS / 2],
      [one.fromSeattle, one.toSeattle, WAN_MS / 2],
    ]),
    routes: [
      ...gateways.flatMap(({ egress, resolver, lan6, line }) => [
        [`${egress}/32`, line],
        [`${resolver}/32`, line],
        [`${lan6}::/64`, line],
      ]),
      ['0.0.0.0/0', 'inet'],
      ['2603::/16', 'inet'],
    ],
    sites: SITES,
    rtt: RTT,
    anycastMs: ANYCAST_MS,
  }
}

/** Namespaces, before the forwarder makes its devices in them. */
export function namespaceScript(cases: readonly Case[]): string {
  const names = [INTERNET, ...cases.flatMap(({ letter }) => [letter, `${letter}gw`])]
  return [
    'mount -t tmpfs tmpfs /run',
    'mkdir /run/netns /run/lab',
    ...names.flatMap((name) => [`ip netns add ${name}`, `ip -n ${name} link set lo up`]),
  ].join('\n')
}

/** Addresses and routes. */
export function wiringScript(cases: readonly Case[]): string {
  return [
    `ip -n ${INTERNET} link set inet up`,
    // Whatever arrives is for this host, whoever it is for; what it sends to offices goes out.
    ...['203.0.113.0/24', '198.51.100.0/24'].map((cidr) => `ip -n ${INTERNET} route add ${cidr} dev inet`),
    `ip -n ${INTERNET} route add 2001:db8::/32 dev inet`,
    `ip -n ${INTERNET} rule add pref 40000 lookup local`,
    `ip -n ${INTERNET} rule del pref 0 lookup local`,
    `ip -n ${INTERNET} route add local 0.0.0.0/0 dev lo table local`,
    `ip -n ${INTERNET} route add blackhole ${SERVICES.silent}/32`,
    ...Object.values(RELAY_V6).map((address) => `ip -n ${INTERNET} addr add ${address}/128 dev lo`),
    ...cases.flatMap(officeWiring),
    ...london(cases).flatMap(wanWiring),
  ].join('\n')
}

function officeWiring(one: Case): readonly string[] {
  const { gateway, runner, inside, egress, resolver, line, lan6 } = addressesOf(one)
  const { letter } = one
  const v6 = [
    `ip -n ${gateway} addr add ${lan6}::1/64 dev lan nodad`,
    `ip -n ${letter} addr add ${lan6}::20/64 dev eth0 nodad`,
    `ip -n ${letter} route add default via ${lan6}::1`,
    `ip -n ${gateway} route add 2603::/16 dev ${line}`,
    `nsenter --net=/run/netns/${gateway} sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'`,
  ]
  const swallow = [
    `nsenter --net=/run/netns/${gateway} nft add table ip line`,
    `nsenter --net=/run/netns/${gateway} nft 'add chain ip line way { type filter hook forward priority 0; }'`,
    `nsenter --net=/run/netns/${gateway} nft add rule ip line way oifname ${line} meta l4proto tcp ip length gt ${one.mtu} drop`,
  ]
  return [
    `ip link add eth0 netns ${letter} type veth peer name lan netns ${gateway}`,
    `ip -n ${letter} link set eth0 up`,
    `ip -n ${gateway} link set lan up`,
    `ip -n ${letter} addr add ${runner}/24 dev eth0`,
    `ip -n ${gateway} addr add ${inside}/24 dev lan`,
    `ip -n ${letter} route add default via ${inside}`,
    `ip -n ${gateway} link set ${line} up`,
    `ip -n ${gateway} addr add ${egress}/32 dev ${line}`,
    `ip -n ${gateway} addr add ${resolver}/32 dev ${line}`,
    ...(one.egress === 'own' ? [`ip -n ${gateway} route add default dev ${line} src ${egress}`] : []),
    // An own resolver leaves by its own line even where the office is carried elsewhere.
    `ip -n ${gateway} rule add from ${resolver} lookup 100`,
    `ip -n ${gateway} route add default dev ${line} table 100`,
    `nsenter --net=/run/netns/${gateway} sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'`,
    `nsenter --net=/run/netns/${gateway} nft add table ip nat`,
    `nsenter --net=/run/netns/${gateway} nft 'add chain ip nat out { type nat hook postrouting priority 100; }'`,
    `nsenter --net=/run/netns/${gateway} nft add rule ip nat out oifname ${line} ip saddr 10.0.0.0/8 snat to ${egress}`,
    ...(one.ipv6 ? v6 : []),
    ...(one.mtu === undefined ? [] : swallow),
  ]
}

function wanWiring(one: Case): readonly string[] {
  const { gateway, lan, wan, toSeattle, fromSeattle } = addressesOf(one)
  return [
    `ip -n ${gateway} link set ${toSeattle} up`,
    `ip -n ${SEATTLE_GATEWAY} link set ${fromSeattle} up`,
    `ip -n ${gateway} addr add ${wan}.2/30 dev ${toSeattle}`,
    `ip -n ${SEATTLE_GATEWAY} addr add ${wan}.1/30 dev ${fromSeattle}`,
    `ip -n ${gateway} route add ${SEATTLE_LAN}.0/24 dev ${toSeattle}`,
    `ip -n ${SEATTLE_GATEWAY} route add ${lan}.0/24 dev ${fromSeattle}`,
    ...(one.egress === 'far' ? [`ip -n ${gateway} route add default dev ${toSeattle}`] : []),
  ]
}

/** The resolver in a case's gateway, as unbound's configuration; null where the office has none. */
export function unboundConfig(one: Case): string | null {
  if (one.dns === 'far') return null
  const { inside, resolver, wan } = addressesOf(one)
  const zones =
    one.dns === 'forwarder'
      ? [['.', `${SEATTLE_LAN}.1`]]
      : [
          ['.', SERVICES.authority],
          [SERVICES.zone, SERVICES.beacon],
        ]
  return [
    'server:',
    ' do-daemonize: no',
    ' username: ""',
    ' chroot: ""',
    ' directory: "/run/lab"',
    ' pidfile: ""',
    ' use-syslog: no',
    ' module-config: "iterator"',
    ' do-ip6: no',
    ` interface: ${inside}`,
    ` outgoing-interface: ${one.dns === 'forwarder' ? `${wan}.2` : resolver}`,
    ' access-control: 10.0.0.0/8 allow',
    ' access-control: 172.16.0.0/12 allow',
    ...zones.flatMap(([name, address]) => ['forward-zone:', ` name: "${name}"`, ` forward-addr: ${address}`]),
    '',
  ].join('\n')
}
