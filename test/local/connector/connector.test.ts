import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConversationRef } from '../../../src/core/chat.ts'
import { type ChatServer, startChatServer } from '../../../src/local/chat-page/chat-server.ts'
import { type ChatChange, createChatLog } from '../../../src/local/connector/chat-log.ts'
import { DEMO_PEOPLE, DEMO_TEAM, DEMO_TENANT_ID } from '../../../src/local/connector/people.ts'
import { answerConnector } from '../../../src/local/connector/routes.ts'
import {
  createTeamsSender,
  credentialsWithoutSignIn,
  type TeamsSender,
} from '../../../src/teams/teams-sender.ts'
import { realClock } from '../../hub/http/test-clock.ts'

const CHANNEL = '19:network-operations@thread.tacv2'
const text = (said: string): object => ({ type: 'message', text: said })
const setup = () => {
  const log = createChatLog(() => 1_000)
  return {
    log,
    ask: (method: string, path: string, body?: unknown) => answerConnector(log, method, path, body),
  }
}

describe('the stand-in connector', () => {
  it('keeps what is posted, edited and deleted, and tells of it in order', () => {
    const { log, ask } = setup()
    const changes: ChatChange[] = []
    const stop = log.follow((change) => changes.push(change))
    const { status, body } = ask('POST', '/v3/conversations/a:ana/activities', text('one'))
    const id = (body as { id: string }).id
    expect(status).toBe(201)
    expect(ask('PUT', `/v3/conversations/a:ana/activities/${id}`, text('two'))).toEqual({
      status: 200,
      body: { id },
    })
    expect(log.find('a:ana', id)).toMatchObject({ text: 'two', personId: null, editedAt: 1_000 })
    expect(ask('DELETE', `/v3/conversations/a:ana/activities/${id}`).status).toBe(200)
    stop()
    ask('POST', '/v3/conversations/a:ana/activities', text('unheard'))
    expect(changes.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['message', 1],
      ['edit', 2],
      ['delete', 3],
    ])
  })

  it('gives each message an id of its own, even within one millisecond', () => {
    const { log, ask } = setup()
    for (let at = 0; at < 10; at += 1) ask('POST', '/v3/conversations/a:ana/activities', text('x'))
    expect(new Set(log.messages().map(({ id }) => id)).size).toBe(10)
  })

  it('keeps threads of a channel, by name and by reply', () => {
    const { log, ask } = setup()
    const created = ask('POST', '/v3/conversations', {
      isGroup: true,
      channelData: { channel: { id: CHANNEL } },
      activity: text('digest'),
    }).body as { id: string; activityId: string }
    expect(created.id).toBe(`${CHANNEL};messageid=${created.activityId}`)
    ask('POST', `/v3/conversations/${encodeURIComponent(created.id)}/activities`, text('by name'))
    ask(
      'POST',
      `/v3/conversations/${encodeURIComponent(CHANNEL)}/activities/${created.activityId}`,
      text('by reply'),
    )
    expect(log.messages().map(({ threadId }) => threadId)).toEqual([
      null,
      created.activityId,
      created.activityId,
    ])
  })

  it('opens the personal chat of a person', () => {
    const { ask } = setup()
    const members = [{ id: DEMO_PEOPLE[1]?.chatId }]
    const { status, body } = ask('POST', '/v3/conversations', {
      isGroup: false,
      members,
      tenantId: DEMO_TENANT_ID,
    })
    expect([status, body]).toEqual([201, { id: 'a:kenji' }])
  })

  it('knows who is where', () => {
    const { ask } = setup()
    expect(ask('GET', '/v3/conversations/a:ana/members').body).toHaveLength(1)
    expect(ask('GET', `/v3/conversations/${CHANNEL}/pagedmembers`).body).toMatchObject({
      members: DEMO_PEOPLE.map(({ objectId }) => ({ aadObjectId: objectId })),
    })
    expect(ask('GET', `/v3/conversations/${CHANNEL}/members/29:kenji`).body).toMatchObject({
      name: 'Kenji Mori',
    })
    expect(ask('GET', `/v3/teams/${DEMO_TEAM.id}`).body).toMatchObject({ name: DEMO_TEAM.name })
    expect(ask('GET', `/v3/teams/${DEMO_TEAM.id}/conversations`).body).toEqual({
      conversations: [{ id: CHANNEL, name: 'Network operations' }],
    })
  })

  it.each([
    ['GET', '/v2/conversations', undefined, 404],
    ['POST', '/v3/conversations/nowhere/activities', text('x'), 404],
    ['PUT', '/v3/conversations/a:ana/activities/1', text('x'), 404],
    ['DELETE', '/v3/conversations/a:ana/activities/1', undefined, 404],
    ['GET', '/v3/conversations/a:ana/members/29:kenji', undefined, 404],
    ['GET', '/v3/teams/other', undefined, 404],
    ['PATCH', '/v3/conversations/a:ana/activities/1', text('x'), 405],
    ['POST', '/v3/conversations', { members: [{ id: '29:stranger' }] }, 403],
    ['POST', '/v3/conversations/a:ana/activities', 'x', 400],
    ['POST', '/v3/conversations/a:ana/activities', text('x'.repeat(110_000)), 413],
  ])('%s %s is refused', (method, path, body, status) => {
    const { ask, log } = setup()
    expect(ask(method, path, body).status).toBe(status)
    expect(log.messages()).toEqual([])
  })

  it('has three people with object ids of their own, the first of them the admin', () => {
    expect(new Set(DEMO_PEOPLE.map(({ objectId }) => objectId)).size).toBe(3)
    expect(DEMO_PEOPLE[0].title).toBe('Network admin')
  })
})

describe('the stand-in and the sender', () => {
  let chat: ChatServer
  let sender: TeamsSender
  let ref: ConversationRef

  beforeEach(async () => {
    chat = await startChatServer({
      port: 0,
      hubUrl: 'http://127.0.0.1:1/',
      suggestions: [],
      clock: realClock,
    })
    sender = createTeamsSender({
      appId: '',
      credentials: credentialsWithoutSignIn(),
      signIn: 'off',
      clock: realClock,
    })
    ref = {
      conversationId: `${CHANNEL};messageid=5`,
      kind: 'channel',
      tenantId: DEMO_TENANT_ID,
      serviceUrl: chat.connectorUrl,
      bot: { id: '28:doorstep', name: 'Doorstep' },
      teamId: DEMO_TEAM.id,
      channelId: CHANNEL,
    }
  })
  afterEach(async () => {
    await sender.close()
    await chat.close()
  })

  it('understand each other', async () => {
    const posted = await sender.post(ref, { summary: 's', card: { type: 'AdaptiveCard' } })
    if (posted.outcome !== 'sent') throw new Error(JSON.stringify(posted))
    expect(await sender.update(ref, posted.activityId, { summary: 't', text: 'done' })).toEqual(posted)
    expect(await sender.member(ref, '29:maya')).toMatchObject({ person: { name: 'Maya Okafor' } })
    const state = (await (await fetch(`${chat.url}/api/state`)).json()) as { messages: object[] }
    expect(state.messages).toMatchObject([{ threadId: '5', text: 'done', summary: 't', cards: [] }])
  })

  it('agree on what is too large and what is gone', async () => {
    const large = { summary: 's', card: { type: 'AdaptiveCard', body: ['x'.repeat(110_000)] } }
    expect(await sender.post(ref, large)).toMatchObject({ outcome: 'refused', status: 413 })
    expect(await sender.update(ref, '1', { summary: 's' })).toMatchObject({ outcome: 'refused', status: 404 })
    const elsewhere = { ...ref, conversationId: 'a:nobody' }
    expect(await sender.post(elsewhere, { summary: 's' })).toMatchObject({ outcome: 'refused', status: 404 })
  })
})
