import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import type { Denied, Role, Verb } from '../core/authority.ts'
import type { Outsider } from '../core/chat.ts'
import type { Answer, CommandContext } from './command.ts'

/** Names that a refusal lists: enough to find somebody who is in today. */
const MAX_NAMED = 3

/** A role as a person has it. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  member: 'a member',
  viewer: 'a viewer',
  operator: 'an operator',
  admin: 'an admin',
}

const DOING: Readonly<Record<Verb, string>> = {
  help: 'Asking for help',
  about: 'Asking about Doorstep',
  me: 'Checking your own connection',
  forget: 'Forgetting your self-checks',
  offices: 'Seeing the offices',
  status: 'Seeing how offices stand',
  why: 'Seeing evidence',
  history: 'Seeing history',
  compare: 'Comparing offices',
  evidence: 'Taking evidence along',
  'what-if': 'Judging by another limit',
  endpoints: 'Seeing the endpoint list',
  runners: 'Seeing the runners',
  check: 'Checking an office',
  digest: 'Scheduling a digest',
  alert: 'Ordering alerts',
  freeze: 'Freezing an office',
  cancel: 'Stopping a check',
  'edit-office': 'Changing an office',
  'export-offices': 'Exporting the offices',
  limit: 'Setting a limit',
  attest: 'Vouching for an office',
  'add-runner': 'Adding a runner',
  role: 'Giving and taking roles',
  audit: 'Reading the audit',
  'count-self-checks': 'Counting self-checks',
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
  const here = context.conversationKind === 'channel' ? 'channel' : 'group chat'
  const card = refusalCard({
    happened: `${what} is shown in a personal chat only`,
    why: `Everybody in this ${here} could read it. Nothing was done.`,
    todo: 'Open a chat with Doorstep and say the same there.',
  })
  return { kind: 'card', card, refused: true }
}

function byRole(denied: Denied) {
  return refusalCard({
    happened: `${DOING[denied.verb]} takes ${ROLE_NAMES[denied.needs]}`,
    why: `${standing(denied)} Nothing was done.`,
    todo: `Ask ${whom(denied)} to say “role grant @you ${denied.needs}${scope(denied)}”. Say help to see what you may do.`,
    ...referenceOf(denied),
  })
}

/** What the person is, as far as it counts for what was asked. */
function standing({ needs, has, office, elsewhere }: Denied): string {
  if (elsewhere.length === 0) return `You are ${ROLE_NAMES[has]} here.`
  const role = `You are ${ROLE_NAMES[needs]} for ${tagsText(elsewhere)} only`
  if (office === null) return `${role}.`
  const [first, ...more] = office.tags
  const tags =
    first === undefined ? 'no tag' : `the tag${more.length === 0 ? '' : 's'} ${tagsText(office.tags)}`
  return `${role}, and ${outside(office.name)} has ${tags}.`
}

function scope({ office, elsewhere }: Denied): string {
  const tag = elsewhere.length > 0 ? office?.tags[0] : undefined
  return tag === undefined ? '' : ` for ${tagsText([tag])}`
}

function whom({ ask }: Denied): string {
  if (ask.length === 0) return 'an admin of Doorstep'
  const names = ask.slice(0, MAX_NAMED).map(outside)
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

const OUTSIDERS: Readonly<Record<Outsider, string>> = {
  guest: 'You are a guest in this tenant. Guests are refused unless the configuration lists them.',
  external:
    'You are from another tenant. People from outside are refused unless the configuration lists them.',
  anonymous: 'You joined without an account. Nobody vouches for who you are.',
  unknown: 'Teams did not say whether you are a member of this tenant, so you count as none.',
}

function keptOut(denied: Denied, outsider: Outsider) {
  const listing =
    denied.ask.length === 0
      ? 'Whoever runs Doorstep can list your object id in DOORSTEP_GUESTS.'
      : `Ask ${whom(denied)}: your object id must be listed in DOORSTEP_GUESTS.`
  return refusalCard({
    happened: 'You may not use Doorstep here',
    why: `${OUTSIDERS[outsider]} Nothing was done.`,
    todo: NEXT_STEPS[outsider] ?? listing,
    ...referenceOf(denied),
  })
}

/** What helps where listing does not. */
const NEXT_STEPS: Readonly<Partial<Record<Outsider, string>>> = {
  anonymous: 'Sign in with an account of this tenant and ask again.',
  unknown: 'Please ask again in a minute.',
}

function referenceOf({ reference }: Denied): { readonly reference?: string } {
  return reference === undefined ? {} : { reference }
}

function tagsText(tags: readonly string[]): string {
  const some = tags.slice(0, MAX_NAMED).map((tag) => outside(`#${tag}`))
  return tags.length > MAX_NAMED ? `${some.join(', ')} and others` : some.join(', ')
}
