import type { CardButton } from '../cards/buttons.ts'
import { type FormField, formCard } from '../cards/form-card.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import { personText, ROLE_MEANS, scopeText } from '../cards/roles-card.ts'
import { outside } from '../cards/text.ts'
import type { Person } from '../core/chat.ts'
import { GRANTED_ROLES, type GrantedRole } from '../core/granted.ts'
import { t } from '../core/t.ts'
import { ROLE_NAMES } from './not-allowed.ts'
import type { ScopeWords } from './role-words.ts'
import { fold } from './words.ts'

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
    lead: t`They may now ${ROLE_MEANS[view.role]}.`,
    facts: factsOf(view),
    foot: [t`given by ${outside(view.by)}`, t`reference ${view.reference}`],
    buttons: view.buttons,
  })
}

/** Whether somebody is to be an admin, who can do everything. */
export function confirmCard(view: GrantView): RenderedCard {
  const { person, tag } = view
  return formCard({
    title: t`Make ${personText(person.name, person.objectId)} an admin?`,
    lead: t`An admin may ${ROLE_MEANS.admin}${tag === null ? '' : t`, for ${scopeText(tag)} alone`}.`,
    facts: factsOf(view),
    foot: [t`nothing is changed before you press`],
    buttons: view.buttons,
  })
}

/** `Bo Jensen is an operator for #emea`. */
export function titleOf({ person, role, tag }: Omit<GrantView, 'buttons'>): string {
  return t`${personText(person.name, person.objectId)} is ${ROLE_NAMES[role]} for ${scopeText(tag)}`
}

function factsOf({ person, role, tag }: GrantView) {
  const name = person.name === '' ? t`not in this chat, so Teams named nobody` : outside(person.name)
  return [
    { label: t`Person`, value: name },
    { label: t`Object id`, value: person.objectId },
    { label: t`Role`, value: role },
    { label: t`For`, value: scopeText(tag) },
  ]
}

/** What is known of a role that is to be given, and what is wrong with it. */
export interface GrantFormView {
  /** Null: the form asks for the person. */
  readonly person: Person | null
  /** What stands in the field of the person. Outside text. */
  readonly typed: string
  readonly role: GrantedRole | null
  readonly scope: ScopeWords
  /** Whether all offices may be chosen, and which tags. */
  readonly mayAll: boolean
  readonly tags: readonly string[]
  readonly problems: readonly string[]
  readonly buttons: readonly CardButton[]
}

/** The form. It chooses no scope that was not said: all offices are more than anybody should give by a slip. */
export function grantForm(view: GrantFormView): RenderedCard {
  const { person, role, scope, problems, buttons } = view
  const tag = scope.kind === 'tag' ? view.tags.find((one) => fold(one) === fold(scope.typed)) : undefined
  const chosen = tag === undefined ? (scope.kind === 'all' && view.mayAll ? 'all' : '') : `#${tag}`
  const fields: readonly FormField[] = [
    ...(person === null ? [{ ...PERSON_FIELD, value: view.typed }] : []),
    {
      id: 'role',
      label: t`Role`,
      kind: 'choice',
      value: role ?? 'viewer',
      choices: GRANTED_ROLES.map((one) => ({ title: one, value: one })),
    },
    {
      id: 'scope',
      label: t`For`,
      kind: 'choice',
      required: true,
      hint: t`Choose for which offices.`,
      value: chosen,
      choices: [
        ...(view.mayAll ? [{ title: t`All offices`, value: 'all' }] : []),
        ...view.tags.map((one) => ({ title: t`Offices with #${one}`, value: `#${one}` })),
      ],
    },
  ]
  return formCard({
    title: t`Give a role`,
    lead: t`Or say it: role grant @Ana operator for #emea.`,
    problems,
    facts: person === null ? [] : [{ label: t`Person`, value: personText(person.name, person.objectId) }],
    fields,
    foot: GRANTED_ROLES.map((one) => `${one}: ${ROLE_MEANS[one]}`),
    buttons,
  })
}

const PERSON_FIELD: FormField = {
  id: 'person',
  label: t`Object id of the person`,
  kind: 'text',
  required: true,
  placeholder: t`From Entra, a GUID`,
  hint: t`Fill in the object id. With a mention, say role grant in a message instead.`,
  maxLength: 60,
}
