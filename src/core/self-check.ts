import type { ConversationRef, Person } from './chat.ts'
import { distanceKm, type Position } from './geography.ts'
import type { Measurement, Owed } from './measurement.ts'
import type { Office } from './office.ts'
import type { Limit } from './ruling.ts'
import type { SelfJudgement } from './self-judgement.ts'
import type { CriterionId, Level, Readiness, Verdict } from './verdict.ts'

/**
 * A self-check: one person's own connection, as their own browser or machine reports it. It is kept apart from all that
 * runners measure: never in an office's verdict, history, digest or dashboard.
 */

/** The services whose doors a browser asks. */
export const DOOR_NAMES = ['exchange', 'sharepoint', 'teams'] as const
export type DoorName = (typeof DOOR_NAMES)[number]

/**
 * One door as a browser saw it. `answered`: `ms` is the least of the repeated requests on a connection that stands, so
 * one round trip and what the service itself took. `silent`: no try was answered. `redirected`: it sent the browser
 * elsewhere, where the page does not follow, so nothing was learnt.
 */
export type DoorSeen =
  | { readonly name: DoorName; readonly kind: 'answered'; readonly ms: number }
  | { readonly name: DoorName; readonly kind: 'silent' | 'redirected' }

/** An address that was seen, and what the tables say of it beside the office of comparison. */
export interface SelfAddress {
  readonly address: string
  /** Why nobody is seen by it on the Internet, e.g. `private`; null: it is public. */
  readonly special: string | null
  /** Where it is said to be; null: not known. Outside text. */
  readonly label: string | null
  /** From the office, km; null: one of the two places is not known. */
  readonly km: number | null
  /** The cloud security vendor that it belongs to; null: to none that is known. */
  readonly vendor: string | null
  /** The office itself is registered with it, or leaves by it. */
  readonly ofOffice: boolean
  /** Names of other offices, more than 100 km from this one, that are registered with it or leave by it. */
  readonly otherOffices: readonly string[]
}

/** How the office of comparison was found: named by the person, else by their clock, their address, or by distance. */
export type ChosenBy = 'named' | 'zone' | 'address' | 'place'

/** What a self-check in a browser showed, with the tables' answers: all that is judged. */
export interface SelfEvidence {
  readonly office: {
    readonly id: string
    readonly name: string
    readonly by: ChosenBy
    /** What the latest check says of its way out; null: never checked, or too long ago. */
    readonly localEgress: Verdict | null
    /** From the office to the nearest Exchange door that is known, km; null: nobody knows where the office is. */
    readonly doorKm: number | null
  } | null
  /** The limit of distance that the office has, km. */
  readonly limitKm: number
  /** The addresses that the hub saw the browser come from. */
  readonly egress: readonly SelfAddress[]
  /** The addresses that asked the beacon for the browser's names; null: there is no beacon. */
  readonly resolvers: readonly SelfAddress[] | null
  readonly doors: readonly DoorSeen[]
  /** The browser's clock stands in another time zone than the office, by the offset of today. */
  readonly zoneDiffers: boolean
}

/** One criterion of a self-check by command; the findings stay with the person's machine. */
export interface SelfRuling {
  readonly criterion: CriterionId
  readonly level: Level
  readonly verdict: Verdict
  readonly because: string
  readonly limit?: Limit
}

/** What came of a self-check. `at`: epoch ms. */
export type SelfResult =
  | {
      readonly kind: 'page'
      readonly at: number
      readonly evidence: SelfEvidence
      readonly judgement: SelfJudgement
    }
  | {
      readonly kind: 'command'
      readonly at: number
      readonly office: { readonly id: string; readonly name: string; readonly by: ChosenBy } | null
      readonly readiness: Readiness
      readonly rulings: readonly SelfRuling[]
    }

/**
 * The life of a self-check. `invited`: its code is not spent. `running`: it is, and no result has come. `expired`: its
 * time ran out in either. A state never goes back.
 */
export type SelfState = 'invited' | 'running' | 'done' | 'expired'

/** One self-check as it is stored, for a day. */
export interface SelfCheck {
  readonly id: string
  readonly person: Person
  /** The personal chat in which its card stands. */
  readonly conversation: ConversationRef
  /** The card's message; null until the chat has confirmed it. */
  readonly cardId: string | null
  readonly timeZone: string
  /** The office that the person named; null: the hub looks for one. */
  readonly officeId: string | null
  /** Epoch ms. */
  readonly askedAt: number
  /** When the state ends by itself, epoch ms. */
  readonly until: number
  readonly state: SelfState
  /** The state in which the card is known to be drawn. */
  readonly told: SelfState
  /** SHA-256 of the one-time code, and of the key that was given for it: the store never holds one that works. */
  readonly codeHash: string
  readonly keyHash: string | null
  /** Addresses that the hub saw the browser come from, by their text. */
  readonly seen: readonly string[]
  /** Names that only this browser was told to look up, without the zone. */
  readonly nonces: readonly string[]
  /** What the command was told to measure; null: it is a page, or not begun. */
  readonly plan: SelfPlan | null
  readonly result: SelfResult | null
}

/** What one run on a person's own machine owes, and by which office it is judged. */
export interface SelfPlan {
  /** Null: none was found in the world of the machine, so nothing that needs a place can be judged. */
  readonly officeId: string | null
  readonly by: ChosenBy
  readonly world: string | null
  readonly owed: readonly Owed[]
  /** What is known to fail before anything is measured. */
  readonly already: readonly Measurement[]
}

/** How one self-check went: the worst of its lines. */
export type SelfOutcome = 'well' | 'not-well' | 'unknown'

/** The outcome of a result, whichever way it was made. */
export function outcomeOf(result: SelfResult): SelfOutcome {
  if (result.kind === 'page') return result.judgement.outcome
  if (result.readiness === 'ready') return 'well'
  return result.readiness === 'not-ready' ? 'not-well' : 'unknown'
}

/** What admins see of an office: how many people, and how their latest self-checks went. */
export interface SelfCount {
  readonly officeId: string
  readonly people: number
  readonly outcomes: Readonly<Record<SelfOutcome, number>>
}

/** Below this many distinct people nothing is told of an office: fewer could be recognised. */
export const COUNT_FROM_PEOPLE = 5

/** Counts people per office by their latest result there; offices with fewer than five people are left out whole. */
export function countSelfChecks(checks: readonly SelfCheck[]): readonly SelfCount[] {
  const latest = new Map<string, Map<string, SelfResult>>()
  for (const { person, result } of checks) {
    const officeId = result === null ? undefined : officeOf(result)
    if (result === null || officeId === undefined) continue
    const people = latest.get(officeId) ?? new Map<string, SelfResult>()
    latest.set(officeId, people)
    const before = people.get(person.objectId)
    if (before === undefined || before.at < result.at) people.set(person.objectId, result)
  }
  return [...latest]
    .filter(([, people]) => people.size >= COUNT_FROM_PEOPLE)
    .map(([officeId, people]) => {
      const outcomes = { well: 0, 'not-well': 0, unknown: 0 }
      for (const result of people.values()) outcomes[outcomeOf(result)] += 1
      return { officeId, people: people.size, outcomes }
    })
    .toSorted((a, b) => b.people - a.people || (a.officeId < b.officeId ? -1 : 1))
}

function officeOf(result: SelfResult): string | undefined {
  return result.kind === 'page' ? result.evidence.office?.id : result.office?.id
}

/** What an office of comparison is looked for with. */
export interface OfficeSearch {
  /** Offices of the world that the self-check was made in. */
  readonly offices: readonly Office[]
  /** The office that the person named. */
  readonly named: string | null
  /** The zone that the person's machine is set to; null: not known. */
  readonly timeZone: string | null
  /** Where the person leaves by, with its place where that is known. */
  readonly egress: readonly { readonly address: string; readonly at: Position | null }[]
  /** Reports whether an office is registered with an address, or leaves by it. */
  readonly isOf: (office: Office, address: string) => boolean
}

/**
 * The office to compare with. A named one is never replaced. The clock of the machine comes before its address, because
 * a VPN changes the address and not the clock; of several offices in one zone, the one that the address belongs to or
 * is nearest to. Null: there is nothing to compare with.
 */
export function chooseOffice(
  search: OfficeSearch,
): { readonly office: Office; readonly by: ChosenBy } | null {
  const { offices, named, timeZone, egress, isOf } = search
  if (named !== null) {
    const office = offices.find(({ id }) => id === named)
    return office ? { office, by: 'named' } : null
  }
  const some = offices.filter(({ onlyWhenNamed }) => !onlyWhenNamed)
  const owner = (among: readonly Office[]) =>
    among.find((office) => egress.some(({ address }) => isOf(office, address)))
  const inZone = some.filter((office) => office.timeZone === timeZone)
  if (inZone.length > 0) {
    const office = owner(inZone) ?? nearestOf(inZone, egress) ?? inZone[0]
    return office ? { office, by: 'zone' } : null
  }
  const byAddress = owner(some)
  if (byAddress) return { office: byAddress, by: 'address' }
  const nearest = nearestOf(some, egress)
  return nearest ? { office: nearest, by: 'place' } : null
}

function nearestOf(offices: readonly Office[], egress: OfficeSearch['egress']): Office | null {
  const at = egress.find((one) => one.at !== null)?.at
  const placed = offices.filter((office) => office.placed)
  if (!at || placed.length === 0) return null
  return placed.reduce((best, office) =>
    distanceKm(at, office.at) < distanceKm(at, best.at) ? office : best,
  )
}

/** How many minutes a zone is ahead of UTC at an instant; null for a zone that nobody knows. */
export function offsetMinutes(timeZone: string, at: number): number | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name) ?? []
    if (sign === undefined) return name === 'GMT' ? 0 : null
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  } catch {
    return null
  }
}
