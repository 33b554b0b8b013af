import { anyHolds, parseRange } from '../../core/cidr.ts'
import { distanceKm } from '../../core/geography.ts'
import type { Latest } from '../../core/latest.ts'
import { type Office, overrideFor } from '../../core/office.ts'
import type { Atlas } from '../../core/probe.ts'
import {
  type ChosenBy,
  chooseOffice,
  DOOR_NAMES,
  type DoorSeen,
  offsetMinutes,
  type SelfAddress,
  type SelfEvidence,
} from '../../core/self-check.ts'
import { specialIn } from '../../core/special-ranges.ts'
import { securityVendorOf } from '../../core/vendors.ts'
import { verdictOf } from '../../core/verdict.ts'
import type { SelfPage } from '../../wire/self-check.ts'

/** Microsoft's limit for a way out and for a resolver, km (Microsoft 365 network connectivity test). */
const LIMIT_KM = 800

/** How an office leaves changes seldom, and most are checked daily: older than this nothing is concluded from it. */
const OFFICE_FRESH_MS = 24 * 3600_000

/** Offices nearer than this are one place for what leaves by the same address. */
const SAME_PLACE_KM = 100

/** What a self-check is set beside: read once for each. */
export interface SelfContext {
  /** Offices of the world that the self-check was made in. */
  readonly offices: readonly Office[]
  readonly latest: readonly Latest[]
  readonly atlas: Atlas
  /** Epoch ms. */
  readonly now: number
}

/** What a browser said and what was seen of it. */
export interface SelfSeen {
  readonly named: string | null
  readonly page: Pick<SelfPage, 'doors' | 'timeZone'>
  readonly egress: readonly string[]
  /** Null: there is no beacon, or it could not be read. */
  readonly resolvers: readonly string[] | null
  /** The doors that the page was told to ask: no other counts. */
  readonly asked: readonly string[]
}

/** The office by which somebody is judged who leaves by these addresses. */
export function officeFor(
  who: {
    readonly named: string | null
    readonly timeZone: string | null
    readonly egress: readonly string[]
  },
  context: SelfContext,
): { readonly office: Office; readonly by: ChosenBy } | null {
  return chooseOffice({
    ...who,
    offices: context.offices,
    egress: who.egress.map((address) => ({ address, at: context.atlas.locate(address) })),
    isOf: (office, address) => isOf(office, address, context),
  })
}

/** Sets what a browser showed beside the office of comparison and the tables; pure. */
export function gatherSelf(seen: SelfSeen, context: SelfContext): SelfEvidence {
  const { page, egress, named } = seen
  const { now, atlas } = context
  const chosen = officeFor({ named, timeZone: page.timeZone, egress }, context)
  const office = chosen?.office ?? null
  const place = (address: string) => addressOf(address, office, context)
  const offset = page.timeZone === null ? null : offsetMinutes(page.timeZone, now)
  const officeOffset = office === null ? null : offsetMinutes(office.timeZone, now)
  return {
    office:
      chosen === null
        ? null
        : {
            id: chosen.office.id,
            name: chosen.office.name,
            by: chosen.by,
            localEgress: localEgressOf(chosen.office, context),
            doorKm: chosen.office.placed
              ? distanceKm(chosen.office.at, atlas.nearestDoor(chosen.office.at))
              : null,
          },
    limitKm: (office && overrideFor(office, 'local-egress', now)?.value) ?? LIMIT_KM,
    egress: egress.map(place),
    resolvers: seen.resolvers?.map(place) ?? null,
    doors: doorsOf(seen),
    zoneDiffers: offset !== null && officeOffset !== null && offset !== officeOffset,
  }
}

/** Of each door that was asked one word; one that the page does not tell of did not answer. */
function doorsOf({ asked, page }: SelfSeen): readonly DoorSeen[] {
  return DOOR_NAMES.filter((name) => asked.includes(name)).map((name): DoorSeen => {
    const told = page.doors.find((door) => door.name === name)
    if (told === undefined) return { name, kind: 'silent' }
    return told.kind === 'answered' ? { name, kind: told.kind, ms: told.ms } : { name, kind: told.kind }
  })
}

/** Registered with it, or left by it at the latest check. */
function isOf(office: Office, address: string, { latest }: Pick<SelfContext, 'latest'>): boolean {
  const left = latest.find(({ officeId }) => officeId === office.id)?.egress ?? []
  return anyHolds([...office.egress, ...office.resolvers], address) || left.includes(address)
}

function addressOf(address: string, office: Office | null, context: SelfContext): SelfAddress {
  const range = parseRange(address)
  const at = context.atlas.locate(address)
  const owner = at?.owner ?? context.atlas.owner?.(address) ?? null
  const others = context.offices.filter(
    (other) =>
      office !== null &&
      other.id !== office.id &&
      isOf(other, address, context) &&
      office.placed &&
      other.placed &&
      distanceKm(office.at, other.at) > SAME_PLACE_KM,
  )
  return {
    address,
    special: range === null ? 'unreadable' : specialIn(range),
    label: at?.label ?? null,
    km: at === null || office === null || !office.placed ? null : distanceKm(office.at, at),
    vendor: securityVendorOf(owner) ?? securityVendorOf(at?.label ?? null),
    ofOffice: office !== null && isOf(office, address, context),
    otherOffices: others.map(({ name }) => name),
  }
}

function localEgressOf(office: Office, { latest, now }: SelfContext) {
  const last = latest.find(({ officeId }) => officeId === office.id)
  if (last === undefined || now - last.at > OFFICE_FRESH_MS) return null
  const at = last.criteria.findIndex(({ id }) => id === 'local-egress')
  return at < 0 ? null : verdictOf(last.verdicts[at] ?? '')
}
