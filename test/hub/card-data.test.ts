import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind } from '../../src/cards/card-text.ts'
import { freePort } from '../../src/local/ports.ts'
import { seed, startTestHub } from '../support/hub-kit.ts'
import { deliver, REPLAY_CHANNEL, replayed } from '../support/replay.ts'
import { scratch } from '../support/scratch.ts'
import { nodesOf, type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'

/** What clients send for a press, over HTTP to a hub: every row is answered in time and with a sentence. */

const THREAD = `${REPLAY_CHANNEL};messageid=1763640000001`
const TOO_OLD = 'This card is too old. Nothing was changed. Please ask again.'
const folders = scratch('doorstep-card-data-')
let hub: Awaited<ReturnType<typeof startTestHub>>
let connector: TestConnector
let status: Sent
let count = 0

beforeAll(async () => {
  const folder = await folders.make()
  await seed(folder, ['seattle', 'london'])
  connector = await startConnector()
  hub = await startTestHub(folder, await freePort())
  const text = '<at>Doorstep</at>&nbsp;status\n'
  await deliver(hub.url, { ...replayed('channel-mention', { service: connector.serviceUrl }), text })
  status = await connector.first(THREAD, ({ card }) => cardKind(card) === 'status')
})
afterAll(async () => {
  await hub?.close()
  await connector?.close()
  await folders.remove()
})

/** The stored action of a button of the status card. */
function actionOf(title: string): string {
  const button = nodesOf(status.card).find((node) => node['title'] === title)
  return String((button?.['data'] as { actionId?: string } | undefined)?.actionId)
}

async function press(value: unknown, over: object = {}) {
  const activity = replayed('click', { service: connector.serviceUrl, card: status.activityId })
  return deliver(hub.url, { ...activity, id: `f:${++count}`, value, ...over })
}
const pressed = (data: unknown, over: object = {}) =>
  press({ action: { type: 'Action.Execute', verb: 'doorstep', data }, trigger: 'manual' }, over)

/** The sentence that the person sees. */
function sentenceOf(body: unknown): string {
  const { value } = body as { value: string | { message: string } }
  return typeof value === 'string' ? value : value.message
}

const deep = (levels: number): object => (levels === 0 ? {} : { x: deep(levels - 1) })

describe('the data of a pressed button', () => {
  it.each<[string, () => unknown]>([
    ['a text', () => 'x'],
    ['a list', () => [{ actionId: 'x' }]],
    ['null', () => null],
    ['a number', () => 5],
    ['empty', () => ({})],
    ['one letter', () => ({ actionId: 'x' })],
    ['an id with a quote', () => ({ actionId: "x' or 1 eq 1" })],
    ['an id that is an object', () => ({ actionId: { $ne: 1 } })],
    ['an id that nobody stored', () => ({ actionId: 'f'.repeat(32) })],
    ['a path', () => ({ actionId: '../../meta/m' })],
    ['__proto__', () => JSON.parse('{"__proto__":{"actionId":"x"},"toString":"x","constructor":"y"}')],
    ['thirty levels deep', () => deep(25)],
    ['100 KB', () => ({ actionId: 'x', note: 'x'.repeat(100_000) })],
  ])('that is %s gets a sentence and changes nothing', async (_what, data) => {
    const before = connector.sent.length
    const { status: http, body } = await pressed(data())
    expect(http).toBe(200)
    expect(sentenceOf(body)).toMatch(/^This card is too old\. Nothing was changed\./)
    expect(connector.sent).toHaveLength(before)
  })

  it.each([
    ['null', null],
    ['a text', 'x'],
    ['without an action', {}],
    ['an action that is a list', { action: [] }],
  ])('in a value that is %s gets a sentence, too', async (_what, value) => {
    const { status: http, body } = await press(value)
    expect([http, sentenceOf(body)]).toEqual([200, 'This card is too old. Nothing was changed.'])
  })

  it('of another conversation is too old there', async () => {
    const elsewhere = {
      conversation: {
        id: 'a:ana',
        conversationType: 'personal',
        tenantId: '5d0c1f3a-6f0e-4a57-9d5b-0b1f5a3c7e10',
      },
    }
    const { body } = await pressed({ actionId: actionOf('Check all') }, elsewhere)
    expect(sentenceOf(body)).toBe(TOO_OLD)
  })

  it('by somebody without an object id, a guest say, gets a sentence and changes nothing', async () => {
    const before = connector.sent.length
    const { status: http, body } = await pressed(
      { actionId: actionOf('Check all') },
      { from: { id: '29:guest', name: 'Guest' } },
    )
    expect(http).toBe(200)
    expect(sentenceOf(body)).toContain('I cannot tell who you are')
    expect(connector.sent).toHaveLength(before)
  })

  it('of an hour ago is not acted on', async () => {
    const timestamp = new Date(Date.now() - 3600_000).toISOString()
    const { body } = await pressed({ actionId: actionOf('Check all') }, { timestamp })
    expect(sentenceOf(body)).toBe('This card is too old. Nothing was changed.')
  })

  it('does what its row says, whatever verb, role or office the client names, and once for twenty presses', async () => {
    const data = {
      actionId: actionOf('Check all'),
      verb: 'remove',
      role: 'admin',
      officeId: 'london',
      command: 'help',
    }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        press({ action: { type: 'Action.Execute', verb: 'revoke', data }, trigger: 'manual' }),
      ),
    )
    expect(new Set(answers.map(({ body }) => sentenceOf(body)))).toEqual(new Set(['The check has begun.']))
    await connector.first(THREAD, ({ card }) => cardKind(card) === 'summary')
    const posts = connector.to(THREAD).filter(({ kind }) => kind === 'post')
    expect(posts.map(({ card }) => cardKind(card))).toEqual(['status', 'summary'])
  })
})
