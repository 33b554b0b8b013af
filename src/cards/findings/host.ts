import { FAILURES } from '../../core/failure.ts'
import type { HostFindings, WaySeen } from '../../core/findings/host.ts'
import type { ProxySetting } from '../../core/proxy-setting.ts'
import { t } from '../../core/t.ts'
import { countText, listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

const FROM: Readonly<Record<ProxySetting['from'], string>> = {
  system: t`the system’s setting`,
  environment: t`the environment`,
}

const MINUTE_MS = 60_000

function wayText(way: WaySeen): string {
  if ('failure' in way) return FAILURES[way.failure]
  const chain = way.verified
    ? t`a genuine chain`
    : t`a chain that does not verify, issued by ${outside(way.issuer)}`
  return t`${chain} after ${msText(way.ms)}`
}

/** What people read of each finding about the host itself. */
export const HOST_WORDS: FindingWords<HostFindings> = {
  'host-seen': {
    severity: 'fact',
    sentence: ({ interfaces, ipv6, sources, proxies }) => {
      const own = interfaces.map(
        ({ name, address, maybeTunnel }) =>
          t`${outside(address)} on ${outside(name)}${maybeTunnel ? t`, perhaps a tunnel` : ''}`,
      )
      const ways = [...new Set(sources.flatMap(({ source }) => source ?? []))]
      return [
        own.length === 0 ? t`The host told of no address.` : t`The host has ${listText(own)}.`,
        ipv6 ? '' : t`It has no IPv6 address for other networks.`,
        ways.length === 0 ? '' : t`It sends to Microsoft from ${listText(ways.map(outside))}.`,
        proxies.length === 0
          ? ''
          : t`A proxy is named by ${listText(proxies.map(({ from }) => FROM[from]))}.`,
      ]
        .filter((text) => text !== '')
        .join(' ')
    },
    remedy: null,
    source: t`The host’s own interfaces and routes; nothing is sent for it`,
  },
  'different-source-address': {
    severity: 'notice',
    sentence: ({ optimize, rest }) =>
      t`${listText(optimize.map(({ host, source }) => t`${outside(host)} is sent to from ${outside(source)}`))}, but ${outside(rest.host)} from ${outside(rest.source)}: another adapter, as with a split tunnel.`,
    remedy: t`Where a VPN is meant to leave Microsoft 365 out, this is as it should be; else look at the routes.`,
    source: t`The kernel’s choice of source address`,
  },
  'nat64-prefix-seen': {
    severity: 'fact',
    sentence: ({ prefixes }) =>
      t`Hosts of IPv4 are reached through a NAT64, by addresses that begin with ${listText(prefixes.map(outside))}. They are named and judged by the IPv4 address inside.`,
    remedy: null,
    source: t`RFC 7050 (the lookup of ipv4only.arpa), RFC 6052 2.2`,
  },
  'clock-wrong': {
    severity: 'warning',
    sentence: ({ offsetMs }) =>
      t`The host’s clock is ${countText(Math.round(Math.abs(offsetMs) / MINUTE_MS), 'minute')} ${offsetMs > 0 ? t`behind` : t`ahead of`} the hub’s.`,
    remedy: t`Set the host’s clock by a time service: sign-in fails when clocks differ by more than five minutes.`,
    source: t`RFC 4120: five minutes`,
  },
  'no-proxy-set': {
    severity: 'fact',
    sentence: () => t`No proxy is set on the host.`,
    remedy: null,
    source: t`The system’s setting and the environment`,
  },
  'proxy-script-set': {
    severity: 'notice',
    sentence: ({ script, from }) =>
      t`By ${FROM[from]}, the script ${outside(script)} chooses the proxy. It was not run.`,
    remedy: t`Let the script answer DIRECT for Optimize and Allow names.`,
    source: t`The system’s setting and the environment`,
  },
  'proxy-compared': {
    severity: 'notice',
    sentence: ({ proxy, from, script, host, takes, direct, connectStatus, via }) =>
      [
        t`By ${FROM[from]}, ${outside(proxy)} is the proxy of ${takes.length === 0 ? t`none of the names looked at` : countText(takes.length, 'name looked at', 'names looked at')}.`,
        t`${outside(host)} shows ${'failure' in direct ? t`nothing directly (${wayText(direct)})` : t`${wayText(direct)} directly`}.`,
        via === null
          ? t`The proxy opens no tunnel: it answers ${connectStatus ?? t`nothing`}.`
          : t`Through the proxy: ${wayText(via)}.`,
        script === null ? '' : t`A script, ${outside(script)}, may choose otherwise.`,
      ]
        .filter((text) => text !== '')
        .join(' '),
    remedy: t`Exempt the Optimize and Allow names from the proxy.`,
    source: t`RFC 9110 9.3.6; Microsoft 365 network connectivity principles`,
  },
}
