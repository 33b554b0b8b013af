import { randomUUID } from 'node:crypto'
import { request } from 'undici'
import { z } from 'zod'
import type { ChatMessage } from './chat-log.ts'
import {
  DEMO_BOT,
  DEMO_CONVERSATIONS,
  DEMO_TEAM,
  DEMO_TENANT_ID,
  type DemoConversation,
  type DemoPerson,
} from './people.ts'

/** Teams waits about 15 s for a turn and then delivers again; this stand-in does not deliver again. */
const TURN_TIMEOUT_MS = 15_000

/** What the hub answered to a click, as far as the page shows it. */
export type ClickReply =
  | { readonly kind: 'card'; readonly card: unknown }
  | { readonly kind: 'message' | 'error'; readonly text: string }
  | { readonly kind: 'nothing' }

/** Whether the hub took what was sent: its status, or 0 when it did not answer. */
export interface Delivery {
  readonly status: number
}

/** The side of Teams that calls the bot. Nothing throws for what the hub does. */
export interface HubClient {
  /** Delivers a message that stands in the log. In a channel the bot is mentioned in front, as Teams does. */
  message(person: DemoPerson, conversation: DemoConversation, message: ChatMessage): Promise<Delivery>
  /** Delivers a press of an `Action.Execute`. */
  click(
    person: DemoPerson,
    conversation: DemoConversation,
    card: ChatMessage,
    action: ClickAction,
  ): Promise<ClickReply>
  /** Tells the hub that the bot was added, once per conversation, as an installation does. */
  install(person: DemoPerson, conversation: DemoConversation): Promise<Delivery>
}

export interface ClickAction {
  readonly verb: string
  readonly data: Readonly<Record<string, unknown>>
  /** `Action.Submit` arrives as a message that carries a value. */
  readonly submit: boolean
}

const replySchema = z.object({ type: z.string(), value: z.unknown().optional() })

/** Makes the client for one hub. `serviceUrl` is where the hub shall answer, `now` epoch ms. */
export function createHubClient(hubUrl: string, serviceUrl: string, now: () => number): HubClient {
  const send = async (activity: object): Promise<{ status: number; body: unknown }> => {
    try {
      const answer = await request(hubUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(activity),
        headersTimeout: TURN_TIMEOUT_MS,
        bodyTimeout: TURN_TIMEOUT_MS,
      })
      const text = await answer.body.text()
      return { status: answer.statusCode, body: text === '' ? undefined : JSON.parse(text) }
    } catch {
      return { status: 0, body: undefined }
    }
  }
  const common = (person: DemoPerson, conversation: DemoConversation, threadId: string | null): object => ({
    id: randomUUID(),
    timestamp: new Date(now()).toISOString(),
    // As Teams does for whoever sits in front of this machine.
    localTimezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    channelId: 'msteams',
    serviceUrl,
    from: { id: person.chatId, name: person.name, aadObjectId: person.objectId },
    recipient: DEMO_BOT,
    conversation: {
      id: threadId === null ? conversation.id : `${conversation.id};messageid=${threadId}`,
      conversationType: conversation.kind,
      tenantId: DEMO_TENANT_ID,
      ...(conversation.kind === 'channel' ? { isGroup: true } : {}),
    },
    channelData: {
      tenant: { id: DEMO_TENANT_ID },
      ...(conversation.kind === 'channel'
        ? { team: DEMO_TEAM, channel: { id: conversation.id, name: conversation.title } }
        : {}),
    },
  })

  return {
    message: async (person, conversation, message) => {
      const inChannel = conversation.kind === 'channel'
      const tag = `<at>${DEMO_BOT.name}</at>`
      const written = encoded(message.text)
      const { status } = await send({
        ...common(person, conversation, inChannel ? (message.threadId ?? message.id) : null),
        type: 'message',
        id: message.id,
        textFormat: 'plain',
        text: inChannel ? `${tag}&nbsp;${written}\n` : written,
        entities: inChannel ? [{ type: 'mention', text: tag, mentioned: DEMO_BOT }] : [],
      })
      return { status }
    },
    click: async (person, conversation, card, action) => {
      const thread = conversation.kind === 'channel' ? (card.threadId ?? card.id) : null
      const base = { ...common(person, conversation, thread), replyToId: card.id }
      if (action.submit) {
        const { status } = await send({ ...base, type: 'message', value: action.data })
        return status === 200 ? { kind: 'nothing' } : unanswered(status)
      }
      const { status, body } = await send({
        ...base,
        type: 'invoke',
        name: 'adaptiveCard/action',
        value: {
          action: { type: 'Action.Execute', verb: action.verb, data: action.data },
          trigger: 'manual',
        },
      })
      return status === 200 ? replyOf(body) : unanswered(status)
    },
    install: async (person, conversation) => {
      const { status } = await send({
        ...common(person, conversation, null),
        type: 'installationUpdate',
        action: 'add',
      })
      return { status }
    },
  }
}

/** Finds one of the demo conversations that this person may write to. */
export function conversationFor(person: DemoPerson, id: string): DemoConversation | undefined {
  return DEMO_CONVERSATIONS.find(
    (conversation) =>
      conversation.id === id && (conversation.ownerId === null || conversation.ownerId === person.objectId),
  )
}

/** Teams sends what people type with markup characters encoded. */
function encoded(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function replyOf(body: unknown): ClickReply {
  const reply = replySchema.safeParse(body)
  if (!reply.success) return { kind: 'nothing' }
  const { type, value } = reply.data
  if (type === 'application/vnd.microsoft.card.adaptive') return { kind: 'card', card: value }
  if (type === 'application/vnd.microsoft.activity.message') return { kind: 'message', text: String(value) }
  const message = (value as { message?: unknown } | undefined)?.message
  return { kind: 'error', text: typeof message === 'string' ? message : 'The app could not do that.' }
}

function unanswered(status: number): ClickReply {
  return {
    kind: 'error',
    text: status === 0 ? 'Doorstep does not answer.' : `Doorstep refused this (${status}).`,
  }
}
