import type { Criterion, Evidence } from '../core/evidence.ts'
import type { Located } from '../core/finding.ts'
import { POSITION_SLACK_KM } from '../core/geography.ts'
import type { Limit, Remedy, Signal } from '../core/ruling.ts'
import { isDisputed, relayFlows, secondSignals, vendorOf } from './egress-evidence.ts'
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
  act: 'Give the office its own way out',
  how: 'Send Microsoft 365 Optimize traffic to the local Internet provider, not through another place.',
}
const REGISTER: Remedy = {
  order: 4,
  act: 'Register the addresses by which the office leaves',
  how: 'With them registered, the address that the Teams relay sees is exact evidence.',
}

/** Required, step 2: Optimize traffic leaves to the Internet at the office. */
export const localEgress: Criterion = {
  id: 'local-egress',
  version: 1,
  level: 'required',
  title: 'Local egress',
  step: 'step 2',
  rule:
    'Passes when all Optimize flows leave inside the registered ranges; without ranges, within 800 km with a second ' +
    'signal and by no address that another office shows. Fails in the range of another office or of a cloud security ' +
    'vendor, and beyond 800 km with a second signal.',
  restsOn: ['relay-egress', 'edge', 'door', 'rtt'],
  judge: (evidence) =>
    ruleByRunner(evidence, localEgress, REMEDY, (runnerId) => judgeEgress(evidence, runnerId)),
}

/** What one runner's evidence says about where Optimize traffic leaves. */
export function judgeEgress(evidence: Evidence, runnerId: string): Judged {
  const flows = relayFlows(evidence, runnerId)
  if (flows.length === 0) {
    const why = unlearned(evidence, runnerId, 'relay-egress', 'The Optimize path')
    return unproven(why ?? 'The Optimize path was not observed.')
  }
  return evidence.office.egress.length > 0
    ? judgeRegistered(evidence, runnerId, flows)
    : judgeUnregistered(evidence, runnerId, flows)
}

function judgeRegistered(evidence: Evidence, runnerId: string, flows: readonly Located[]): Judged {
  const limit: Limit = { text: 'registered ranges', source: 'the office registry' }
  const outside = flows.filter((flow) => !flow.registered)
  const signals = flows.map((flow) => placeSignal(evidence, runnerId, flow))
  if (outside.length === 0) {
    const gap = missing(evidence, runnerId, ['relay-egress'])
    if (gap !== null) return unproven(gap, { limit, signals })
    const because = `Leaves inside the registered ranges in ${flows.length} of ${flows.length} flows, all must.`
    return { verdict: 'pass', because, limit, signals }
  }
  if (outside.length < flows.length) {
    const because = `${outside.length} of ${flows.length} flows leave outside the registered ranges, none is allowed.`
    return unproven(because, { limit, signals })
  }
  const foreign = flows.find((flow) => flow.otherOffices.length > 0)
  if (foreign !== undefined) {
    const because = `Leaves by ${foreign.address}, which another office has registered; all must be its own.`
    return { verdict: 'fail', because, limit: { text: 'registered ranges', source: EXIT_CRITERIA }, signals }
  }
  const vendor = flows.find((flow) => vendorOf(flow) !== null)
  if (vendor !== undefined) {
    const because = `Leaves by ${vendor.address}, which belongs to a cloud security vendor; none is allowed.`
    return { verdict: 'fail', because, limit: { text: 'registered ranges', source: EXIT_CRITERIA }, signals }
  }
  const placed = judgePlace(evidence, runnerId, flows)
  if (placed.verdict === 'fail') return placed
  const because = `Leaves by ${flows[0]?.address}, outside the registered ranges; where that is, is not proved.`
  return unproven(because, {
    limit,
    signals: placed.signals ?? signals,
    offer: 'register-egress',
    remedy: REGISTER,
  })
}

function judgeUnregistered(evidence: Evidence, runnerId: string, flows: readonly Located[]): Judged {
  const foreign = flows.filter((flow) => flow.otherOffices.some((name) => isElsewhere(evidence, name)))
  if (foreign.length > 0) {
    const signals = flows.map((flow) => placeSignal(evidence, runnerId, flow))
    const limit: Limit = { text: 'none is allowed', source: EXIT_CRITERIA }
    return foreign.length === flows.length
      ? {
          verdict: 'fail',
          because: `Leaves by ${foreign[0]?.address}, which another office has registered; all must be its own.`,
          limit,
          signals,
        }
      : unproven(`${foreign.length} of ${flows.length} flows leave by another office, none is allowed.`, {
          limit,
          signals,
        })
  }
  return judgePlace(evidence, runnerId, flows)
}

/** Offices of one city may share a way out; farther than positions are sharp they are different places. */
function isElsewhere(evidence: Evidence, name: string): boolean {
  const known = evidence.seenElsewhere.find((other) => other.officeName === name)
  return known === undefined || known.km > POSITION_SLACK_KM
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
    return unproven(`Where ${lost?.address} is, is not known.`, { limit, signals: places, ...offer })
  }
  const nearest = Math.min(...kms)
  const farthest = Math.max(...kms)
  const leaves = (km: number) =>
    `Leaves to the Internet ${kmText(km)} away, ${limitText(kmText(applied.value))}`
  if (nearest <= applied.value && farthest > applied.value) {
    const because = `Flows disagree: ${kmText(nearest)} and ${kmText(farthest)} away, ${limitText(kmText(applied.value))}.`
    return unproven(because, { limit, signals: places })
  }
  const far = nearest > applied.value
  const second = secondSignals(evidence, runnerId, nearest, applied.value)
  const rest = { limit, signals: [...places, ...second.signals] }
  const km = far ? nearest : farthest
  if (
    far ? second.agreeNear : second.signals.some((signal) => signal.name === 'Edge' && signal.word === 'far')
  ) {
    const against = second.signals.find((signal) => signal.word === (far ? 'near' : 'far'))
    return unproven(`${leaves(km)}, but the ${against?.name.toLowerCase()} says otherwise.`, {
      ...rest,
      ...offer,
    })
  }
  if (far) {
    return second.agreeFar
      ? { verdict: 'fail', because: `${leaves(km)}.`, ...rest }
      : unproven(`${leaves(km)}, by its place alone.`, { ...rest, ...offer })
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
  if (!second.agreeNear) return unproven(`${leaves}, by its place alone.`, rest)
  const vendor = flows.find((flow) => vendorOf(flow) !== null)
  if (vendor !== undefined) {
    return unproven(`Leaves by ${vendor.address}, which belongs to a cloud security vendor.`, rest)
  }
  const shared = evidence.seenElsewhere.find(
    (other) => other.km > POSITION_SLACK_KM && flows.some((flow) => other.addresses.includes(flow.address)),
  )
  if (shared !== undefined) {
    const because = `An office ${kmText(shared.km)} away leaves by the same address, so one of them does not leave locally.`
    return unproven(because, rest)
  }
  const prefixes = ['relay-egress', 'edge', 'door', 'rtt', ...(second.nearByTcpAlone ? ['tls'] : [])]
  const gap = missing(evidence, runnerId, prefixes)
  if (gap !== null) return unproven(gap, rest)
  const { limit, signals } = rest
  return { verdict: 'pass', because: `${leaves}.`, ...(limit && { limit }), ...(signals && { signals }) }
}

function placeSignal(evidence: Evidence, runnerId: string, flow: Located): Signal {
  if (flow.registered)
    return { name: 'Place', word: 'registered', says: `${flow.address} is registered for the office.` }
  if (flow.km === null)
    return { name: 'Place', word: 'unlocated', says: `Where ${flow.address} is, is not known.` }
  if (isDisputed(evidence, runnerId, flow)) {
    const says = `${flow.address} is said to be ${kmText(flow.km)} away, and answers sooner than light comes back from there.`
    return { name: 'Place', word: 'disputed', says }
  }
  const limit = limitOf(evidence, 'local-egress', LOCAL_KM, CONNECTIVITY_TEST)
  const word = flow.km > limit.value ? 'far' : 'near'
  return { name: 'Place', word, says: `${flow.address} is ${kmText(flow.km)} away.` }
}
