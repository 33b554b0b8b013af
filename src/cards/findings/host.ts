import { FAILURES } from '../../core/failure.ts'
import type { HostFindings, WaySeen } from '../../core/findings/host.ts'
import type { ProxySetting } from '../../core/proxy-setting.ts'
import { countText, listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

const FROM: Readonly<Record<ProxySetting['from'], string>> = {
  system: 'the system’s setting',
  environment: 'the environment',
}

const MINUTE_MS = 60_000

function wayText(way: WaySeen): string {
  if ('failure' in way) return FAILURES[way.failure]
  const chain = way.verified
    ? 'a genuine chain'
    : `a chain that does not verify, issued by ${outside(way.issuer)}`
  return `${chain} after ${msText(way.ms)}`
}

/** What people read of each finding about the host itself. */
export const HOST_WORDS: FindingWords<HostFindings> = {
  'host-seen': {
    severity: 'fact',
    sentence: ({ interfaces, ipv6, sources, proxies }) => {
      const own = interfaces.map(
        ({ name, address, maybeTunnel }) =>
          `${outside(address)} on ${outside(name)}${maybeTunnel ? ', perhaps a tunnel' : ''}`,
      )
      const ways = [...new Set(sources.flatMap(({ source }) => source ?? []))]
      return [
        own.length === 0 ? 'The host told of no address.' : `The host has ${listText(own)}.`,
        ipv6 ? '' : 'It has no IPv6 address for other networks.',
        ways.length === 0 ? '' : `It sends to Microsoft from ${listText(ways.map(outside))}.`,
        proxies.length === 0 ? '' : `A proxy is named by ${listText(proxies.map(({ from }) => FROM[from]))}.`,
      ]
        .filter((text) => text !== '')
        .join(' ')
    },
    remedy: null,
    source: 'The host’s own interfaces and routes; nothing is sent for it',
  },
  'different-source-address': {
    severity: 'notice',
    sentence: ({ optimize, rest }) =>
      `${listText(optimize.map(({ host, source }) => `${outside(host)} is sent to from ${outside(source)}`))}, but ${outside(rest.host)} from ${outside(rest.source)}: another adapter, as with a split tunnel.`,
    remedy:
      'Where a VPN is meant to leave Microsoft 365 out, this is as it should be; else look at the routes.',
    source: 'The kernel’s choice of source address',
  },
  'nat64-prefix-seen': {
    severity: 'fact',
    sentence: ({ prefixes }) =>
      `Hosts of IPv4 are reached through a NAT64, by addresses that begin with ${listText(prefixes.map(outside))}. They are named and judged by the IPv4 address inside.`,
    remedy: null,
    source: 'RFC 7050 (the lookup of ipv4only.arpa), RFC 6052 2.2',
  },
  'clock-wrong': {
    severity: 'warning',
    sentence: ({ offsetMs }) =>
      `The host’s clock is ${countText(Math.round(Math.abs(offsetMs) / MINUTE_MS), 'minute')} ${offsetMs > 0 ? 'behind' : 'ahead of'} the hub’s.`,
    remedy:
      'Set the host’s clock by a time service: sign-in fails when clocks differ by more than five minutes.',
    source: 'RFC 4120: five minutes',
  },
  'no-proxy-set': {
    severity: 'fact',
    sentence: () => 'No proxy is set on the host.',
    remedy: null,
    source: 'The system’s setting and the environment',
  },
  'proxy-script-set': {
    severity: 'notice',
    sentence: ({ script, from }) =>
      `By ${FROM[from]}, the script ${outside(script)} chooses the proxy. It was not run.`,
    remedy: 'Let the script answer DIRECT for Optimize and Allow names.',
    source: 'The system’s setting and the environment',
  },
  'proxy-compared': {
    severity: 'notice',
    sentence: ({ proxy, from, script, host, takes, direct, connectStatus, via }) =>
      [
        `By ${FROM[from]}, ${outside(proxy)} is the proxy of ${takes.length === 0 ? 'none of the names looked at' : countText(takes.length, 'name looked at', 'names looked at')}.`,
        `${outside(host)} shows ${'failure' in direct ? `nothing directly (${wayText(direct)})` : `${wayText(direct)} directly`}.`,
        via === null
          ? `The proxy opens no tunnel: it answers ${connectStatus ?? 'nothing'}.`
          : `Through the proxy: ${wayText(via)}.`,
        script === null ? '' : `A script, ${outside(script)}, may choose otherwise.`,
      ]
        .filter((text) => text !== '')
        .join(' '),
    remedy: 'Exempt the Optimize and Allow names from the proxy.',
    source: 'RFC 9110 9.3.6; Microsoft 365 network connectivity principles',
  },
}
