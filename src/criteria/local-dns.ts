import { anyHolds, overlap, parseRange } from '../core/cidr.ts'
import type { Criterion, Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import type { DoorSeen, ResolverSeen } from '../core/finding.ts'
import { boundKm } from '../core/geography.ts'
import type { Remedy, Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { applicationDoors } from './application-doors.ts'
import { isAccepted, isFarther, nearKm, reachedKm } from './door-distance.ts'
import { egressIsLocal } from './egress-evidence.ts'
import {
  CONNECTIVITY_TEST,
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
  act: t`Resolve names at the office`,
  how: t`Use a resolver that leaves to the Internet at the office, with or after the office's own way out.`,
}

/** Required, step 2: the resolvers that serve applications leave to the Internet near the office. */
export const localDns: Criterion = {
  id: 'local-dns',
  version: 4,
  level: 'required',
  title: t`Local DNS`,
  step: t`step 2`,
  rule:
    t`Passes when every resolver that serves applications is registered, within 800 km, or bounded within 800 km by ` +
    t`time, as the authority sees it. Fails when one is farther and a far door or its times agree.`,
  restsOn: ['resolver', 'door', 'relay-egress'],
  judge: (evidence) => ruleByRunner(evidence, localDns, REMEDY, (runnerId) => judgeDns(evidence, runnerId)),
}

type Standing = 'ok' | 'far' | 'open'

function judgeDns(evidence: Evidence, runnerId: string): Judged {
  const seen = findingsOf(evidence, 'resolvers-seen', runnerId).map((finding) => finding.args)
  const serving = seen.flatMap((args) => args.serving)
  const applied = limitOf(evidence, 'local-dns', LOCAL_KM, CONNECTIVITY_TEST)
  const limitKm = applied.value
  const signals = [
    ...serving.map((resolver) => placeSignal(resolver, limitKm)),
    ...seen.flatMap((args) => args.idle.filter((at) => standingOf(at, limitKm) === 'far').map(idleSignal)),
  ]
  const rest = { limit: applied.limit(kmText(limitKm)), signals }
  if (serving.length === 0) {
    const why = unlearned(evidence, runnerId, 'resolver', t`The resolver`)
    return unproven(why ?? t`No resolver was seen to serve the system.`, rest)
  }
  const far = serving
    .filter((resolver) => standingOf(resolver, limitKm) === 'far')
    .map((resolver) => judgeFar(evidence, runnerId, resolver, limitKm, rest))
  const failing = far.find((judged) => judged.verdict === 'fail') ?? far[0]
  if (failing !== undefined) return failing
  const open = serving.find((resolver) => standingOf(resolver, limitKm) === 'open')
  if (open !== undefined) {
    const why = open.place === 'disputed' ? t`its place and its times disagree` : t`its place is not known`
    return unproven(t`Resolver leaves by ${open.address}; ${why}.`, rest)
  }
  const gap = missing(evidence, runnerId, ['resolver', 'door', 'relay-egress'])
  if (gap !== null) return unproven(gap, rest)
  return judgeLocal(evidence, runnerId, serving, limitKm, rest)
}

/** How an address stands to the limit that was applied, which may be the office's own. */
function standingOf(resolver: ResolverSeen, limitKm: number): Standing {
  const { place, km } = resolver
  if (resolver.registered || place === 'registered') return 'ok'
  if (place === 'bounded') {
    const bound = resolver.uncachedMs === null ? LOCAL_KM : Math.min(LOCAL_KM, boundKm(resolver.uncachedMs))
    return bound <= limitKm || (km !== null && km <= limitKm) ? 'ok' : 'open'
  }
  if (place === 'disputed' || place === 'unlocated') return 'open'
  if (km === null) return limitKm === LOCAL_KM ? (place === 'near' ? 'ok' : 'far') : 'open'
  return km <= limitKm ? 'ok' : 'far'
}

function judgeFar(
  evidence: Evidence,
  runnerId: string,
  resolver: ResolverSeen,
  limitKm: number,
  rest: Omit<Judged, 'verdict' | 'because'>,
): Judged {
  const away = resolver.km === null ? 'far' : kmText(resolver.km)
  const leaves = t`Resolver leaves ${away} away, ${limitText(kmText(limitKm))}`
  const looks = findingsOf(evidence, 'doors-seen', runnerId).map(({ args }) => args)
  const nearestKm = looks.flatMap(({ nearest }) => nearest ?? [])[0]?.km ?? null
  const isNear = (door: DoorSeen): boolean =>
    reachedKm(door) !== null && !isFarther(evidence.office, door, nearestKm, limitKm)
  // Every resolver leads to the nearest door, where none is within the limit: it tells nothing.
  const isFar = (door: DoorSeen): boolean =>
    (reachedKm(door) ?? 0) > Math.max(limitKm, nearestKm ?? 0) && !isAccepted(evidence.office, door)
  const doors = looks.flatMap((args) => args.doors)
  const { certain, possible } = applicationDoors(evidence, runnerId, doors)
  const reached = [...certain, ...possible]
  if (sentOwnSubnet(evidence, runnerId, resolver) && reached.length > 0 && reached.every(isNear)) {
    const because = t`${leaves}, but Microsoft's answer heeds the office's own subnet and the door reached is near.`
    return unproven(because, rest)
  }
  const alone = findingsOf(evidence, 'resolvers-seen', runnerId).every(
    (finding) => finding.args.serving.length === 1,
  )
  // What only an idle server leads to, applications never get.
  const farDoor = certain.find((door) => isFrom(door, resolver, alone) && isFar(door))
  const signals = [...(rest.signals ?? [])]
  if (farDoor !== undefined) {
    const says = t`The door reached through it is ${kmText(reachedKm(farDoor) ?? 0)} away, ${limitText(kmText(limitKm))}.`
    signals.push({ name: t`Front door`, word: t`far`, says })
  }
  if (resolver.timeSaysFar) {
    const says = t`A name it cannot know takes longer than a known one by what the far place needs.`
    signals.push({ name: t`Time`, word: t`far`, says })
  }
  return farDoor !== undefined || resolver.timeSaysFar
    ? { ...rest, verdict: 'fail', because: `${leaves}.`, signals }
    : unproven(t`${leaves}, by its place alone.`, rest)
}

/** Led to through this resolver, as far as servers tell; the system's own door when the resolver is the `alone` one. */
function isFrom(door: DoorSeen, resolver: ResolverSeen, alone: boolean): boolean {
  if (resolver.servers.length === 0 || door.servers.length === 0) return true
  return (alone && door.bySystem) || door.servers.some((server) => resolver.servers.includes(server))
}

/**
 * The client subnet that the resolver passes on is the office's own way out (registered, or as the relay saw it), and
 * Microsoft's answer holds for that subnet: sent and not heeded, it changes nothing.
 */
function sentOwnSubnet(evidence: Evidence, runnerId: string, resolver: ResolverSeen): boolean {
  const { clientSubnet, subnetScope } = resolver
  const sent = clientSubnet === null ? null : parseRange(clientSubnet)
  if (clientSubnet === null || sent === null || sent.bits === 0) return false
  if (subnetScope === null || subnetScope === 0) return false
  const relay = findingsOf(evidence, 'relay-egress-seen', runnerId).flatMap(({ args }) => args.flows)
  // An office may have several ways out, and one of each family: the subnet is that of one of them.
  if (relay.some(({ from }) => from !== null && anyHolds([clientSubnet], from.address))) return true
  return evidence.office.egress.some((cidr) => {
    const own = parseRange(cidr)
    return own !== null && overlap(own, sent)
  })
}

/** Every resolver is local. If the way out is too, a far door says that Microsoft's names take another resolver. */
function judgeLocal(
  evidence: Evidence,
  runnerId: string,
  serving: readonly ResolverSeen[],
  limitKm: number,
  rest: Omit<Judged, 'verdict' | 'because'>,
): Judged {
  if (egressIsLocal(evidence, runnerId, LOCAL_KM)) {
    for (const { args } of findingsOf(evidence, 'doors-seen', runnerId)) {
      const doors = applicationDoors(evidence, runnerId, args.doors)
      const stray = [...doors.certain, ...doors.possible].find((door) =>
        isFarther(evidence.office, door, args.nearest?.km ?? null, limitKm),
      )
      if (stray !== undefined) {
        const because = t`Resolver and egress are local, yet the door is ${kmText(nearKm(stray))} away: Microsoft's names may take another resolver.`
        return unproven(because, rest)
      }
    }
  }
  return { verdict: 'pass', because: sentenceOf(serving, limitKm), ...rest }
}

function sentenceOf(serving: readonly ResolverSeen[], limitKm: number): string {
  // What times prove to be near may be said to be far.
  const kms = serving.flatMap(({ registered, place, km }) =>
    registered || place === 'bounded' || km === null ? [] : [km],
  )
  const count = serving.length === 1 ? t`Resolver leaves` : t`All ${serving.length} resolvers leave`
  if (serving.every((resolver) => resolver.registered || resolver.place === 'registered')) {
    return t`${count} by registered addresses, all must.`
  }
  return kms.length === 0
    ? t`${count} within ${kmText(limitKm)}, as times prove.`
    : t`${count} ${kmText(Math.max(...kms))} away, ${limitText(kmText(limitKm))}.`
}

function placeSignal(resolver: ResolverSeen, limitKm: number): Signal {
  const word = { ok: resolver.registered ? 'registered' : 'near', far: 'far', open: resolver.place }
  const where = resolver.km === null ? t`at an unknown place` : t`${kmText(resolver.km)} away`
  return {
    name: t`Place`,
    word: word[standingOf(resolver, limitKm)],
    says: t`${resolver.address} served ${resolver.nonces} one-time names, ${where}.`,
  }
}

function idleSignal(resolver: ResolverSeen): Signal {
  const where = resolver.km === null ? t`far away` : t`${kmText(resolver.km)} away`
  return {
    name: t`Idle resolver`,
    word: t`far`,
    says: t`${resolver.address} is ${where} and served nothing.`,
  }
}
