import {
  type ChosenBy,
  type DoorName,
  type DoorSeen,
  outcomeOf,
  type SelfAddress,
  type SelfEvidence,
  type SelfOutcome,
  type SelfResult,
} from '../core/self-check.ts'
import { type CompareWord, quickestMs, type SelfJudgement, SLOW_DOOR_MS } from '../core/self-judgement.ts'
import { t } from '../core/t.ts'
import type { Verdict } from '../core/verdict.ts'
import { outside, prose, visible } from './text.ts'
import { CRITERION_TITLES, kmText, listText, momentText, msText, zoneText } from './wording.ts'

/** One line of a self-check as people read it. Sentences; outside text is isolated in them. */
export interface SelfLineText {
  readonly about: string
  readonly state: SelfOutcome
  readonly says: string
}

/** A whole self-check in words: the same on its card, on its page and in the text for the help desk. */
export interface SelfText {
  readonly outcome: SelfOutcome
  readonly title: string
  /** The one thing to do. */
  readonly todo: string
  readonly lines: readonly SelfLineText[]
  /** How it stands beside the office. */
  readonly compare: string
  /** Which office that is, and why that one; empty: there is none. */
  readonly office: string
  /** What this way of looking cannot see. */
  readonly blind: string
}

/** How a line stands, in words that stand beside the glyph. */
export const OUTCOME_WORDS: Readonly<Record<SelfOutcome, string>> = {
  well: t`well`,
  'not-well': t`not well`,
  unknown: t`not known`,
}

export const DOOR_TITLES: Readonly<Record<DoorName, string>> = {
  exchange: t`Exchange`,
  sharepoint: t`SharePoint`,
  teams: t`Teams`,
}

const TITLES: Readonly<Record<SelfOutcome, string>> = {
  well: t`Your connection is well`,
  'not-well': t`Your connection is not well`,
  unknown: t`Nothing wrong was seen, but not everything was seen`,
}

const CHOSEN: Readonly<Record<ChosenBy, string>> = {
  named: t`because you named it`,
  zone: t`because your computer is set to its time zone`,
  address: t`because your address belongs to it`,
  place: t`because it is the nearest to where you leave`,
}

const PAGE_BLIND = t`A browser cannot see which of Microsoft’s doors answered, headers and certificates of other sites, and the UDP that calls use. So proxies, inspection and calls are not judged here; the command looks at them.`

const COMMAND_BLIND = t`Made on one person’s own machine, once. It says nothing of the office itself, and is in none of its verdicts.`

const STATES: Readonly<Record<Verdict, SelfOutcome>> = {
  pass: 'well',
  fail: 'not-well',
  unproven: 'unknown',
  'not-applicable': 'well',
}

/** A result in words; pure. */
export function selfText(result: SelfResult): SelfText {
  const outcome = outcomeOf(result)
  if (result.kind === 'command') {
    const { office, rulings } = result
    return {
      outcome,
      title: TITLES[outcome],
      todo:
        outcome === 'not-well'
          ? t`Give the text below to the help desk.`
          : outcome === 'well'
            ? NOTHING
            : NOTHING_NOW,
      lines: rulings.map(({ criterion, verdict, because }) => ({
        about: CRITERION_TITLES[criterion],
        state: STATES[verdict],
        says: because,
      })),
      compare:
        office === null
          ? t`There was no office to judge by, so nothing that needs a place is known.`
          : t`This is how your computer stands by what ${outside(office.name)} has to meet.`,
      office: office === null ? '' : t`Judged as ${outside(office.name)} is, ${CHOSEN[office.by]}.`,
      blind: COMMAND_BLIND,
    }
  }
  const { evidence, judgement } = result
  const office = evidence.office
  return {
    outcome,
    title: TITLES[outcome],
    todo: todoOf(evidence, judgement),
    lines: [
      { about: t`Way out`, state: judgement.egress.state, says: egressText(evidence, judgement) },
      { about: t`Names (DNS)`, state: judgement.dns.state, says: dnsText(evidence, judgement) },
      { about: t`Microsoft 365`, state: judgement.doors.state, says: doorsText(evidence, judgement) },
    ],
    compare: compareText(evidence, judgement),
    office: office === null ? '' : t`Compared with ${outside(office.name)} ${CHOSEN[office.by]}.`,
    blind: PAGE_BLIND,
  }
}

const NOTHING = t`There is nothing to do.`
const NOTHING_NOW = t`There is nothing to do now. Each line says what was not seen.`

function officeName({ office }: SelfEvidence): string {
  return office === null ? t`any office` : outside(office.name)
}

/** `203.0.113.7`, with its place where that is known. */
function placed({ address, label }: SelfAddress): string {
  return label === null ? outside(address) : `${outside(address)} (${outside(label)})`
}

function distance({ km }: SelfAddress, evidence: SelfEvidence): string {
  return km === null ? '' : t`, ${kmText(km)} from ${officeName(evidence)}, limit ${kmText(evidence.limitKm)}`
}

function egressText(evidence: SelfEvidence, { egress }: SelfJudgement): string {
  const { address, word } = egress
  if (address === null) return t`Doorstep did not see where you leave to the Internet.`
  const at = placed(address)
  const far = distance(address, evidence)
  switch (word) {
    case 'egress-of-office':
      return t`You leave to the Internet by ${at}, an address of ${officeName(evidence)}.`
    case 'egress-near':
      return t`You leave to the Internet by ${at}${far}.`
    case 'egress-of-other-office':
      return t`You leave to the Internet by ${at}, an address of ${otherOffices(address)}${far}.`
    case 'egress-far':
      return t`You leave to the Internet by ${at}${far}. ${secondSignal(address, evidence)}`
    case 'egress-far-alone':
      return t`You are said to leave by ${at}${far}. One table alone proves nothing.`
    case 'egress-disputed':
      return t`You are said to leave by ${at}${far}. A door answered too quickly for that, so the table is wrong, most likely.`
    case 'egress-unplaced':
      return evidence.office === null
        ? t`You leave to the Internet by ${at}. There is no office to compare that with.`
        : t`You leave to the Internet by ${at}. Where that is, Doorstep’s tables do not say.`
    case 'egress-hidden':
      return t`Doorstep sees you as ${at}, a ${address.special ?? 'private'} address: it stands inside your network and does not see your way out.`
  }
}

function secondSignal({ vendor }: SelfAddress, { doors }: SelfEvidence): string {
  if (vendor !== null) return t`It belongs to ${outside(vendor)}.`
  const ms = quickestMs(doors)
  return ms === null ? '' : t`Even the quickest door took ${msText(ms)}, which agrees.`
}

function otherOffices({ otherOffices: names }: SelfAddress): string {
  return listText(names.map(outside))
}

function dnsText(evidence: SelfEvidence, { dns }: SelfJudgement): string {
  const { address, word } = dns
  if (address === null) {
    return word === 'dns-no-beacon'
      ? t`Which DNS server looks names up for you was not seen: this Doorstep has no beacon that answers.`
      : t`Nobody asked the beacon for your names, so your DNS server was not seen. A proxy may look names up in your place.`
  }
  const by = t`Your names are looked up by ${placed(address)}`
  const far = distance(address, evidence)
  switch (word) {
    case 'dns-of-office':
      return t`${by}, as registered for ${officeName(evidence)}.`
    case 'dns-of-other-office':
      return t`${by}, a server of ${otherOffices(address)}${far}.`
    case 'dns-far':
      return t`${by}${far}. Your way out leads far too.`
    case 'dns-far-alone':
      return t`${by}${far}. One table alone proves nothing.`
    case 'dns-unplaced':
      return t`${by}. Where that is, Doorstep’s tables do not say.`
    case 'dns-hidden':
      return t`${by}, a ${address.special ?? 'private'} address: where it stands cannot be told.`
    default:
      return `${by}${far}.`
  }
}

function doorsText({ doors }: SelfEvidence, { doors: line }: SelfJudgement): string {
  if (line.word === 'doors-unasked') return t`No door was asked: none is configured.`
  if (line.word === 'doors-closed') {
    return t`${listText(doors.map(titleOf))} did not answer, though Doorstep did: a sign-in page or a firewall stands between.`
  }
  const times = doors.flatMap((door) =>
    door.kind === 'answered' ? [t`${titleOf(door)} in ${msText(door.ms)}`] : [],
  )
  const answered = times.length === 0 ? '' : t`Answered: ${listText(times)}, limit ${msText(SLOW_DOOR_MS)}.`
  const silent = line.silent.length === 0 ? '' : t` No answer: ${listText(line.silent.map(title))}.`
  const moved = doors.filter(({ kind }) => kind === 'redirected').map(titleOf)
  const redirected =
    moved.length === 0 ? '' : t` Sent elsewhere, where the page does not follow: ${listText(moved)}.`
  const alone = line.word === 'doors-one-slow' ? t` One slow door alone may be that service’s own time.` : ''
  return `${answered}${silent}${redirected}${alone}`.trim()
}

function titleOf({ name }: DoorSeen): string {
  return title(name)
}

function title(name: DoorName): string {
  return DOOR_TITLES[name]
}

function compareText(evidence: SelfEvidence, judgement: SelfJudgement): string {
  const name = officeName(evidence)
  const { address } = judgement.egress
  const texts: Readonly<Record<CompareWord, string>> = {
    'same-way': t`You leave as ${name} does.`,
    'brought-to-office': t`You leave by an address of ${name}, but your computer is set to another time zone: a VPN brings you there, most likely.`,
    'near-by-another-way': t`You leave near ${name} by a line of your own, as you should.`,
    'vpn-likely': t`You leave ${awayText(address)} while ${name} leaves locally: a VPN on this computer, most likely.`,
    'office-too': t`${name} leaves far away too: it is the office’s network, not your computer.`,
    'office-unproven': t`How ${name} leaves was not proved lately, so it may be your computer or the office’s network.`,
    'not-compared': t`Your way out is not known well enough to be compared.`,
    'no-office': t`There is no office to compare with here.`,
  }
  return texts[judgement.compare]
}

function awayText(address: SelfAddress | null): string {
  if (address === null) return 'elsewhere'
  if (address.km !== null) return t`${kmText(address.km)} away`
  return address.otherOffices.length > 0 ? t`by ${otherOffices(address)}` : 'elsewhere'
}

function todoOf(evidence: SelfEvidence, { compare, doors, egress, dns, outcome }: SelfJudgement): string {
  if (doors.word === 'doors-closed')
    return t`If this network has a sign-in page (hotel, train, guest Wi-Fi), sign in there first. Else give the text below to the help desk.`
  if (compare === 'vpn-likely' || compare === 'brought-to-office')
    return t`Turn the VPN off and check again. If you need it, ask the help desk to let Microsoft 365 past it.`
  if (compare === 'office-too')
    return t`Nothing on your computer. Tell the help desk that ${officeName(evidence)} leaves far away.`
  if (egress.state === 'not-well' || dns.state === 'not-well') return t`Give the text below to the help desk.`
  if (doors.state === 'not-well')
    return t`Try a cable or another network. If it stays slow, give the text below to the help desk.`
  return outcome === 'well' ? NOTHING : NOTHING_NOW
}

/** What somebody may paste into a ticket: the lines, whose word it is, and when. Plain text, no marks. */
export function helpDeskText(
  result: SelfResult,
  who: { readonly name: string; readonly timeZone: string },
): string {
  const text = selfText(result)
  const way = result.kind === 'page' ? t`in a browser` : t`by command`
  const lines = [
    t`Doorstep self-check ${way}, self-reported by ${outside(who.name)}, ${momentText(result.at, who.timeZone)}, ${zoneText(who.timeZone)}`,
    ...text.lines.map(({ about, state, says }) => `${about}: ${OUTCOME_WORDS[state]}. ${says}`),
    `${text.compare} ${text.office}`.trim(),
    text.blind,
  ]
  // A line at a time: each is cut where somebody's text makes it too long.
  return lines.map((line) => visible(prose(line))).join('\n')
}
