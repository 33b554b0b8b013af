import type { Criterion, Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import { FAILURES } from '../core/failure.ts'
import type { DoorSeen, FindingArgs } from '../core/finding.ts'
import { isImpossible } from '../core/geography.ts'
import { hasKnownDoors } from '../core/instance.ts'
import type { Remedy, Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { applicationDoors } from './application-doors.ts'
import { isAccepted, NEAREST_FACTOR } from './door-distance.ts'
import { PROXY_SHOWS_IN, provedProxy } from './proxy-evidence.ts'
import {
  type AppliedLimit,
  CONNECTIVITY_TEST,
  type Judged,
  LOCAL_KM,
  limitOf,
  missing,
  ruleByRunner,
  unlearned,
  unproven,
} from './shared.ts'
import { kmText, limitText, msText } from './words.ts'

const REMEDY: Remedy = {
  order: 1,
  act: t`Resolve names and leave to the Internet at the office`,
  how: t`Microsoft picks the door near the resolver that asks; once that leaves locally, so does the door.`,
  mendedBy: ['local-dns', 'local-egress'],
}

/**
 * Required, step 2's consequence: Exchange answers from the nearest front door. Exchange alone decides. SharePoint's
 * edge and Teams' relay region are shown where they are named, with their limit where they are beyond it: 800 km, for
 * a region also 1.5 times the nearest known one, since relays flap between neighbours. They are judged elsewhere,
 * because alone they prove no far door: the edge is anycast, so it tells where the egress is (`local-egress` takes it
 * as a second signal); which regions have relays Microsoft does not say, and they follow the resolver, as the door does.
 */
export const nearestFrontDoor: Criterion = {
  id: 'nearest-front-door',
  version: 3,
  level: 'required',
  title: t`Nearest front door`,
  step: t`step 2`,
  rule:
    t`Passes when every Exchange door that applications get is accepted for the office or within 1.5 times the nearest ` +
    t`known door. Fails beyond 800 km and 1.5 times the nearest, when the name and the door itself agree and it does ` +
    t`not answer sooner than light allows.`,
  restsOn: ['door', 'resolver', 'rtt', 'edge', 'relay-region'],
  heeds: PROXY_SHOWS_IN,
  judge: (evidence) =>
    ruleByRunner(evidence, nearestFrontDoor, REMEDY, (runnerId) => judgeDoors(evidence, runnerId)),
}

type Nearest = FindingArgs['doors-seen']['nearest']

function judgeDoors(evidence: Evidence, runnerId: string): Judged {
  const applied = limitOf(evidence, 'nearest-front-door', LOCAL_KM, CONNECTIVITY_TEST)
  const signals = serviceSignals(evidence, runnerId)
  const judged = findingsOf(evidence, 'doors-seen', runnerId).flatMap(({ args }) => {
    const { certain, possible } = applicationDoors(evidence, runnerId, args.doors)
    const judged = [
      ...certain.map((door) => judgeDoor(evidence, runnerId, door, args.nearest, applied)),
      ...possible.map((door) => softened(judgeDoor(evidence, runnerId, door, args.nearest, applied))),
    ]
    return hasKnownDoors(args.host) ? judged : judged.map((one) => ofOtherInstance(one, args.host))
  })
  const failing = judged.find((door) => door.verdict === 'fail')
  if (failing !== undefined) return withSignals(failing, signals)
  const gap =
    unlearned(evidence, runnerId, 'door', t`The front door`) ??
    missing(evidence, runnerId, ['door', 'resolver'])
  if (gap !== null) return unproven(gap, { signals })
  const open = judged.find((door) => door.verdict === 'unproven')
  const [first] = judged
  if (first === undefined) return unproven(t`No front door was seen that applications get.`, { signals })
  return withSignals(open ?? first, signals)
}

/** Only a door that an admin accepted is known to be a good one. */
function ofOtherInstance(judged: Judged, host: string): Judged {
  if (judged.verdict === 'pass') return judged
  return {
    ...judged,
    verdict: 'unproven',
    because: t`Which front doors ${host} has is not published, so none is near or far.`,
  }
}

/** A door that applications may not get fails nothing. */
function softened(judged: Judged): Judged {
  return judged.verdict === 'fail' ? { ...judged, verdict: 'unproven' } : judged
}

function withSignals(judged: Judged, signals: readonly Signal[]): Judged {
  return { ...judged, signals: [...(judged.signals ?? []), ...signals] }
}

function judgeDoor(
  evidence: Evidence,
  runnerId: string,
  door: DoorSeen,
  nearest: Nearest,
  applied: AppliedLimit,
): Judged {
  const { named, header } = door
  if (named === null) return unproven(t`The front door is named in a way that is not known.`)
  const signals = [
    { name: t`Name`, word: named, says: t`DNS names ${named}.` },
    {
      name: t`Door`,
      word: header ?? 'silent',
      says: header === null ? t`It did not say.` : t`It says ${header}.`,
    },
  ]
  if (!door.reached) {
    const why = door.failure === null ? '' : `: ${FAILURES[door.failure]}`
    return unproven(t`${named} is named but was not reached${why}.`, { signals })
  }
  if (header !== null && header.toUpperCase() !== named.toUpperCase()) {
    return unproven(t`DNS names ${named}, but the door says ${header}.`, { signals })
  }
  if (isAccepted(evidence.office, door)) {
    const limit = { text: t`accepted doors`, source: t`the office registry` }
    return {
      verdict: 'pass',
      because: t`Reaches ${named}, which is accepted for the office.`,
      signals,
      limit,
    }
  }
  const km = door.namedKm ?? door.headerKm
  if (km === null)
    return unproven(t`Reaches ${named}, whose place is not known.`, { signals, offer: 'accept-door' })
  if (nearest === null)
    return unproven(t`Reaches ${named}; no nearest door is known.`, { signals, offer: 'accept-door' })
  const reached = {
    code: named,
    km,
    silent: header === null,
    quickestMs: quickestMs(evidence, runnerId, door),
  }
  return judgeDistance(reached, nearest, applied, signals)
}

function judgeDistance(
  door: {
    readonly code: string
    readonly km: number
    readonly silent: boolean
    readonly quickestMs: number | null
  },
  nearest: NonNullable<Nearest>,
  applied: AppliedLimit,
  signals: readonly Signal[],
): Judged {
  const near = NEAREST_FACTOR * nearest.km
  const farLimit = Math.max(applied.value, near)
  // An admin who set a number wants it kept: nothing then lies between pass and fail.
  const passLimit = applied.overridden ? farLimit : near
  const limit = applied.limit(kmText(farLimit))
  const reaches = t`Reaches ${door.code}, ${kmText(door.km)} away`
  if (door.km <= passLimit || door.code.toUpperCase() === nearest.code.toUpperCase()) {
    return {
      verdict: 'pass',
      because: `${reaches}, ${limitText(kmText(farLimit))}.`,
      signals,
      limit,
    }
  }
  const than = t`${nearest.code} is ${kmText(nearest.km)} away`
  if (door.km <= farLimit) {
    return unproven(t`${reaches}, but ${than}.`, { signals, limit, offer: 'accept-door' })
  }
  if (door.quickestMs !== null && isImpossible(door.km, door.quickestMs)) {
    const says = t`${door.code} is said to be ${kmText(door.km)} away, and answers in ${msText(door.quickestMs)}, sooner than light comes back from there.`
    const disputed = [...signals, { name: t`Place`, word: t`disputed`, says }]
    return unproven(says, { signals: disputed, limit, offer: 'accept-door' })
  }
  const because = `${reaches}, ${limitText(kmText(farLimit))}; ${than}.`
  return door.silent
    ? unproven(t`${reaches} by its name alone, ${limitText(kmText(farLimit))}.`, {
        signals,
        limit,
        offer: 'accept-door',
      })
    : { verdict: 'fail', because, signals, limit }
}

/**
 * The least time in which a door answered, both TCP and TLS, which a proxy that ends TCP alone cannot shorten. Null
 * where no time says anything: none was taken, or a proxy is proved.
 */
function quickestMs(evidence: Evidence, runnerId: string, door: DoorSeen): number | null {
  if (provedProxy(evidence, runnerId)) return null
  const times = findingsOf(evidence, 'door-timed', runnerId)
    .flatMap(({ args }) => args.doors)
    .filter(({ address }) => door.addresses.includes(address))
    .flatMap(({ tlsRoundTripMs, minMs }) => (minMs === null ? [] : Math.max(minMs, tlsRoundTripMs ?? 0)))
  return times.length === 0 ? null : Math.min(...times)
}

/**
 * Where SharePoint's edge and Teams' relay region are, where they are named. Far ones say so and decide nothing here.
 */
function serviceSignals(evidence: Evidence, runnerId: string): readonly Signal[] {
  const edges = findingsOf(evidence, 'edge-seen', runnerId).flatMap(({ args }) =>
    args.code === null ? [] : [serviceSignal(t`SharePoint edge`, args.code, args.km, LOCAL_KM)],
  )
  const regions = findingsOf(evidence, 'relay-region-seen', runnerId).map(({ args }) => {
    const limitKm = Math.max(LOCAL_KM, NEAREST_FACTOR * (args.nearest?.km ?? 0))
    return serviceSignal(t`Teams region`, args.region, args.km, limitKm)
  })
  const told = [...edges, ...regions].map((signal) => [`${signal.name} ${signal.word}`, signal] as const)
  return [...new Map(told).values()]
}

function serviceSignal(name: string, word: string, km: number | null, limitKm: number): Signal {
  if (km === null) return { name, word, says: t`Its place is not known.` }
  const far = km > limitKm
  return {
    name,
    word,
    says: far ? t`${kmText(km)} away, ${limitText(kmText(limitKm))}.` : t`${kmText(km)} away.`,
  }
}
