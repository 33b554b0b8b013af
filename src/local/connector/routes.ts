import { z } from 'zod'
import { type ChatLog, isKnownConversation, splitThread } from './chat-log.ts'
import { DEMO_BOT, DEMO_CONVERSATIONS, DEMO_PEOPLE, DEMO_TEAM, DEMO_TENANT_ID } from './people.ts'

export interface ConnectorAnswer {
  readonly status: number
  readonly body?: object
}

/** The largest message that Teams takes, about 100 KB of UTF-16. */
const MAX_MESSAGE_CHARS = 100 * 1024

const outgoing = z.object({
  type: z.string().default('message'),
  text: z.string().nullish(),
  summary: z.string().nullish(),
  attachments: z.array(z.object({ contentType: z.string(), content: z.unknown().optional() })).nullish(),
})
type Outgoing = z.infer<typeof outgoing>

const creation = z.object({
  isGroup: z.boolean().nullish(),
  members: z.array(z.object({ id: z.string() })).nullish(),
  channelData: z.object({ channel: z.object({ id: z.string() }).nullish() }).nullish(),
  activity: outgoing.nullish(),
})

/**
 * Answers the connector's REST calls as Teams does, for the paths that bots use. `path` is what follows the service URL.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 */
export function answerConnector(log: ChatLog, method: string, path: string, body: unknown): ConnectorAnswer {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent)
  if (parts[0] !== 'v3') return fault(404, 'NotFound')
  if (parts[1] === 'teams') return method === 'GET' ? team(parts[2] ?? '', parts[3]) : fault(405, 'BadMethod')
  if (parts[1] !== 'conversations') return fault(404, 'NotFound')
  if (parts.length === 2) return method === 'POST' ? create(log, body) : fault(405, 'BadMethod')
  const { base, threadId } = splitThread(parts[2] ?? '')
  if (!isKnownConversation(base)) return fault(404, 'ConversationNotFound')
  if (method === 'GET') return members(base, parts[3] ?? '', parts[4])
  if (parts[3] !== 'activities') return fault(404, 'NotFound')
  if (method === 'DELETE') return log.remove(base, parts[4] ?? '') ? { status: 200 } : notHere()
  const parsed = outgoing.safeParse(body)
  if (!parsed.success) return fault(400, 'BadSyntax')
  if (JSON.stringify(body).length > MAX_MESSAGE_CHARS) return fault(413, 'MessageSizeTooBig')
  if (method === 'POST') return post(log, base, threadId ?? threadOf(log, base, parts[4]), parsed.data)
  if (method === 'PUT') {
    const edited = log.edit(base, parts[4] ?? '', contentOf(parsed.data))
    return edited ? { status: 200, body: { id: edited.id } } : notHere()
  }
  return fault(405, 'BadMethod')
}

function post(log: ChatLog, base: string, threadId: string | null, activity: Outgoing): ConnectorAnswer {
  if (activity.type === 'typing') {
    log.typing(base)
    return { status: 202, body: { id: '' } }
  }
  const message = log.add({ conversationId: base, threadId, personId: null, ...contentOf(activity) })
  return { status: 201, body: { id: message.id } }
}

/** A reply in a channel goes to the thread of what it replies to; elsewhere there are no threads. */
function threadOf(log: ChatLog, base: string, replyTo: string | undefined): string | null {
  const kind = DEMO_CONVERSATIONS.find((conversation) => conversation.id === base)?.kind
  if (kind !== 'channel' || replyTo === undefined) return null
  return log.find(base, replyTo)?.threadId ?? replyTo
}

function contentOf(activity: Outgoing): { text: string; summary: string; cards: unknown[] } {
  const cards = (activity.attachments ?? [])
    .filter((attachment) => attachment.contentType === 'application/vnd.microsoft.card.adaptive')
    .map((attachment) => attachment.content)
  return { text: activity.text ?? '', summary: activity.summary ?? '', cards }
}

function create(log: ChatLog, body: unknown): ConnectorAnswer {
  const parsed = creation.safeParse(body)
  if (!parsed.success) return fault(400, 'BadSyntax')
  const { channelData, members: invited, activity } = parsed.data
  const channelId = channelData?.channel?.id
  const person = DEMO_PEOPLE.find(({ chatId, objectId }) =>
    (invited ?? []).some(({ id }) => id === chatId || id === objectId || id === `8:orgid:${objectId}`),
  )
  const found = DEMO_CONVERSATIONS.find((conversation) =>
    channelId ? conversation.id === channelId : person && conversation.ownerId === person.objectId,
  )
  if (!found) return fault(403, 'BotNotInConversationRoster')
  const first = activity
    ? log.add({ conversationId: found.id, threadId: null, personId: null, ...contentOf(activity) })
    : undefined
  const id = found.kind === 'channel' && first ? `${found.id};messageid=${first.id}` : found.id
  return { status: 201, body: { id, ...(first ? { activityId: first.id } : {}) } }
}

function members(base: string, what: string, id: string | undefined): ConnectorAnswer {
  const owner = DEMO_CONVERSATIONS.find((conversation) => conversation.id === base)?.ownerId
  const here = DEMO_PEOPLE.filter((person) => owner === null || person.objectId === owner).map((person) => ({
    id: person.chatId,
    name: person.name,
    aadObjectId: person.objectId,
    objectId: person.objectId,
    tenantId: DEMO_TENANT_ID,
    userRole: 'user',
  }))
  if (what === 'pagedmembers') return { status: 200, body: { members: here } }
  if (what !== 'members') return fault(404, 'NotFound')
  if (id === undefined) return { status: 200, body: here }
  const one = here.find((member) => member.id === id || member.aadObjectId === id)
  return one ? { status: 200, body: one } : fault(404, 'MemberNotFoundInConversation')
}

function team(id: string, what: string | undefined): ConnectorAnswer {
  if (id !== DEMO_TEAM.id) return fault(404, 'NotFound')
  if (what === undefined)
    return { status: 200, body: { ...DEMO_TEAM, aadGroupId: DEMO_TENANT_ID, type: 'standard' } }
  const channels = DEMO_CONVERSATIONS.filter((conversation) => conversation.kind === 'channel')
  return { status: 200, body: { conversations: channels.map(({ id, title }) => ({ id, name: title })) } }
}

const notHere = (): ConnectorAnswer => fault(404, 'ActivityNotFoundInConversation')

function fault(status: number, code: string): ConnectorAnswer {
  return { status, body: { error: { code, message: `${DEMO_BOT.name}: ${code}` } } }
}
