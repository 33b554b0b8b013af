import { parseIp } from './cidr.ts'
import type { Finding, FindingCode } from './finding.ts'
import type { Latest } from './latest.ts'
import type { Ruling } from './ruling.ts'
import { type CriterionId, isCriterionId } from './verdict.ts'

/** A change counts when `needed` of at most `of` judgements in a row show it. */
export interface ConfirmRule {
  readonly needed: number
  readonly of: number
}

/** Two of three: one judgement may be a moment, two in a row hardly are (Cloudprober and Grafana default to the like). */
export const CONFIRM: ConfirmRule = { needed: 2, of: 3 }

/** A verdict that was learned. Not applicable counts as a pass; unproven is none: it neither makes nor ends a change. */
export type Known = 'pass' | 'fail'

/** Something that was seen and is not certain yet. */
export interface Candidate<T> {
  readonly value: T
  /** When it was first seen, epoch ms. */
  readonly firstAt: number
  /** Judgements that showed it, and judgements since the first of them, that one included. */
  readonly seen: number
  readonly looked: number
}

/** What is known of a value for certain, since when it is so (epoch ms), and what may take its place. */
export interface Settled<T> {
  readonly value: T | null
  readonly since: number
  readonly candidate: Candidate<T> | null
}

/** When something that a ruling named was first and last seen, and when it was found gone; epoch ms. */
export interface Trouble {
  readonly criterion: CriterionId
  /** Null: the failed verdict itself. */
  readonly code: FindingCode | null
  readonly firstAt: number
  readonly lastAt: number
  readonly resolvedAt: number | null
}

/** Addresses that Optimize traffic left by, and the last change of them. */
export interface EgressWatch {
  readonly addresses: Settled<readonly string[]>
  /** Null: it never changed, or it changed back. */
  readonly change: { readonly from: readonly string[]; readonly at: number } | null
}

/** What is remembered of an office between its checks. */
export interface OfficeWatch {
  readonly officeId: string
  /** The last judgement that was looked at. */
  readonly checkId: string
  /** Epoch ms. */
  readonly at: number
  /** Required criteria. */
  readonly criteria: Readonly<Partial<Record<CriterionId, Settled<Known>>>>
  readonly troubles: readonly Trouble[]
  readonly egress: EgressWatch
}

/** Troubles that are kept per office; the oldest that are over go first. */
const TROUBLES_MAX = 60

/** How judgements are taken in. */
export interface WatchRules {
  readonly confirm: ConfirmRule
  /** Reports whether a finding is one that should be looked at, and not a plain fact. */
  readonly isTrouble: (code: FindingCode) => boolean
}

/** Takes in one judgement; pure. The same or an older one changes nothing. */
export function watched(before: OfficeWatch | null, latest: Latest, rules: WatchRules): OfficeWatch {
  if (before !== null && (before.checkId === latest.checkId || before.at > latest.at)) return before
  const { officeId, checkId, at } = latest
  return {
    officeId,
    checkId,
    at,
    criteria: criteriaAfter(before?.criteria ?? {}, latest, rules.confirm),
    troubles: troublesAfter(before?.troubles ?? [], latest, rules.isTrouble),
    egress: egressAfter(before?.egress ?? NO_EGRESS, latest, rules.confirm),
  }
}

/** Required criteria that fail for certain, in the order of the criteria. */
export function failingNow(watch: OfficeWatch): readonly CriterionId[] {
  return Object.entries(watch.criteria).flatMap(([id, { value }]) =>
    value === 'fail' && isCriterionId(id) ? [id] : [],
  )
}

/** Since when an office is not ready for certain, epoch ms: its first failure that still holds. Null: it is not so. */
export function notReadySince(watch: OfficeWatch): number | null {
  const since = failingNow(watch).map((id) => watch.criteria[id]?.since ?? watch.at)
  return since.length === 0 ? null : Math.min(...since)
}

/** Reports whether something was seen that another check has to confirm or to deny. */
export function isUncertain({ criteria, egress }: OfficeWatch): boolean {
  return [...Object.values(criteria), egress.addresses].some((settled) => settled.candidate !== null)
}

/** The next state of a value after a judgement that says `said`; null: it says nothing about it. */
export function settle<T>(
  before: Settled<T> | undefined,
  said: T | null,
  at: number,
  rule: ConfirmRule,
  same: (a: T, b: T) => boolean = Object.is,
): Settled<T> {
  const known = before ?? { value: null, since: at, candidate: null }
  const { candidate } = known
  if (said !== null && known.value !== null && same(known.value, said) && candidate === null) return known
  const isNew = said !== null && (known.value === null || !same(known.value, said))
  if (isNew && (candidate === null || !same(candidate.value, said))) {
    return confirmed(known, { value: said, firstAt: at, seen: 1, looked: 1 }, rule)
  }
  if (candidate === null) return known
  const again = { ...candidate, seen: candidate.seen + (isNew ? 1 : 0), looked: candidate.looked + 1 }
  return confirmed(known, again, rule)
}

function confirmed<T>(known: Settled<T>, candidate: Candidate<T>, { needed, of }: ConfirmRule): Settled<T> {
  if (candidate.seen >= needed) return { value: candidate.value, since: candidate.firstAt, candidate: null }
  const stillPossible = candidate.seen + (of - candidate.looked) >= needed
  return { ...known, candidate: stillPossible ? candidate : null }
}

function criteriaAfter(
  before: OfficeWatch['criteria'],
  { rulings, at }: Latest,
  rule: ConfirmRule,
): OfficeWatch['criteria'] {
  const required = rulings.filter(({ level }) => level === 'required')
  return Object.fromEntries(
    required.map((ruling) => [
      ruling.criterion,
      criterionAfter(before[ruling.criterion], knownOf(ruling), at, rule),
    ]),
  )
}

/** A first pass is no change of anything; a first failure is one, for whoever waits for failures. */
function criterionAfter(
  before: Settled<Known> | undefined,
  said: Known | null,
  at: number,
  rule: ConfirmRule,
): Settled<Known> {
  const isFirst = before === undefined || (before.value === null && before.candidate === null)
  if (isFirst && said === 'pass') return { value: said, since: at, candidate: null }
  return settle(before, said, at, rule)
}

function knownOf({ verdict }: Ruling): Known | null {
  if (verdict === 'unproven') return null
  return verdict === 'fail' ? 'fail' : 'pass'
}

function troublesAfter(
  before: readonly Trouble[],
  { rulings, at }: Latest,
  isTrouble: WatchRules['isTrouble'],
): readonly Trouble[] {
  const after = new Map(before.map((trouble) => [troubleKey(trouble), trouble]))
  for (const ruling of rulings) {
    const { criterion, verdict } = ruling
    const seen = [...(verdict === 'fail' ? [null] : []), ...codesOf(ruling.findings, isTrouble)]
    for (const code of seen) {
      const known = after.get(troubleKey({ criterion, code }))
      // What comes back after it was gone is detected anew.
      const firstAt = known && known.resolvedAt === null ? known.firstAt : at
      after.set(troubleKey({ criterion, code }), { criterion, code, firstAt, lastAt: at, resolvedAt: null })
    }
    // What nobody learned is not gone.
    if (verdict === 'unproven') continue
    for (const [key, known] of after) {
      const isGone = known.criterion === criterion && known.resolvedAt === null && !seen.includes(known.code)
      if (isGone) after.set(key, { ...known, resolvedAt: at })
    }
  }
  return [...after.values()]
    .toSorted((a, b) => Number(b.resolvedAt === null) - Number(a.resolvedAt === null) || b.lastAt - a.lastAt)
    .slice(0, TROUBLES_MAX)
}

function troubleKey({ criterion, code }: Pick<Trouble, 'criterion' | 'code'>): string {
  return `${criterion} ${code ?? ''}`
}

function codesOf(findings: readonly Finding[], isTrouble: WatchRules['isTrouble']): readonly FindingCode[] {
  return [...new Set(findings.map(({ code }) => code))].filter(isTrouble)
}

const NO_EGRESS: EgressWatch = { addresses: { value: null, since: 0, candidate: null }, change: null }

/** Lines that take turns are one set: an address that was known before is no change, alone or among others. */
function egressAfter(before: EgressWatch, { egress, at }: Latest, rule: ConfirmRule): EgressWatch {
  const said = egress.length === 0 ? null : [...new Set(egress.map(network))].toSorted()
  const had = before.addresses.value
  // The first addresses are taken as they are: nobody knows of others.
  if (had === null)
    return said === null ? before : { ...before, addresses: { value: said, since: at, candidate: null } }
  const isFamiliar = (addresses: readonly string[]) => addresses.every((address) => had.includes(address))
  const addresses = settle(
    before.addresses,
    said === null || isFamiliar(said) ? null : said,
    at,
    rule,
    sameList,
  )
  if (addresses.value !== had) return { addresses, change: { from: had, at: addresses.since } }
  const from = before.change?.from ?? []
  const isBack = said !== null && from.length > 0 && said.every((address) => from.includes(address))
  return isBack ? { addresses: { ...addresses, value: from }, change: null } : { ...before, addresses }
}

/** An IPv6 host picks a new address every day (RFC 8981): its network is what stays. */
function network(address: string): string {
  const ip = parseIp(address)
  return ip?.family === 6 ? rangeText(ip.value >> 64n) : address
}

function rangeText(prefix: bigint): string {
  const groups = [48n, 32n, 16n, 0n].map((shift) => ((prefix >> shift) & 0xffffn).toString(16))
  return `${groups.join(':')}::/64`
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at])
}
