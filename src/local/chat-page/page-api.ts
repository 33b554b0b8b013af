import { z } from 'zod'
import type { ChatLog } from '../connector/chat-log.ts'
import { type ClickReply, conversationFor, type HubClient } from '../connector/hub-client.ts'
import { DEMO_BOT, DEMO_CONVERSATIONS, DEMO_PEOPLE, DEMO_TEAM } from '../connector/people.ts'

/** As long as the hub's own limit lets a sentence usefully be, and a little more. */
const MAX_TEXT = 4_000

const said = z.object({
  personId: z.string(),
  conversationId: z.string(),
  threadId: z.string().nullish(),
  text: z.string().trim().min(1).max(MAX_TEXT),
})

const pressed = z.object({
  personId: z.string(),
  conversationId: z.string(),
  messageId: z.string(),
  verb: z.string().max(200),
  data: z.record(z.string(), z.unknown()),
  submit: z.boolean(),
})

export interface PageApi {
  /** Everything that the page shows. */
  state(): object
  /** Says something. `delivered` is false when the hub did not take it. Throws when the body has another shape. */
  say(body: unknown): Promise<{ delivered: boolean; status: number }>
  /** Presses a button of a card. Throws when the body has another shape. */
  press(body: unknown): Promise<ClickReply>
}

/** What the chat page can ask for. */
export function createPageApi({
  log,
  hub,
  suggestions,
}: {
  readonly log: ChatLog
  readonly hub: HubClient
  readonly suggestions: readonly string[]
}): PageApi {
  const installed = new Set<string>()

  const who = (personId: string, conversationId: string) => {
    const person = DEMO_PEOPLE.find(({ objectId }) => objectId === personId)
    const conversation = person && conversationFor(person, conversationId)
    if (!person || !conversation) throw new Error('no such person or conversation')
    return { person, conversation }
  }

  return {
    state: () => ({
      seq: log.seq(),
      bot: DEMO_BOT,
      team: DEMO_TEAM,
      people: DEMO_PEOPLE,
      conversations: DEMO_CONVERSATIONS,
      messages: log.messages(),
      suggestions,
    }),
    say: async (body) => {
      const { personId, conversationId, threadId, text } = said.parse(body)
      const { person, conversation } = who(personId, conversationId)
      const message = log.add({
        conversationId,
        threadId: conversation.kind === 'channel' ? (threadId ?? null) : null,
        personId,
        text,
        cards: [],
        summary: '',
      })
      if (!installed.has(conversationId)) {
        const { status } = await hub.install(person, conversation)
        if (status === 200) installed.add(conversationId)
      }
      const { status } = await hub.message(person, conversation, message)
      return { delivered: status === 200, status }
    },
    press: async (body) => {
      const { personId, conversationId, messageId, verb, data, submit } = pressed.parse(body)
      const { person, conversation } = who(personId, conversationId)
      const card = log.find(conversationId, messageId)
      if (!card) return { kind: 'error', text: 'This message is gone.' }
      return hub.click(person, conversation, card, { verb, data, submit })
    },
  }
}
