import { OFFER_TITLES, worstFirst } from '../../cards/wording.ts'
import type { Offered } from '../../commands/command.ts'
import type { Verb } from '../../core/authority.ts'
import type { Office } from '../../core/office.ts'
import type { Ruling } from '../../core/ruling.ts'

/** Title, verb and command of a button, as it is offered. */
export type Wanted = readonly [title: string, verb: Verb, command: string]

/** Beside `Check again` and `Why`: more buttons than four nobody reads. */
const OFFERS_MAX = 2

/** Addresses that one button registers: a command has 200 characters. */
const ADDRESSES_MAX = 2

/**
 * What an admin can do about the rulings of a check, the worst first. Every one leads to a form or a preview: an address
 * with its place and who else uses it, a front door, targets, an attestation. Nothing is changed by the button itself.
 */
export function rulingOffers(office: Office, rulings: readonly Ruling[]): readonly Wanted[] {
  const offers = worstFirst(rulings).flatMap((ruling) => offerOf(office, ruling) ?? [])
  return offers.slice(0, OFFERS_MAX).map(([title, verb, command]) => [title, verb, command])
}

function offerOf(office: Office, ruling: Ruling): readonly [Wanted] | null {
  if (ruling.offer === undefined) return null
  const title = OFFER_TITLES[ruling.offer]
  switch (ruling.offer) {
    case 'register-egress': {
      const addresses = unregistered(ruling)
      if (addresses.length === 0 || addresses.length > ADDRESSES_MAX) return null
      return [[title, 'edit-office', `office edit ${office.name} egress add ${addresses.join(', ')}`]]
    }
    case 'accept-door': {
      const [code, ...more] = unaccepted(office, ruling)
      if (code === undefined || more.length > 0) return null
      return [[title, 'edit-office', `office edit ${office.name} doors add ${code}`]]
    }
    case 'set-target':
      return [[title, 'edit-office', `office edit ${office.name}`]]
    case 'attest':
      return [[title, 'attest', `attest ${office.name} ${ruling.criterion}`]]
  }
}

/** Addresses that Microsoft's relay saw and that no range of the office holds. */
function unregistered({ findings }: Ruling): readonly string[] {
  const flows = findings.flatMap((finding) =>
    finding.code === 'relay-egress-seen' ? finding.args.flows : [],
  )
  return [...new Set(flows.flatMap(({ from }) => (from && !from.registered ? [from.address] : [])))]
}

/** Codes of doors that were reached and are not among the office's accepted ones. */
function unaccepted(office: Office, { findings }: Ruling): readonly string[] {
  const doors = findings.flatMap((finding) => (finding.code === 'doors-seen' ? finding.args.doors : []))
  const codes = doors.filter(({ reached }) => reached).map(({ named, header }) => named ?? header)
  return [...new Set(codes.filter((code) => code !== null && !office.doors.includes(code)))] as string[]
}

/** Forms and previews come below a card of a check: the verdicts stay where they are. */
export function howOffered(verb: Verb, keep: string | undefined): Omit<Offered, 'onlyMe'> {
  return { ...(keep === undefined ? {} : { keep }), ...(FORMS.includes(verb) ? { below: true } : {}) }
}

const FORMS: readonly Verb[] = ['edit-office', 'limit', 'attest']
