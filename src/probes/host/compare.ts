import { failed, type Outcome } from '../../core/failure.ts'
import type { Target } from '../../core/measurement.ts'
import type { TlsSeen, TunnelSeen } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { type ProxySetting, proxyTakes } from '../../core/proxy-setting.ts'
import { round2 } from '../shared/numbers.ts'
import { concreteHost, isRelay } from '../shared/targets.ts'
import { authorityKeyOf, parseCertificate, shortName, signedPath } from '../tls-path/certificates.ts'
import { proxyAddressOf, publicAddressOf } from './lookup.ts'
import { type Compared, MAX_TAKES, type Way } from './result.ts'

/** Connect, CONNECT and handshake are four round trips at most, and two more where TLS is spoken with the proxy. */
const WAY_TIMEOUT_MS = 3_000

const HTTPS_PORT = 443

/** The first setting that names a proxy, tried with the first host; null when none does or there is no host. */
export async function compareProxy(
  context: ProbeContext,
  targets: readonly Target[],
  settings: readonly ProxySetting[],
  family: 4 | 6,
): Promise<Compared | null> {
  const at = settings.findIndex(({ url }) => url !== null)
  const setting = settings[at]
  // The relay takes no part in HTTP.
  const web = targets.filter((target) => !isRelay(target))
  const hosts = web.flatMap(({ host }) => concreteHost(host, context.settings.tenant) ?? [])
  const [host] = hosts
  if (setting === undefined || setting.url === null || host === undefined) return null
  const [direct, tunnel] = await Promise.all([
    directly(context, host, family),
    through(context, host, new URL(setting.url), family),
  ])
  return {
    setting: at,
    host,
    takes: web
      .filter((target) => proxyTakes(setting, concreteHost(target.host, context.settings.tenant) ?? ''))
      .map((target) => target.host)
      .slice(0, MAX_TAKES),
    direct: direct.ok ? wayOf(direct.result, direct.result.tcpMs) : { failure: direct.failure },
    ...viaOf(tunnel),
  }
}

function viaOf(tunnel: Outcome<TunnelSeen>): Pick<Compared, 'connectStatus' | 'via'> {
  if (!tunnel.ok) return { connectStatus: null, via: { failure: tunnel.failure } }
  const { status, tls, openMs } = tunnel.result
  if (tls === null) return { connectStatus: status, via: null }
  return { connectStatus: status, via: tls.ok ? wayOf(tls.result, openMs) : { failure: tls.failure } }
}

async function directly(context: ProbeContext, host: string, family: 4 | 6): Promise<Outcome<TlsSeen>> {
  const found = await publicAddressOf(context, host, family)
  if (!found.ok) return failed(found.failure)
  const dial = { address: found.result, port: HTTPS_PORT, timeoutMs: WAY_TIMEOUT_MS, host }
  return context.ports.tcp.handshake(dial, context.signal)
}

async function through(
  context: ProbeContext,
  host: string,
  proxy: URL,
  family: 4 | 6,
): Promise<Outcome<TunnelSeen>> {
  const named = proxy.hostname.replace(/^\[|\]$/g, '')
  const found = await proxyAddressOf(context, named, family)
  if (!found.ok) return failed(found.failure)
  const tls = proxy.protocol === 'https:'
  const usual = tls ? HTTPS_PORT : 80
  const port = proxy.port === '' ? usual : Number(proxy.port)
  const target = {
    proxy: { address: found.result, port, host: named, tls },
    host,
    port: HTTPS_PORT,
    timeoutMs: WAY_TIMEOUT_MS,
  }
  return context.ports.tcp.tunnel(target, context.signal)
}

function wayOf(tls: TlsSeen, beforeMs: number): Way {
  const certificates = tls.chain.flatMap((der) => parseCertificate(der) ?? [])
  return {
    ms: round2(beforeMs + tls.tlsMs),
    verified: tls.verified,
    issuer: shortName(certificates[0]?.issuer ?? ''),
    authorityKey: authorityKeyOf(signedPath(certificates)),
  }
}
