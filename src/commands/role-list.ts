import { rolesCard } from '../cards/roles-card.ts'
import { t } from '../core/t.ts'
import type { Answer, CommandContext } from './command.ts'
import { notAllowed } from './not-allowed.ts'

/** Who may what. An admin for a tag sees the roles of that tag, and those for all offices. */
export async function listRoles(context: CommandContext): Promise<Answer> {
  const held = await context.roles.held()
  const everywhere = context.may('role', null).ok
  const mine = await Promise.all(
    held.map(async (one) => everywhere || one.tag === null || (await context.roles.mayGrant(one.tag)).ok),
  )
  const card = rolesCard({
    roles: held.filter((_one, index) => mine[index]),
    everyone: context.roles.everyone,
    timeZone: context.timeZone,
    buttons: [await context.offer(t`Give a role`, 'role', 'role grant')],
  })
  return { kind: 'card', card }
}

/** The rule refused a change that needs an admin's role for a tag, or for all offices; null: it did not. */
export async function refusedFor(tag: string | null, context: CommandContext): Promise<Answer | null> {
  const permission = await context.roles.mayGrant(tag)
  return permission.ok ? null : notAllowed({ ...permission, reference: context.reference })
}
