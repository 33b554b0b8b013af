import { hairpinLimitMs, isImpossible } from './geography.ts'
import type { DoorName, DoorSeen, SelfAddress, SelfEvidence, SelfOutcome } from './self-check.ts'

/**
 * The three lines of a self-check in a browser: the way out, the look-up of names, the doors. A line is not well only
 * where two signals agree or where one is certain by itself (a registered range); what was not learnt is unknown.
 */

/** What the line about the way out says. */
export type EgressWord =
  /** By an address of the office. */
  | 'egress-of-office'
  | 'egress-near'
  /** By an address of another office, far from this one. */
  | 'egress-of-other-office'
  /** Far, and a second signal agrees. */
  | 'egress-far'
  /** Far by one table alone. */
  | 'egress-far-alone'
  /** Said to be farther than light allows. */
  | 'egress-disputed'
  | 'egress-unplaced'
  /** The hub stands inside the same network or machine, and sees nothing of the way out. */
  | 'egress-hidden'

/** What the line about the look-up of names says. */
export type DnsWord =
  | 'dns-of-office'
  | 'dns-near'
  | 'dns-of-other-office'
  | 'dns-far'
  | 'dns-far-alone'
  | 'dns-unplaced'
  | 'dns-hidden'
  /** There is a beacon, and nobody asked it. */
  | 'dns-unseen'
  | 'dns-no-beacon'

/** What the line about the doors says. */
export type DoorsWord =
  | 'doors-quick'
  | 'doors-slow'
  /** One is slow and the others are not: it may be that service's own time. */
  | 'doors-one-slow'
  /** None answered, though the hub did: a sign-in page or a firewall stands between. */
  | 'doors-closed'
  | 'doors-some-silent'
  | 'doors-redirected'
  | 'doors-unasked'

/** How the person stands beside their office. */
export type CompareWord =
  | 'same-way'
  /** By the office's address, and the machine's clock is in another zone: something brings them there. */
  | 'brought-to-office'
  | 'near-by-another-way'
  /** Far, while the office leaves locally: it is this machine, most likely a VPN. */
  | 'vpn-likely'
  /** Far, and the office leaves far away too: it is the office's network. */
  | 'office-too'
  | 'office-unproven'
  | 'not-compared'
  | 'no-office'

/** One line: how it stands, which word says so, and the address it is about. */
export interface SelfLine<W extends string> {
  readonly state: SelfOutcome
  readonly word: W
  /** The address that decided; null where none did. */
  readonly address: SelfAddress | null
}

/** The line about the doors, with the slowest and those that did not answer. */
export interface DoorsLine {
  readonly state: SelfOutcome
  readonly word: DoorsWord
  readonly slow: readonly DoorName[]
  readonly silent: readonly DoorName[]
}

/** What a self-check in a browser says. */
export interface SelfJudgement {
  readonly outcome: SelfOutcome
  readonly egress: SelfLine<EgressWord>
  readonly dns: SelfLine<DnsWord>
  readonly doors: DoorsLine
  readonly compare: CompareWord
}

/**
 * A request on a standing connection above this, ms, is slow: Microsoft calls a round trip of 100 ms acceptable
 * (office-365-network-mac-perf-score), and the service's own time is in it too.
 */
export const SLOW_DOOR_MS = 100

/** Two doors agree; one may be slow or shut by itself. */
const AGREEING = 2

/** Judges what a browser showed. Pure. */
export function judgeSelfCheck(evidence: SelfEvidence): SelfJudgement {
  const egress = worstLine(evidence.egress.map((one) => egressLine(one, evidence))) ?? {
    state: 'unknown',
    word: 'egress-hidden',
    address: null,
  }
  const dns = dnsLine(evidence, egress)
  const doors = doorsLine(evidence.doors)
  return {
    outcome: worst([egress.state, dns.state, doors.state]),
    egress,
    dns,
    doors,
    compare: compared(evidence, egress),
  }
}

function egressLine(address: SelfAddress, evidence: SelfEvidence): SelfLine<EgressWord> {
  const line = (state: SelfOutcome, word: EgressWord) => ({ state, word, address })
  const { km } = address
  if (address.special !== null) return line('unknown', 'egress-hidden')
  if (address.ofOffice) return line('well', 'egress-of-office')
  if (address.otherOffices.length > 0) return line('not-well', 'egress-of-other-office')
  if (km === null) return line('unknown', 'egress-unplaced')
  if (km <= evidence.limitKm) return line('well', 'egress-near')
  const quickest = quickestMs(evidence.doors)
  if (quickest !== null && isImpossible(km, quickest)) return line('unknown', 'egress-disputed')
  const agrees = address.vendor !== null || (quickest !== null && isLong(quickest, km, evidence))
  return agrees ? line('not-well', 'egress-far') : line('unknown', 'egress-far-alone')
}

/**
 * Even the quickest of several doors took as long as the way to the claimed place usually takes, and longer than the way
 * to the nearest door needs. A browser's times hold what the services took, so the least that light needs is no sign.
 */
function isLong(quickest: number, km: number, { office, doors }: SelfEvidence): boolean {
  const doorKm = office?.doorKm ?? null
  const answered = doors.filter(({ kind }) => kind === 'answered').length
  return doorKm !== null && answered >= AGREEING && quickest > hairpinLimitMs(Math.max(km, doorKm))
}

function dnsLine(evidence: SelfEvidence, egress: SelfLine<EgressWord>): SelfLine<DnsWord> {
  const { resolvers, limitKm } = evidence
  if (resolvers === null) return { state: 'unknown', word: 'dns-no-beacon', address: null }
  const lines = resolvers.map((address): SelfLine<DnsWord> => {
    const line = (state: SelfOutcome, word: DnsWord) => ({ state, word, address })
    if (address.special !== null) return line('unknown', 'dns-hidden')
    if (address.ofOffice) return line('well', 'dns-of-office')
    if (address.otherOffices.length > 0) return line('not-well', 'dns-of-other-office')
    if (address.km === null) return line('unknown', 'dns-unplaced')
    if (address.km <= limitKm) return line('well', 'dns-near')
    // The way out leads far too: two signals for one cause.
    return egress.state === 'not-well' ? line('not-well', 'dns-far') : line('unknown', 'dns-far-alone')
  })
  return worstLine(lines) ?? { state: 'unknown', word: 'dns-unseen', address: null }
}

function doorsLine(doors: readonly DoorSeen[]): DoorsLine {
  const silent = doors.filter(({ kind }) => kind === 'silent').map(({ name }) => name)
  const answered = doors.filter((door) => door.kind === 'answered')
  const slow = answered.filter(({ ms }) => ms > SLOW_DOOR_MS).map(({ name }) => name)
  const line = (state: SelfOutcome, word: DoorsWord) => ({ state, word, slow, silent })
  if (doors.length === 0) return line('unknown', 'doors-unasked')
  if (silent.length === doors.length && silent.length >= AGREEING) return line('not-well', 'doors-closed')
  if (slow.length >= AGREEING) return line('not-well', 'doors-slow')
  if (silent.length > 0) return line('unknown', 'doors-some-silent')
  if (answered.length < doors.length) return line('unknown', 'doors-redirected')
  return slow.length > 0 ? line('unknown', 'doors-one-slow') : line('well', 'doors-quick')
}

function compared(evidence: SelfEvidence, { state, word }: SelfLine<EgressWord>): CompareWord {
  const { office, zoneDiffers } = evidence
  if (office === null) return 'no-office'
  if (word === 'egress-of-office') return zoneDiffers ? 'brought-to-office' : 'same-way'
  if (word === 'egress-near') return 'near-by-another-way'
  if (state !== 'not-well') return 'not-compared'
  if (office.localEgress === 'pass') return 'vpn-likely'
  return office.localEgress === 'fail' ? 'office-too' : 'office-unproven'
}

/** The least time of any door, ms; null: none answered. */
export function quickestMs(doors: readonly DoorSeen[]): number | null {
  const times = doors.flatMap((door) => (door.kind === 'answered' ? [door.ms] : []))
  return times.length === 0 ? null : Math.min(...times)
}

const WORST_FIRST: readonly SelfOutcome[] = ['not-well', 'unknown', 'well']

function worst(states: readonly SelfOutcome[]): SelfOutcome {
  return WORST_FIRST.find((state) => states.includes(state)) ?? 'unknown'
}

/** Of several addresses the worst speaks: a way that is well does not make up for one that is not. */
function worstLine<W extends string>(lines: readonly SelfLine<W>[]): SelfLine<W> | undefined {
  return WORST_FIRST.flatMap((state) => lines.find((line) => line.state === state) ?? [])[0]
}
