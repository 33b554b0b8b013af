import { refusalCard } from '../cards/refusal-card.ts'
import type { Person } from '../core/chat.ts'
import type { GrantedRole } from '../core/granted.ts'
import { t } from '../core/t.ts'
import type { Answer, CommandContext } from './command.ts'
import { confirmCard, grantedCard, grantForm, titleOf } from './role-cards.ts'
import { refusedFor } from './role-list.ts'
import { calledOn, meantBy, officeTags, scopeIn } from './role-person.ts'
import type { RoleWords } from './role-words.ts'

/** What was said, and what the button kept that asked whether it is meant. */
export interface GrantArgs {
  readonly words: RoleWords
  readonly kept: string | null
}

/** What a confirmation keeps: nobody but our own button can say it. */
const CONFIRMED = 'confirmed'

/** Tags offered in the form; more are typed. */
const MAX_CHOICES = 40

/** Gives a role: at once for viewers and operators, after a second look for admins. */
export async function grantRole({ words, kept }: GrantArgs, context: CommandContext): Promise<Answer> {
  const [meant, tags] = [await meantBy(words.whom, context), await officeTags(context)]
  const scope = scopeIn(words.scope, tags)
  const problems = [meant, scope].flatMap((one) => (one.kind === 'problem' ? [one.says] : []))
  if (words.byForm && scope.kind === 'unsaid') problems.push(t`Choose for which offices.`)
  // What is typed without a scope means all offices.
  const tag = scope.kind === 'scope' ? scope.tag : null
  if (meant.kind !== 'person' || words.role === null || problems.length > 0) {
    return askFor(words, meant.kind === 'person' ? meant.person : null, problems, tags, context)
  }
  const refused = await refusedFor(tag, context)
  if (refused !== null) return refused
  const { person } = meant
  if (person.outsider !== undefined && !context.roles.isListedGuest(person.objectId))
    return notFromHere(person)
  if (words.role === 'admin' && kept !== CONFIRMED) return confirm(person, tag, context)
  return give(person, words.role, tag, context)
}

async function give(
  person: Person,
  role: GrantedRole,
  tag: string | null,
  context: CommandContext,
): Promise<Answer> {
  const { objectId, name } = person
  const by = { objectId: context.person.objectId, name: context.person.name }
  const became = await context.roles.grant({ objectId, name, role, tag, by, at: context.now })
  if (became === 'done') {
    const command = `role revoke ${objectId} for ${tagWords(tag)}`
    const undo = await context.offer(t`Take it away`, 'role', command, { uses: 'once' })
    const { reference } = context
    const card = grantedCard({ person, role, tag, by: by.name, reference, buttons: [undo] })
    return { kind: 'card', card, inPlace: true }
  }
  if (became === 'not-allowed') {
    // The giver's own role went while the message was on its way.
    return (await refusedFor(tag, context)) ?? busy()
  }
  if (became === 'busy') return busy()
  const card =
    became === 'same'
      ? refusalCard({ happened: t`${titleOf({ person, role, tag })} already`, why: t`Nothing was changed.` })
      : lastAdminCard(calledOn(person))
  return { kind: 'card', card, refused: true }
}

async function confirm(person: Person, tag: string | null, context: CommandContext): Promise<Answer> {
  const command = `role grant ${person.objectId} admin for ${tagWords(tag)}`
  const yes = await context.offer(t`Make admin`, 'role', command, {
    uses: 'once',
    onlyMe: true,
    keep: CONFIRMED,
  })
  const card = confirmCard({ person, role: 'admin', tag, buttons: [yes] })
  return { kind: 'card', card, inPlace: true }
}

/** The form, for what is missing or was not understood. */
async function askFor(
  words: RoleWords,
  person: Person | null,
  problems: readonly string[],
  tags: readonly string[],
  context: CommandContext,
): Promise<Answer> {
  const mayAll = (await context.roles.mayGrant(null)).ok
  const allowed = await Promise.all(tags.map(async (tag) => (await context.roles.mayGrant(tag)).ok))
  const mine = tags.filter((_tag, index) => mayAll || allowed[index]).slice(0, MAX_CHOICES)
  if (!mayAll && mine.length === 0) return (await refusedFor(null, context)) ?? busy()
  const command = person === null ? 'role grant' : `role grant ${person.objectId}`
  const give = await context.offer(t`Give`, 'role', command, { uses: 'once', onlyMe: true })
  const card = grantForm({
    person,
    typed: words.whom.kind === 'name' ? words.whom.typed : '',
    role: words.role,
    scope: words.scope,
    mayAll,
    tags: mine,
    problems,
    buttons: [give],
  })
  return { kind: 'card', card, inPlace: true, ...(problems.length > 0 ? { refused: true } : {}) }
}

function notFromHere(person: Person): Answer {
  const what = person.outsider === 'guest' ? t`a guest in this tenant` : t`no member of this tenant`
  const card = refusalCard({
    happened: t`${calledOn(person)} is ${what}`,
    why: t`People from outside get no role unless the configuration lists them. Nothing was changed.`,
    todo: t`Whoever runs Doorstep can add ${person.objectId} to DOORSTEP_GUESTS; then say this again.`,
  })
  return { kind: 'card', card, refused: true }
}

/** Nobody could give roles any more. */
export function lastAdminCard(called: string) {
  return refusalCard({
    happened: t`${called} is the last admin for all offices`,
    why: t`Without one nobody could give roles any more. Nothing was changed.`,
    todo: t`Make somebody else an admin first.`,
  })
}

/** Others changed roles all the while. */
export function busy(): Answer {
  const card = refusalCard({
    happened: t`Somebody else is changing roles right now`,
    why: t`Nothing was changed.`,
    todo: t`Please say it again.`,
  })
  return { kind: 'card', card, refused: true }
}

/** A scope as a command says it. */
export function tagWords(tag: string | null): string {
  return tag === null ? 'all' : `#${tag}`
}
