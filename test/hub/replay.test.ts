import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind } from '../../src/cards/card-text.ts'
import { freePort } from '../../src/local/ports.ts'
import { seed, startTestHub } from '../support/hub-kit.ts'
import { deliver, REPLAY_CHANNEL, REPLAY_MEETING, replayed } from '../support/replay.ts'
import { scratch } from '../support/scratch.ts'
import { nodesOf, startConnector, type TestConnector } from '../support/test-connector.ts'

const THREAD = `${REPLAY_CHANNEL};messageid=1763640000001`
const folders = scratch('doorstep-replay-')
let hub: Awaited<ReturnType<typeof startTestHub>>
let connector: TestConnector

beforeAll(async () => {
  const folder = await folders.make()
  await seed(folder, ['seattle', 'london'])
  connector = await startConnector()
  hub = await startTestHub(folder, await freePort())
})
afterAll(async () => {
  await hub?.close()
  await connector?.close()
  await folders.remove()
})

const play = (name: string, fill: { card?: string; action?: string } = {}) =>
  deliver(hub.url, replayed(name, { service: connector.serviceUrl, ...fill }))

/** Every card so far, by its kind and the conversation it went to. */
const told = () => connector.sent.map(({ card, conversationId }) => [cardKind(card), conversationId])

describe('an activity as Teams sends it', () => {
  it('is answered once in its thread: a channel mention with a no-break space and a line end, delivered twice', async () => {
    const both = await Promise.all([play('channel-mention'), play('channel-mention')])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    await connector.first(THREAD, ({ card }) => cardKind(card) === 'help')
    expect((await play('channel-mention')).status).toBe(200)
    expect(told()).toEqual([['help', THREAD]])
  })

  it.each([
    ['an edited message', 'edited-message'],
    ['a deleted message', 'deleted-message'],
    ['a reaction', 'reaction'],
    ['the start of a meeting', 'meeting-start'],
  ])('is taken and changes nothing: %s', async (_what, name) => {
    const before = told()
    expect(await play(name)).toEqual({ status: 200, body: null })
    expect(told()).toEqual(before)
  })

  it('is answered in the chat of a meeting', async () => {
    expect((await play('meeting-chat')).status).toBe(200)
    const { card } = await connector.first(REPLAY_MEETING, () => true)
    expect(cardKind(card)).toBe('status')
  })

  it('does one thing for one click that comes again with a new id', async () => {
    const { card: status } = await connector.first(REPLAY_MEETING, () => true)
    const [button] = nodesOf(status).filter((node) => node['type'] === 'Action.Execute')
    const action = String((button?.['data'] as { actionId?: string } | undefined)?.actionId)
    const inMeeting = (name: string) => ({
      ...replayed(name, { service: connector.serviceUrl, card: 'c1', action }),
      conversation: {
        id: REPLAY_MEETING,
        conversationType: 'groupChat',
        tenantId: '5d0c1f3a-6f0e-4a57-9d5b-0b1f5a3c7e10',
      },
    })
    const first = await deliver(hub.url, inMeeting('click'))
    const again = await deliver(hub.url, inMeeting('click-again'))
    expect(first).toMatchObject({ status: 200, body: { statusCode: 200, value: 'The check has begun.' } })
    expect(again).toEqual(first)
    await connector.first(REPLAY_MEETING, ({ card }) => cardKind(card) === 'summary')
    const posts = connector.to(REPLAY_MEETING).filter(({ kind }) => kind === 'post')
    expect(posts.map(({ card }) => cardKind(card))).toEqual(['status', 'summary'])
  })

  it('is answered without doing anything when a client refreshes a card on its own', async () => {
    const before = connector.to(THREAD)
    const answer = await play('automatic-refresh', { card: 'c1', action: 'a1' })
    expect(answer).toEqual({
      status: 200,
      body: {
        statusCode: 200,
        type: 'application/vnd.microsoft.activity.message',
        value: 'This card is kept up to date without a refresh.',
      },
    })
    expect(connector.to(THREAD)).toEqual(before)
  })

  it('is refused when it is a refresh by Outlook: the bot is not there', async () => {
    expect(await play('outlook-refresh')).toMatchObject({ status: 403 })
  })
})
