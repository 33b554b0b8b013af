import type { CardButton } from '../cards/buttons.ts'
import { formCard } from '../cards/form-card.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import { personText, ROLE_MEANS, scopeText } from '../cards/roles-card.ts'
import { outside } from '../cards/text.ts'
import type { Person } from '../core/chat.ts'
import type { GrantedRole } from '../core/granted.ts'
import { ROLE_NAMES } from './not-allowed.ts'

/** A role that is, or is to be, given. */
export interface GrantView {
  readonly person: Person
  readonly role: GrantedRole
  readonly tag: string | null
  readonly buttons: readonly CardButton[]
}

/** A role was given: to whom, which, for what, and what it means. */
export function grantedCard(
  view: GrantView & { readonly by: string; readonly reference: string },
): RenderedCard {
  return formCard({
    title: titleOf(view),
    lead: `They may now ${ROLE_MEANS[view.role]}.`,
    facts: factsOf(view),
    foot: [`given by ${outside(view.by)}`, `reference ${view.reference}`],
    buttons: view.buttons,
  })
}

/** Whether somebody is to be an admin, who can do everything. */
export function confirmCard(view: GrantView): RenderedCard {
  const { person, tag } = view
  return formCard({
    title: `Make ${personText(person.name, person.objectId)} an admin?`,
    lead: `An admin may ${ROLE_MEANS.admin}${tag === null ? '' : `, for ${scopeText(tag)} alone`}.`,
    facts: factsOf(view),
    foot: ['nothing is changed before you press'],
    buttons: view.buttons,
  })
}

/** `Bo Jensen is an operator for #emea`. */
export function titleOf({ person, role, tag }: Omit<GrantView, 'buttons'>): string {
  return `${personText(person.name, person.objectId)} is ${ROLE_NAMES[role]} for ${scopeText(tag)}`
}

function factsOf({ person, role, tag }: GrantView) {
  const name = person.name === '' ? 'not in this chat, so Teams named nobody' : outside(person.name)
  return [
    { label: 'Person', value: name },
    { label: 'Object id', value: person.objectId },
    { label: 'Role', value: role },
    { label: 'For', value: scopeText(tag) },
  ]
}
