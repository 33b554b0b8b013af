import type { Finding, FindingArgs } from '../../core/finding.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { familyOf, kindOf } from '../shared/address.ts'
import { finding, unmeasured } from '../shared/findings.ts'
import { shownHost } from '../shared/targets.ts'
import type { HostResult } from './result.ts'

/** Names that VPN clients and tunnels give their adapters (probes.md 1e). Anybody may name an adapter so: a hint. */
const TUNNEL_NAME =
  /^(utun|tun|tap|wg|ppp|ipsec|gpd)\d*|anyconnect|zscaler|globalprotect|wireguard|openvpn|forti|\bvpn\b/i

/** Kerberos, and sign-in with it, allows five minutes (RFC 4120 default); tokens allow no more. */
const CLOCK_LIMIT_MS = 300_000

/** `host-seen`, what is deterministic beside it, and one finding about the proxy. */
export function evaluate(result: HostResult, context: EvaluateContext): readonly Finding[] {
  const { interfaces, clockOffsetMs } = result
  const kinds = interfaces.map(({ address }) => kindOf(address))
  const seen = finding(context, 'host', 'host-seen', {
    interfaces: interfaces.map(({ name, address }) => ({
      name,
      address,
      kind: kindOf(address),
      maybeTunnel: TUNNEL_NAME.test(name),
    })),
    ipv6: interfaces.some(
      ({ family }, at) => family === 6 && ['public', 'private'].includes(kinds[at] ?? ''),
    ),
    sources: result.sources.map(({ target, host, ...one }) => ({ host: shownHost(target, host), ...one })),
    proxies: result.proxies ?? [],
    clockOffsetMs,
  })
  const wrong = Math.abs(clockOffsetMs) > CLOCK_LIMIT_MS
  return [
    seen,
    ...differentSource(result, context),
    ...(result.nat64.length === 0
      ? []
      : [finding(context, 'nat64', 'nat64-prefix-seen', { prefixes: result.nat64 })]),
    ...(wrong ? [finding(context, 'clock', 'clock-wrong', { offsetMs: clockOffsetMs })] : []),
    proxyFinding(result, context),
  ]
}

/** Compared within one family: a host has another address of each. */
function differentSource(result: HostResult, context: EvaluateContext): readonly Finding[] {
  const { targets } = context.measurement.params
  const known = result.sources.flatMap(({ target, host, source }) => {
    const set = targets.find((one) => one.host === target)?.set
    return source === null || set === undefined
      ? []
      : [{ host: shownHost(target, host), source, category: context.atlas.category(set).toLowerCase() }]
  })
  const rest = known.find(({ category }) => category === 'default')
  if (rest === undefined) return []
  const optimize = known
    .filter(({ category }) => category === 'optimize')
    .filter(({ source }) => familyOf(source) === familyOf(rest.source) && source !== rest.source)
    .map(({ host, source }) => ({ host, source }))
  if (optimize.length === 0) return []
  const args = { optimize, rest: { host: rest.host, source: rest.source } }
  return [finding(context, 'source-address', 'different-source-address', args)]
}

function proxyFinding(result: HostResult, context: EvaluateContext): Finding {
  const { proxies, compared } = result
  if (proxies === null) return unmeasured(context, 'proxy', 'not-configured')
  const setting = compared === null ? undefined : proxies[compared.setting]
  if (compared !== null && setting !== undefined && setting.url !== null) {
    const { host, direct, connectStatus, via } = compared
    const args: FindingArgs['proxy-compared'] = {
      proxy: setting.url,
      from: setting.from,
      script: proxies.find(({ pac }) => pac !== null)?.pac ?? null,
      host,
      takes: takesOf(compared.takes, context),
      direct,
      connectStatus,
      via,
    }
    return finding(context, 'proxy', 'proxy-compared', args)
  }
  const script = proxies.find(({ pac }) => pac !== null)
  if (script !== undefined && script.pac !== null) {
    return finding(context, 'proxy', 'proxy-script-set', { script: script.pac, from: script.from })
  }
  // A proxy that nothing was asked through, for want of a host.
  if (proxies.some(({ url }) => url !== null)) return unmeasured(context, 'proxy', 'params-refused')
  return finding(context, 'proxy', 'no-proxy-set', {})
}

/** Those of the names asked about that have to connect directly. */
function takesOf(takes: readonly string[], context: EvaluateContext): readonly string[] {
  return context.measurement.params.targets
    .filter(({ host }) => takes.includes(host))
    .filter(({ set }) => ['optimize', 'allow'].includes(context.atlas.category(set).toLowerCase()))
    .map(({ host }) => host)
}
