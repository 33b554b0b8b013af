import { done, type Outcome } from '../../core/failure.ts'
import type { ProbeParams, Target } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import type { ProxySetting } from '../../core/proxy-setting.ts'
import { canonical, isLinkLocal } from '../shared/address.ts'
import { familiesByWay } from '../shared/families.ts'
import { serversOf } from '../shared/lookup.ts'
import { askNat64 } from '../shared/nat64.ts'
import { concreteHost, distinctTargets } from '../shared/targets.ts'
import { compareProxy } from './compare.ts'
import { publicAddressOf } from './lookup.ts'
import { type HostResult, MAX_INTERFACES, MAX_SHOWN_BYPASS, MAX_SOURCES } from './result.ts'

/**
 * All is over by then: a lookup that first waits for a dead server, and one way to Microsoft. The budget is eleven
 * seconds.
 */
const ALL_MS = 10_000

const MAX_NAME = 64
const MAX_ENTRY = 255

/** Looks at the host itself. Trouble with one name is its own. */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<HostResult>> {
  const { clock, host } = context.ports
  const over = new AbortController()
  const cancel = clock.after(ALL_MS, () => over.abort())
  const limited = { ...context, signal: AbortSignal.any([context.signal, over.signal]) }
  const { proxies, clockOffsetMs } = context.settings
  const targets = distinctTargets(params.targets)
  const [family] = await familiesByWay(limited)
  const [sources, compared, nat64] = await Promise.all([
    Promise.all(firstOfEachSet(targets).map((target) => sourceOf(limited, target, family))),
    compareProxy(limited, targets, proxies ?? [], family),
    speaksIpv6(context) ? askNat64(limited, serversOf(limited)) : [],
  ])
  cancel()
  return done({
    interfaces: host
      .interfaces()
      .flatMap(({ name, address, family }) => {
        const own = canonical(address)
        return own === null ? [] : [{ name: name.slice(0, MAX_NAME), address: own, family }]
      })
      .slice(0, MAX_INTERFACES),
    sources: sources.flat(),
    proxies: proxies === null ? null : proxies.slice(0, 2).map(shown),
    compared,
    nat64,
    clockOffsetMs: Math.round(clockOffsetMs()),
  })
}

/** A host with IPv4 alone has no use for a NAT64. */
function speaksIpv6(context: ProbeContext): boolean {
  const six = context.ports.host.interfaces().filter(({ family }) => family === 6)
  return six.some(({ address }) => address !== '::1' && !isLinkLocal(address))
}

function shown(setting: ProxySetting) {
  const bypass = setting.bypass.slice(0, MAX_SHOWN_BYPASS).map((entry) => entry.slice(0, MAX_ENTRY))
  return { ...setting, bypass }
}

function firstOfEachSet(targets: readonly Target[]): readonly Target[] {
  const first = targets.filter(({ set }, at) => targets.findIndex((other) => other.set === set) === at)
  return first.slice(0, MAX_SOURCES)
}

async function sourceOf(
  context: ProbeContext,
  target: Target,
  family: 4 | 6,
): Promise<HostResult['sources']> {
  const host = concreteHost(target.host, context.settings.tenant)
  if (host === null) return []
  const none = { target: target.host, host, address: null, source: null }
  const found = await publicAddressOf(context, host, family)
  if (!found.ok) return [{ ...none, failure: found.failure }]
  const address = found.result
  const from = await context.ports.host.sourceTowards(address, context.signal)
  if (!from.ok) return [{ ...none, address, failure: from.failure }]
  return [{ ...none, address, source: canonical(from.result), failure: null }]
}
