import type { CloudAdapter, TurnContext } from 'botbuilder'
import type { ConnectorClient } from 'botframework-connector'
import { z } from 'zod'
import type { Outsider, Person } from '../core/chat.ts'

/** Teams names the object id `aadObjectId` in newer answers and `objectId` in older ones. */
const memberSchema = z.object({
  name: z.string().nullish(),
  aadObjectId: z.guid().nullish(),
  objectId: z.guid().nullish(),
  userRole: z.string().nullish(),
  tenantId: z.string().nullish(),
})

/** Asks the connector who a member of this conversation is; null for somebody without an object id. */
export async function memberOf(
  context: TurnContext,
  adapter: CloudAdapter,
  id: string,
): Promise<Person | null> {
  const client = context.turnState.get<ConnectorClient>(adapter.ConnectorClientKey)
  const conversationId = context.activity.conversation.id
  const answer = await client?.conversations.getConversationMember(conversationId, id)
  return readMember(answer, context.activity.conversation.tenantId ?? null)
}

/**
 * A member as the roster names them. `userRole` is `user`, `guest` or `anonymous`; in a shared channel `tenantId` is
 * the person's own tenant, and another than the conversation's is somebody from outside.
 * https://learn.microsoft.com/javascript/api/botframework-schema/teamschannelaccount
 */
export function readMember(answer: unknown, tenantId: string | null): Person | null {
  const { data } = memberSchema.safeParse(answer)
  const objectId = data?.aadObjectId ?? data?.objectId
  if (!data || !objectId) return null
  const outsider = outsiderOf(data.userRole ?? '', data.tenantId ?? null, tenantId)
  const person = { objectId: objectId.toLowerCase(), name: data.name ?? '' }
  return outsider === null ? person : { ...person, outsider }
}

function outsiderOf(role: string, own: string | null, here: string | null): Outsider | null {
  const said = role.toLowerCase()
  if (said === 'guest' || said === 'anonymous') return said
  if (said !== 'user') return 'unknown'
  if (own !== null && here !== null && own.toLowerCase() !== here.toLowerCase()) return 'external'
  return null
}
