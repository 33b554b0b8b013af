import type { CloudAdapter, TurnContext } from 'botbuilder'
import type { ConnectorClient } from 'botframework-connector'
import { z } from 'zod'
import type { Person } from '../core/chat.ts'

/** Teams names the object id `aadObjectId` in newer answers and `objectId` in older ones. */
const memberSchema = z.object({
  name: z.string().nullish(),
  aadObjectId: z.guid().nullish(),
  objectId: z.guid().nullish(),
})

/** Asks the connector who a member of this conversation is; null for somebody without an object id. */
export async function memberOf(
  context: TurnContext,
  adapter: CloudAdapter,
  id: string,
): Promise<Person | null> {
  const client = context.turnState.get<ConnectorClient>(adapter.ConnectorClientKey)
  const conversationId = context.activity.conversation.id
  const member = memberSchema.safeParse(await client?.conversations.getConversationMember(conversationId, id))
  const objectId = member.data?.aadObjectId ?? member.data?.objectId
  return objectId ? { objectId: objectId.toLowerCase(), name: member.data?.name ?? '' } : null
}
