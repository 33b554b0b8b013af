import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import type { Denied, Role, Verb } from '../core/authority.ts'
import type { Outsider } from '../core/chat.ts'
import { t } from '../core/t.ts'
import type { Answer, CommandContext } from './command.ts'

/** Names that a refusal lists: enough to find somebody who is in today. */
const MAX_NAMED = 3

/** A role as a person has it. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  member: 'a member',
  viewer: 'a viewer',
  operator: t`an operator`,
  admin: t`an admin`,
}

const DOING: Readonly<Record<Verb, string>> = {
  help: t`Asking for help`,
  about: t`Asking about Doorstep`,
  me: t`Checking your own connection`,
  forget: t`Forgetting your self-checks`,
  offices: t`Seeing the offices`,
  status: t`Seeing how offices stand`,
  why: t`Seeing evidence`,
  history: t`Seeing history`,
  compare: t`Comparing offices`,
  evidence: t`Taking evidence along`,
  'what-if': t`Judging by another limit`,
  endpoints: t`Seeing the endpoint list`,
  runners: t`Seeing the runners`,
  check: t`Checking an office`,
  digest: t`Scheduling a digest`,
  alert: t`Ordering alerts`,
  freeze: t`Freezing an office`,
  cancel: t`Stopping a check`,
  'edit-office': t`Changing an office`,
  'export-offices': t`Exporting the offices`,
  limit: t`Setting a limit`,
  attest: t`Vouching for an office`,
  'add-runner': t`Adding a runner`,
  role: t`Giving and taking roles`,
  audit: t`Reading the audit`,
  'count-self-checks': t`Counting self-checks`,
}

/** The person may not: says which rule refused, what would satisfy it, and whom to ask. */
export function notAllowed(denied: Denied): Answer {
  const card = denied.outsider === null ? byRole(denied) : keptOut(denied, denied.outsider)
  return { kind: 'card', card, refused: true }
}

/**
 * Secrets are for personal chats alone: what is said in a channel or a group is read by everybody in it, later ones
 * too. Null: it may be shown here. `what` begins a sentence, e.g. `A one-time code`.
 */
export function personalOnly(context: Pick<CommandContext, 'conversationKind'>, what: string): Answer | null {
  if (context.conversationKind === 'personal') return null
  const here = context.conversationKind === 'channel' ? 'channel' : t`group chat`
  const card = refusalCard({
    happened: t`${what} is shown in a personal chat only`,
    why: t`Everybody in this ${here} could read it. Nothing was done.`,
    todo: t`Open a chat with Doorstep and say the same there.`,
  })
  return { kind: 'card', card, refused: true }
}

function byRole(denied: Denied) {
  return refusalCard({
    happened: t`${DOING[denied.verb]} takes ${ROLE_NAMES[denied.needs]}`,
    why: t`${standing(denied)} Nothing was done.`,
    todo: t`Ask ${whom(denied)} to say “role grant @you ${denied.needs}${scope(denied)}”. Say help to see what you may do.`,
    ...referenceOf(denied),
  })
}

/** What the person is, as far as it counts for what was asked. */
function standing({ needs, has, office, elsewhere }: Denied): string {
  if (elsewhere.length === 0) return t`You are ${ROLE_NAMES[has]} here.`
  const role = t`You are ${ROLE_NAMES[needs]} for ${tagsText(elsewhere)} only`
  if (office === null) return `${role}.`
  const [first, ...more] = office.tags
  const tags =
    first === undefined ? t`no tag` : t`the tag${more.length === 0 ? '' : 's'} ${tagsText(office.tags)}`
  return t`${role}, and ${outside(office.name)} has ${tags}.`
}

function scope({ office, elsewhere }: Denied): string {
  const tag = elsewhere.length > 0 ? office?.tags[0] : undefined
  return tag === undefined ? '' : t` for ${tagsText([tag])}`
}

function whom({ ask }: Denied): string {
  if (ask.length === 0) return t`an admin of Doorstep`
  const names = ask.slice(0, MAX_NAMED).map(outside)
  return names.length === 1 ? `${names[0]}` : t`${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

const OUTSIDERS: Readonly<Record<Outsider, string>> = {
  guest: t`You are a guest in this tenant. Guests are refused unless the configuration lists them.`,
  external: t`You are from another tenant. People from outside are refused unless the configuration lists them.`,
  anonymous: t`You joined without an account. Nobody vouches for who you are.`,
  unknown: t`Teams did not say whether you are a member of this tenant, so you count as none.`,
}

function keptOut(denied: Denied, outsider: Outsider) {
  const listing =
    denied.ask.length === 0
      ? t`Whoever runs Doorstep can list your object id in DOORSTEP_GUESTS.`
      : t`Ask ${whom(denied)}: your object id must be listed in DOORSTEP_GUESTS.`
  return refusalCard({
    happened: t`You may not use Doorstep here`,
    why: t`${OUTSIDERS[outsider]} Nothing was done.`,
    todo: NEXT_STEPS[outsider] ?? listing,
    ...referenceOf(denied),
  })
}

/** What helps where listing does not. */
const NEXT_STEPS: Readonly<Partial<Record<Outsider, string>>> = {
  anonymous: t`Sign in with an account of this tenant and ask again.`,
  unknown: t`Please ask again in a minute.`,
}

function referenceOf({ reference }: Denied): { readonly reference?: string } {
  return reference === undefined ? {} : { reference }
}

function tagsText(tags: readonly string[]): string {
  const some = tags.slice(0, MAX_NAMED).map((tag) => outside(`#${tag}`))
  return tags.length > MAX_NAMED ? t`${some.join(', ')} and others` : some.join(', ')
}
