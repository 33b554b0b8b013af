import { describe, expect, it } from 'vitest'
import type { CardClick, ClickAnswer, ConversationChange, InboundMessage } from '../../src/core/chat.ts'
import { gateWithoutSignIn } from '../../src/teams/gate.ts'
import { createTeamsGate } from '../../src/teams/teams-gate.ts'
import { activity, BOT_MENTION, SENT_AT } from './activities.ts'

interface Seen {
  messages: InboundMessage[]
  clicks: CardClick[]
  changes: ConversationChange[]
}

function setup(answer: () => ClickAnswer = () => ({ kind: 'message', text: 'done' })) {
  const seen: Seen = { messages: [], clicks: [], changes: [] }
  const receive = createTeamsGate({
    gate: gateWithoutSignIn(),
    now: () => SENT_AT + 1_000,
    log: { warn: () => {}, error: () => {} },
    handlers: {
      message: async (message) => void seen.messages.push(message),
      change: async (change) => void seen.changes.push(change),
      click: async (click) => {
        seen.clicks.push(click)
        return answer()
      },
    },
  })
  return { seen, receive }
}

const invoke = (value: unknown, parts: object = {}): Record<string, unknown> =>
  activity({ type: 'invoke', name: 'adaptiveCard/action', replyToId: '99', value, ...parts })
const press = (data: unknown): Record<string, unknown> =>
  invoke({ action: { type: 'Action.Execute', verb: 'why', data }, trigger: 'manual' })

describe('a message', () => {
  it('comes with its person, its conversation and its words', async () => {
    const { seen, receive } = setup()
    expect(await receive(activity(), undefined)).toEqual({ status: 200 })
    expect(seen.messages).toEqual([
      {
        id: '1763640000000',
        at: SENT_AT,
        text: 'check office Seattle',
        mentions: [],
        timeZone: null,
        person: { objectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01', name: 'Ana Diaz' },
        conversation: {
          conversationId: 'a:ana',
          kind: 'personal',
          tenantId: 'tenant-1',
          serviceUrl: 'http://127.0.0.1:3979/connector',
          bot: { id: '28:doorstep', name: 'Doorstep' },
          teamId: null,
          channelId: null,
        },
      },
    ])
  })

  it("of Microsoft's own emulator is taken, though its object ids have a digit too many", async () => {
    const { seen, receive } = setup()
    const emulated = {
      type: 'message',
      text: 'check office Seattle',
      id: '00eb3add-6995-49f3-849b-951b5795c28e',
      from: {
        id: 'user-id-0',
        name: 'Alex Wilber',
        aadObjectId: '00000000-0000-0000-0000-0000000000020',
      },
      timestamp: '2025-11-20T12:00:00.000Z',
      localTimezone: 'UTC',
      serviceUrl: 'http://localhost:56150/_connector',
      conversation: {
        conversationType: 'personal',
        tenantId: '00000000-0000-0000-0000-0000000000001',
        id: '67f7cb81-1a87-4920-95d3-994cad372f16',
      },
      recipient: { id: '00000000-0000-0000-0000-00000000000011', name: 'Test Bot' },
      textFormat: 'plain',
      locale: 'en-US',
      entities: [{ type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web', timezone: 'UTC' }],
      channelData: { tenant: { id: '00000000-0000-0000-0000-0000000000001' } },
      channelId: 'msteams',
    }
    expect(await receive(emulated, undefined)).toEqual({ status: 200 })
    expect(seen.messages).toMatchObject([{ text: 'check office Seattle', person: { name: 'Alex Wilber' } }])
  })

  it('from a channel names its team and its thread', async () => {
    const { seen, receive } = setup()
    await receive(
      activity({
        text: '<at>Doorstep</at>&nbsp;status\n',
        entities: [BOT_MENTION],
        conversation: {
          conversationType: 'channel',
          id: '19:a@thread.tacv2;messageid=1',
          tenantId: 'tenant-1',
        },
        channelData: {
          tenant: { id: 'tenant-1' },
          team: { id: '19:t' },
          channel: { id: '19:a@thread.tacv2' },
        },
      }),
      undefined,
    )
    expect(seen.messages[0]).toMatchObject({
      text: 'status',
      conversation: { kind: 'channel', teamId: '19:t', channelId: '19:a@thread.tacv2' },
    })
  })

  it('that says nothing of its kind is not trusted as a personal one', async () => {
    const { seen, receive } = setup()
    await receive(activity({ conversation: { id: 'x', tenantId: 'tenant-1' } }), undefined)
    expect(seen.messages[0]?.conversation.kind).toBe('group')
  })

  it.each([
    ['an edit', { type: 'messageUpdate' }],
    ['a deletion', { type: 'messageDelete' }],
    ['a reaction', { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] }],
    ['typing', { type: 'typing' }],
    ['a visitor of a meeting', { from: { id: '8:teamsvisitor:0a1b', name: 'Ana Diaz' } }],
    [
      'a visitor with somebody’s object id',
      { from: { id: '8:teamsvisitor:0a1b', aadObjectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01' } },
    ],
    ['a bot by its id', { from: { id: '28:other', aadObjectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01' } }],
    ['a bot by its role', { from: { ...(activity()['from'] as object), role: 'bot' } }],
    ['nobody with an object id', { from: { id: '29:guest', name: 'Guest' } }],
    ['no tenant', { conversation: { id: 'a:ana', conversationType: 'personal' }, channelData: {} }],
    ['two tenants', { channelData: { tenant: { id: 'tenant-2' } } }],
    ['eleven minutes ago', { timestamp: '2025-11-20T11:49:00Z' }],
  ])('is ignored when it is %s', async (_name, parts) => {
    const { seen, receive } = setup()
    expect(await receive(activity(parts), undefined)).toEqual({ status: 200 })
    expect(seen).toEqual({ messages: [], clicks: [], changes: [] })
  })

  it.each([
    ['null', null],
    ['a list', []],
    ['nothing', {}],
    ['a type that is a number', activity({ type: 1 })],
    ['no id', activity({ id: undefined })],
    ['a time that is none', activity({ timestamp: 'yesterday' })],
    ['no service URL', activity({ serviceUrl: undefined })],
    ['an empty service URL', activity({ serviceUrl: '' })],
    ['no channel', activity({ channelId: null })],
    ['a person that is a text', activity({ from: 'Ana' })],
    ['an object id that is none', activity({ from: { id: '29:a', aadObjectId: 'admin' } })],
    [
      'a conversation of an unknown kind',
      activity({ conversation: { id: 'a', conversationType: 'secret' } }),
    ],
    ['entities that are an object', activity({ entities: {} })],
    ['entities that are texts', activity({ entities: ['mention'] })],
    ['a text that is an object', activity({ text: {} })],
    ['channel data that is a text', activity({ channelData: 'x' })],
  ])('is refused with 400 when it has %s', async (_name, body) => {
    const { seen, receive } = setup()
    expect(await receive(body, undefined)).toEqual({ status: 400 })
    expect(seen.messages).toEqual([])
  })

  it.each([
    ['a host elsewhere', { serviceUrl: 'http://evil.example/' }],
    ['Teams itself, without sign-in', { serviceUrl: 'https://smba.trafficmanager.net/emea/' }],
    ['a name that starts like ours', { serviceUrl: 'http://127.0.0.1.evil.example/' }],
    ['a user in the address', { serviceUrl: 'http://127.0.0.1@evil.example/' }],
    ['another channel', { channelId: 'emulator' }],
  ])('is turned away when answers would go to %s', async (_name, parts) => {
    const { seen, receive } = setup()
    expect(await receive(activity(parts), undefined)).toEqual({ status: 403 })
    expect(seen.messages).toEqual([])
  })

  it('is answered 500 when it could not be handled, so that it comes again', async () => {
    const failing = createTeamsGate({
      gate: gateWithoutSignIn(),
      now: () => SENT_AT,
      log: { warn: () => {}, error: () => {} },
      handlers: {
        message: () => Promise.reject(new Error('store')),
        change: async () => {},
        click: () => Promise.reject(new Error('store')),
      },
    })
    expect(await failing(activity(), undefined)).toEqual({ status: 500 })
    expect(await failing(press({ actionId: 'a' }), undefined)).toMatchObject({
      status: 200,
      body: { statusCode: 400, type: 'application/vnd.microsoft.error' },
    })
  })
})

describe('a click', () => {
  it('names the stored action, the card and what was filled in', async () => {
    const { seen, receive } = setup()
    await receive(
      press({ actionId: 'YblXRDoS-unbIL_5lGGXcO', name: 'Lyon', role: 'admin', n: 1, o: {} }),
      undefined,
    )
    expect(seen.clicks[0]).toMatchObject({ actionId: 'YblXRDoS-unbIL_5lGGXcO', cardId: '99', via: 'invoke' })
    expect({ ...seen.clicks[0]?.inputs }).toEqual({ name: 'Lyon', role: 'admin', n: '1' })
  })

  it('of an old client comes as a message and gets no body', async () => {
    const { seen, receive } = setup()
    const value = { actionId: 'abc' }
    expect(await receive(activity({ text: undefined, value, replyToId: '99' }), undefined)).toEqual({
      status: 200,
    })
    expect(seen.clicks[0]).toMatchObject({ actionId: 'abc', via: 'submit' })
  })

  it.each([
    ['none', {}],
    ['a number', { actionId: 7 }],
    ['a path', { actionId: '../../etc' }],
    ['one that is too long', { actionId: 'a'.repeat(65) }],
    ['one of a prototype', JSON.parse('{"__proto__":{"actionId":"abc"}}')],
  ])('has no action id when the card gave %s', async (_name, data) => {
    const { seen, receive } = setup()
    await receive(press(data), undefined)
    expect(seen.clicks[0]?.actionId).toBe('')
  })

  it('keeps what was filled in within bounds', async () => {
    const { seen, receive } = setup()
    const rest = Array.from({ length: 500 }, (_, at) => [`f${at}`, 'x'])
    await receive(press(Object.fromEntries([['file', 'x'.repeat(200_001)], ...rest])), undefined)
    const values = Object.values(seen.clicks[0]?.inputs ?? {})
    expect([values.length, values[0]?.length]).toEqual([50, 200_000])
  })

  it.each([
    [null],
    ['text'],
    [[]],
    [{}],
    [{ action: 'x' }],
    [{ action: { data: [] } }],
    [{ action: { data: 'x' } }],
  ])('with the value %j is answered with an error that the person sees', async (value) => {
    const { seen, receive } = setup()
    const { status, body } = await receive(invoke(value), undefined)
    expect(status).toBe(200)
    expect(body).toMatchObject({ type: 'application/vnd.microsoft.error', statusCode: 400 })
    expect(seen.clicks).toEqual([])
  })

  it.each<[ClickAnswer, object]>([
    [
      { kind: 'card', card: { type: 'AdaptiveCard' } },
      { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: { type: 'AdaptiveCard' } },
    ],
    [
      { kind: 'message', text: 'Checking.' },
      { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Checking.' },
    ],
    [
      { kind: 'error', text: 'Not yours.' },
      {
        statusCode: 400,
        type: 'application/vnd.microsoft.error',
        value: { code: 'BadRequest', message: 'Not yours.' },
      },
    ],
  ])('is answered as Teams reads it: %j', async (answer, body) => {
    const { receive } = setup(() => answer)
    expect(await receive(press({ actionId: 'a' }), undefined)).toEqual({ status: 200, body })
  })

  it.each(['task/fetch', 'composeExtension/query', 'signin/verifyState', '', undefined])(
    'of the unknown kind %j is not implemented',
    async (name) => {
      const { receive } = setup()
      expect(await receive(activity({ type: 'invoke', name, value: {} }), undefined)).toEqual({ status: 501 })
    },
  )
})

it.each([
  ['an installation', { type: 'installationUpdate', action: 'add' }, 'added'],
  ['a removal', { type: 'installationUpdate', action: 'remove' }, 'removed'],
  ['an upgrade', { type: 'installationUpdate', action: 'remove-upgrade' }, 'changed'],
  [
    'the bot among the members',
    { type: 'conversationUpdate', membersAdded: [{ id: '28:doorstep' }] },
    'added',
  ],
  [
    'the bot gone from the members',
    { type: 'conversationUpdate', membersRemoved: [{ id: '28:doorstep' }] },
    'removed',
  ],
  ['somebody else', { type: 'conversationUpdate', membersAdded: [{ id: '29:kenji' }] }, 'changed'],
])('a conversation changes: %s', async (_name, parts, what) => {
  const { seen, receive } = setup()
  expect(await receive(activity({ ...parts, text: undefined }), undefined)).toEqual({ status: 200 })
  expect(seen.changes[0]).toMatchObject({ what, conversation: { conversationId: 'a:ana' } })
})
