import { done, failed, type Outcome } from '../../core/failure.ts'
import type { ProbeParams } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { familyOf, isPublic } from '../shared/address.ts'
import { familiesByWay, serversWith6 } from '../shared/families.ts'
import { addressesOf, askServers, askSystem, SYSTEM_TIMEOUT_MS, systemSample } from '../shared/lookup.ts'
import { askNat64For } from '../shared/nat64.ts'
import { pause } from '../shared/steps.ts'
import { askBeacon, findBeacon } from './beacon.ts'
import { bindingTo } from './binding.ts'
import { askEcho } from './echo.ts'
import { type EgressResult, FLOWS, type Flow } from './result.ts'

/** Three sends within this time: enough for 600 ms of path and one lost datagram. */
const BINDING_TIMEOUT_MS = 2_000

/** Relay addresses used per family: two show balancing by destination, more cost nothing. */
const ADDRESSES = 4

/** These run alone, so that their round trip is not one of eight at once. */
const ALONE = 2

/**
 * The echo comes before the timed flows where it answers within this time, which five round trips across the world need;
 * a way that swallows it holds up nothing, and has nothing on it that could disturb them.
 */
const ECHO_FIRST_MS = 1_500

/** Looks at the first target, the relay, at the echo of the default path, and at the beacon. */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<EgressResult>> {
  const [relay] = params.targets
  if (relay === undefined) return failed('params-refused', 'no relay')
  const host = relay.host
  const { dns } = context.ports
  const [preferred] = await familiesByWay(context)
  const echo = askEcho(context, preferred)
  const [v4, over6] = await Promise.all([
    askSystem(context, host),
    dns.systemLookup(host, 6, SYSTEM_TIMEOUT_MS, context.signal),
    Promise.race([echo, pause(context.ports.clock, context.signal, ECHO_FIRST_MS)]),
  ])
  const v6 = systemSample(over6)
  // A relay without AAAA is no trouble worth a word.
  const system = 'addresses' in v6 ? [...v4, v6] : v4
  const [answers, ways] = await Promise.all([askServers(context, host, 1, 0), findBeacon(context, preferred)])
  const addresses = addressesOf(system, answers).filter(isPublic)
  const of = (family: 4 | 6) => addresses.filter((one) => familyOf(one) === family).slice(0, ADDRESSES)
  // Datagrams to a family that the host lacks may vanish without a word.
  const only6 = preferred === 6 && of(6).length > 0
  const flows4 = only6 ? [] : await flowsTo(context, of(4))
  const flows6 = await flowsTo(context, of(6))
  const noIpv6 = lacking(flows6)
  const noIpv4 = flows6.length > 0 && noIpv6 === null ? lacking(flows4) : null
  // The relay's flows are timed; what comes now is not.
  const [nat64, beacon] = await Promise.all([
    askNat64For(context, addresses, serversWith6(answers)),
    askBeacon(context, ways),
  ])
  return done({
    nat64,
    target: host,
    system,
    answers,
    flows: [...(noIpv4 === null ? flows4 : []), ...(noIpv6 === null ? flows6 : [])],
    noIpv6,
    echo: await echo,
    beacon,
  })
}

/** Eight flows spread over the addresses: two alone, the others together; none to a family that has no route. */
async function flowsTo(context: ProbeContext, addresses: readonly string[]): Promise<Flow[]> {
  const to = Array.from({ length: FLOWS }, (_, index) => addresses[index % addresses.length]).filter(
    (address) => address !== undefined,
  )
  const flows: Flow[] = []
  for (const address of to.slice(0, ALONE)) {
    flows.push(await bindingTo(context, address, BINDING_TIMEOUT_MS))
    if (lacking(flows) !== null) return flows
  }
  return [
    ...flows,
    ...(await Promise.all(to.slice(ALONE).map((address) => bindingTo(context, address, BINDING_TIMEOUT_MS)))),
  ]
}

/** The word for a host that has no route of this family at all; null when a flow got as far as being sent. */
function lacking(flows: readonly Flow[]): 'network-unreachable' | null {
  const none =
    flows.length > 0 && flows.every((one) => 'failure' in one && one.failure === 'network-unreachable')
  return none ? 'network-unreachable' : null
}
