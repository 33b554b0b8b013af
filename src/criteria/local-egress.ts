import { type Criterion, type Evidence, runnersOf } from '../core/evidence.ts'
import type { Located } from '../core/finding.ts'
import { POSITION_SLACK_KM } from '../core/geography.ts'
import type { Limit, Remedy, Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { isDisputed, relayFlows, secondSignals, vendorOf } from './egress-evidence.ts'
import { PROXY_SHOWS_IN } from './proxy-evidence.ts'
import {
  CONNECTIVITY_TEST,
  EXIT_CRITERIA,
  type Judged,
  LOCAL_KM,
  limitOf,
  missing,
  ruleByRunner,
  unlearned,
  unproven,
} from './shared.ts'
import { kmText, limitText } from './words.ts'

const REMEDY: Remedy = {
  order: 1,
  act: t`Give the office its own way out`,
  how: t`Send Microsoft 365 Optimize traffic to the local Internet provider, not through another place.`,
}
const REGISTER: Remedy = {
  order: 4,
  act: t`Register the addresses by which the office leaves`,
  how: t`With them registered, the address that the Teams relay sees is exact evidence.`,
}

const REGISTERED: Limit = { text: t`registered ranges`, source: t`the office registry` }

/** Required, step 2: Optimize traffic leaves to the Internet at the office. */
export const localEgress: Criterion = {
  id: 'local-egress',
  version: 2,
  level: 'required',
  title: t`Local egress`,
  step: t`step 2`,
  rule:
    t`Passes when all Optimize flows leave inside the registered ranges; without ranges, within 800 km with a second ` +
    t`signal and by no address that another office shows. Fails in the range of another office or of a cloud security ` +
    t`vendor, and beyond 800 km with a second signal.`,
  // The default path and the beacon's view are never owed and never judged: they are shown beside.
  restsOn: ['relay-egress', 'edge', 'door', 'rtt', 'default-egress', 'beacon-egress'],
  heeds: PROXY_SHOWS_IN,
  early: {
    restsOn: ['relay-egress'],
    isDecided: (evidence) => runnersOf(evidence).every((runnerId) => judgeFlows(evidence, runnerId) !== null),
  },
  judge: (evidence) =>
    ruleByRunner(evidence, localEgress, REMEDY, (runnerId) => judgeEgress(evidence, runnerId)),
}

/** What one runner's evidence says about where Optimize traffic leaves. */
export function judgeEgress(evidence: Evidence, runnerId: string): Judged {
  const decided = judgeFlows(evidence, runnerId)
  if (decided !== null) return decided
  const flows = relayFlows(evidence, runnerId)
  const placed = judgePlace(evidence, runnerId, flows)
  if (evidence.office.egress.length === 0 || placed.verdict === 'fail') return placed
  const because = t`Leaves by ${flows[0]?.address}, outside the registered ranges; where that is, is not proved.`
  return unproven(because, {
    limit: REGISTERED,
    signals: placed.signals ?? [],
    offer: 'register-egress',
    remedy: REGISTER,
  })
}

/** What the relay's flows say by themselves, by ranges alone; null where it takes their places and second signals. */
function judgeFlows(evidence: Evidence, runnerId: string): Judged | null {
  const flows = relayFlows(evidence, runnerId)
  if (flows.length === 0) {
    const why = unlearned(evidence, runnerId, 'relay-egress', t`The Optimize path`)
    return unproven(why ?? t`The Optimize path was not observed.`)
  }
  return evidence.office.egress.length > 0
    ? judgeRegistered(evidence, runnerId, flows)
    : judgeUnregistered(evidence, runnerId, flows)
}

function judgeRegistered(evidence: Evidence, runnerId: string, flows: readonly Located[]): Judged | null {
  const signals = flows.map((flow) => placeSignal(evidence, runnerId, flow))
  const outside = flows.filter((flow) => !flow.registered)
  if (outside.length === 0) {
    const gap = missing(evidence, runnerId, ['relay-egress'])
    if (gap !== null) return unproven(gap, { limit: REGISTERED, signals })
    const because = t`Leaves inside the registered ranges in ${flows.length} of ${flows.length} flows, all must.`
    return { verdict: 'pass', because, limit: REGISTERED, signals }
  }
  if (outside.length < flows.length) {
    const because = t`${outside.length} of ${flows.length} flows leave outside the registered ranges, none is allowed.`
    return unproven(because, { limit: REGISTERED, signals })
  }
  const limit: Limit = { ...REGISTERED, source: EXIT_CRITERIA }
  const foreign = flows.find((flow) => flow.otherOffices.length > 0)
  if (foreign !== undefined) {
    const because = t`Leaves by ${foreign.address}, which another office has registered; all must be its own.`
    return { verdict: 'fail', because, limit, signals }
  }
  const vendor = flows.find((flow) => vendorOf(flow) !== null)
  if (vendor === undefined) return null
  const because = t`Leaves by ${vendor.address}, which belongs to a cloud security vendor; none is allowed.`
  return { verdict: 'fail', because, limit, signals }
}

function judgeUnregistered(evidence: Evidence, runnerId: string, flows: readonly Located[]): Judged | null {
  const foreign = flows.filter((flow) => flow.otherOffices.some((name) => isElsewhere(evidence, name)))
  if (foreign.length === 0) return null
  const rest = {
    limit: { text: t`none is allowed`, source: EXIT_CRITERIA },
    signals: flows.map((flow) => placeSignal(evidence, runnerId, flow)),
  }
  if (foreign.length < flows.length) {
    return unproven(
      t`${foreign.length} of ${flows.length} flows leave by another office, none is allowed.`,
      rest,
    )
  }
  const because = t`Leaves by ${foreign[0]?.address}, which another office has registered; all must be its own.`
  return { verdict: 'fail', because, ...rest }
}

/** Offices of one city may share a way out; farther than positions are sharp they are different places. */
function isElsewhere(evidence: Evidence, name: string): boolean {
  const known = evidence.seenElsewhere.find((other) => other.officeName === name)
  return known === undefined || known.km > POSITION_SLACK_KM
}

/**
 * What shows a detour of the way out: the evidence that fails the egress, where that is far or another office's. A
 * security vendor's node nearby fails the egress and is no detour by itself. Null where nothing shows one.
 */
export function shownElsewhere(evidence: Evidence, runnerId: string): Judged | null {
  const egress = judgeEgress(evidence, runnerId)
  if (egress.verdict !== 'fail') return null
  const flows = relayFlows(evidence, runnerId)
  const foreign = flows.some((flow) => flow.otherOffices.length > 0)
  if (foreign || !flows.some((flow) => vendorOf(flow) !== null)) return egress
  const placed = judgePlace(evidence, runnerId, flows)
  return placed.verdict === 'fail' ? placed : null
}

/** By distance: the place of each flow, and a second signal that is no geolocation. */
function judgePlace(evidence: Evidence, runnerId: string, flows: readonly Located[]): Judged {
  const applied = limitOf(evidence, 'local-egress', LOCAL_KM, CONNECTIVITY_TEST)
  const limit = applied.limit(kmText(applied.value))
  const places = flows.map((flow) => placeSignal(evidence, runnerId, flow))
  const kms = flows.flatMap((flow) => (flow.km === null ? [] : [flow.km]))
  const offer = { offer: 'register-egress', remedy: REGISTER } as const
  if (kms.length < flows.length) {
    const lost = flows.find((flow) => flow.km === null)
    return unproven(t`Where ${lost?.address} is, is not known.`, { limit, signals: places, ...offer })
  }
  const nearest = Math.min(...kms)
  const farthest = Math.max(...kms)
  const leaves = (km: number) =>
    t`Leaves to the Internet ${kmText(km)} away, ${limitText(kmText(applied.value))}`
  if (nearest <= applied.value && farthest > applied.value) {
    const because = t`Flows disagree: ${kmText(nearest)} and ${kmText(farthest)} away, ${limitText(kmText(applied.value))}.`
    return unproven(because, { limit, signals: places })
  }
  const far = nearest > applied.value
  const second = secondSignals(evidence, runnerId, nearest, applied.value)
  const rest = { limit, signals: [...places, ...second.signals] }
  const km = far ? nearest : farthest
  const against = far ? second.near[0] : second.edgeFar ? second.far[0] : undefined
  if (against !== undefined) {
    return unproven(t`${leaves(km)}, but the ${against.name.toLowerCase()} says otherwise.`, {
      ...rest,
      ...offer,
    })
  }
  if (far) {
    return second.far.length > 0
      ? { verdict: 'fail', because: `${leaves(km)}.`, ...rest }
      : unproven(t`${leaves(km)}, by its place alone.`, { ...rest, ...offer })
  }
  return judgeNear(evidence, runnerId, flows, { ...rest, ...offer }, `${leaves(km)}`, second)
}

function judgeNear(
  evidence: Evidence,
  runnerId: string,
  flows: readonly Located[],
  rest: Omit<Judged, 'verdict' | 'because'>,
  leaves: string,
  second: ReturnType<typeof secondSignals>,
): Judged {
  if (second.near.length === 0) return unproven(t`${leaves}, by its place alone.`, rest)
  const vendor = flows.find((flow) => vendorOf(flow) !== null)
  if (vendor !== undefined) {
    return unproven(t`Leaves by ${vendor.address}, which belongs to a cloud security vendor.`, rest)
  }
  const shared = evidence.seenElsewhere.find(
    (other) => other.km > POSITION_SLACK_KM && flows.some((flow) => other.addresses.includes(flow.address)),
  )
  if (shared !== undefined) {
    const because = t`An office ${kmText(shared.km)} away leaves by the same address, so one of them does not leave locally.`
    return unproven(because, rest)
  }
  const prefixes = ['relay-egress', 'edge', 'door', 'rtt', ...(second.nearByTcpAlone ? PROXY_SHOWS_IN : [])]
  const gap = missing(evidence, runnerId, prefixes)
  if (gap !== null) return unproven(gap, rest)
  const { limit, signals } = rest
  return { verdict: 'pass', because: `${leaves}.`, ...(limit && { limit }), ...(signals && { signals }) }
}

function placeSignal(evidence: Evidence, runnerId: string, flow: Located): Signal {
  if (flow.registered)
    return { name: t`Place`, word: t`registered`, says: t`${flow.address} is registered for the office.` }
  if (flow.km === null)
    return { name: t`Place`, word: t`unlocated`, says: t`Where ${flow.address} is, is not known.` }
  if (isDisputed(evidence, runnerId, flow)) {
    const says = t`${flow.address} is said to be ${kmText(flow.km)} away, and answers sooner than light comes back from there.`
    return { name: t`Place`, word: t`disputed`, says }
  }
  const limit = limitOf(evidence, 'local-egress', LOCAL_KM, CONNECTIVITY_TEST)
  const word = flow.km > limit.value ? 'far' : 'near'
  return { name: t`Place`, word, says: t`${flow.address} is ${kmText(flow.km)} away.` }
}
