import { readFileSync } from 'node:fs'
import type { CardClick, ClickAnswer, InboundMessage } from '../../../src/core/chat.ts'
import type { HubServer } from '../../../src/hub/http/server.ts'
import { startHubServer } from '../../../src/hub/http/server.ts'
import { gateWithoutSignIn } from '../../../src/teams/gate.ts'
import { createTeamsGate } from '../../../src/teams/teams-gate.ts'
import { createTeamsSender, credentialsWithoutSignIn } from '../../../src/teams/teams-sender.ts'
import { realClock } from '../../hub/http/test-clock.ts'

const cards = new URL('./cards/', import.meta.url)

/** One of the sketches of finished cards. */
export function sketch(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, cards), 'utf8'))
}

export interface FakeBot {
  readonly url: string
  readonly messages: InboundMessage[]
  readonly clicks: CardClick[]
  /** What the next clicks are answered with. */
  answer: ClickAnswer
  /** Lets the held edit of the last message go out. */
  finish(): Promise<void>
  close(): Promise<void>
}

/** A bot made of the real server, gate and sender: it posts a progress card at once and edits it when told to. */
export async function startFakeBot(final = 'check-report-not-ready'): Promise<FakeBot> {
  const sender = createTeamsSender({
    appId: '',
    credentials: credentialsWithoutSignIn(),
    signIn: 'off',
    clock: realClock,
  })
  const messages: InboundMessage[] = []
  const clicks: CardClick[] = []
  let edit = async (): Promise<void> => {}
  const bot = { answer: { kind: 'message', text: 'Checking again.' } as ClickAnswer }
  const receive = createTeamsGate({
    gate: gateWithoutSignIn(),
    log: { warn: () => {}, error: () => {} },
    now: Date.now,
    handlers: {
      change: async () => {},
      click: async (click) => {
        clicks.push(click)
        return bot.answer
      },
      message: async (message) => {
        messages.push(message)
        const posted = await sender.post(
          message.conversation,
          { summary: 'Checking.', card: sketch('check-progress') },
          message.id,
        )
        if (posted.outcome !== 'sent') throw new Error('the connector did not take the card')
        edit = async () => {
          const content = { summary: 'London is not ready.', card: sketch(final) }
          await sender.update(message.conversation, posted.activityId, content)
        }
      },
    },
  })
  const server: HubServer = await startHubServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: 'loopback',
    log: { error: () => {} },
    clock: realClock,
    routes: [
      {
        method: 'POST',
        path: '/api/messages',
        handle: ({ body, headers }) => receive(body, headers['authorization']),
      },
    ],
  })
  return Object.assign(bot, {
    url: `${server.url}/api/messages`,
    messages,
    clicks,
    finish: () => edit(),
    close: async () => {
      await server.close()
      await sender.close()
    },
  })
}
