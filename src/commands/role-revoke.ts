import { formCard } from '../cards/form-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import { scopeText } from '../cards/roles-card.ts'
import { outside } from '../cards/text.ts'
import type { Person } from '../core/chat.ts'
import { t } from '../core/t.ts'
import type { Answer, CommandContext } from './command.ts'
import { ROLE_NAMES } from './not-allowed.ts'
import { misread } from './refusals.ts'
import type { HeldRole } from './role-desk.ts'
import { busy, lastAdminCard } from './role-grant.ts'
import { refusedFor } from './role-list.ts'
import { calledOn, meantBy, scopeIn } from './role-person.ts'
import type { RoleWords } from './role-words.ts'

/** Takes a person's role for one scope away, or without one all that were given in the chat. */
export async function revokeRole({ whom, scope }: RoleWords, context: CommandContext): Promise<Answer> {
  const meant = await meantBy(whom, context)
  if (meant.kind === 'missing')
    return misread(t`Say whose: role revoke @Ana, or role revoke @Ana for #emea.`, context)
  if (meant.kind === 'problem') return misread(meant.says, context)
  const { person } = meant
  const held = (await context.roles.held()).filter(({ objectId }) => objectId === person.objectId)
  const read = scopeIn(
    scope,
    held.flatMap(({ tag }) => (tag === null ? [] : [tag])),
  )
  const wanted = read.kind === 'unsaid' ? 'every' : read.kind === 'scope' ? read.tag : null
  const some = read.kind === 'problem' ? [] : held.filter(({ tag }) => wanted === 'every' || tag === wanted)
  const given = some.filter(({ given: by }) => by !== null)
  if (given.length === 0) return nothing(person, some, held, context)
  for (const { tag } of given) {
    const refused = await refusedFor(tag, context)
    if (refused !== null) return refused
  }
  const revoked = await context.roles.revoke(person.objectId, wanted)
  switch (revoked.kind) {
    case 'done':
      return gone(person, revoked.gone, some, context)
    case 'none':
      return nothing(person, [], held, context)
    case 'last-admin':
      return { kind: 'card', card: lastAdminCard(calledOn(person)), refused: true }
    case 'not-allowed':
      return (await refusedFor(null, context)) ?? busy()
    case 'busy':
      return busy()
  }
}

function gone(
  person: Person,
  taken: readonly Pick<HeldRole, 'role' | 'tag'>[],
  some: readonly HeldRole[],
  context: CommandContext,
): Answer {
  const configured = some.filter(({ given }) => given === null)
  const card = formCard({
    title: t`Taken away from ${calledOn(person)}`,
    lead: configured.length === 0 ? t`It counts from now on.` : CONFIGURED,
    facts: taken.map(({ role, tag }) => ({ label: role, value: scopeText(tag) })),
    foot: [t`taken away by ${outside(context.person.name)}`, t`reference ${context.reference}`],
    buttons: [],
  })
  return { kind: 'card', card, inPlace: true }
}

/** Nothing of what was said can be taken away: it is not held, or the configuration gives it. */
async function nothing(
  person: Person,
  some: readonly HeldRole[],
  held: readonly HeldRole[],
  context: CommandContext,
): Promise<Answer> {
  const [configured] = some
  // Whether somebody holds a role is for those to know who may give it.
  const refused = await refusedFor(configured?.tag ?? null, context)
  if (refused !== null && held.length === 0) return refused
  const called = calledOn(person)
  const card = configured
    ? refusalCard({
        happened: t`${called} is ${ROLE_NAMES[configured.role]} by configuration`,
        why: t`${CONFIGURED} Nothing was changed.`,
        todo: t`Whoever runs Doorstep can change DOORSTEP_ADMINS, DOORSTEP_OPERATORS or DOORSTEP_VIEWERS.`,
      })
    : refusalCard({
        happened: t`${called} holds no such role`,
        why: t`Nothing was changed.`,
        todo:
          held.length === 0
            ? t`Say role list to see who may what.`
            : t`Held: ${held.map(({ role, tag }) => t`${role} for ${scopeText(tag)}`).join(', ')}.`,
        buttons: [await context.offer(t`Roles`, 'role', 'role list')],
      })
  return { kind: 'card', card, refused: true }
}

const CONFIGURED = t`What the configuration gives, a chat cannot take away.`
