import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import type { Person } from '../../src/core/chat.ts'
import { freePort } from '../../src/local/ports.ts'
import { conversationStore } from '../../src/store/conversations.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { random } from '../store/contract.ts'
import { ANA } from '../support/check-kit.ts'
import { seed, startTestHub } from '../support/hub-kit.ts'
import { deliver, REPLAY_CHANNEL, REPLAY_PRIVATE, REPLAY_SHARED, replayed } from '../support/replay.ts'
import { buttonOf, type OnRoster, type Standing, startRosterConnector } from '../support/roster-connector.ts'
import { scratch } from '../support/scratch.ts'
import { until } from '../support/settle.ts'

const HERE = '5d0c1f3a-6f0e-4a57-9d5b-0b1f5a3c7e10'
const ELSEWHERE = '11111111-2222-4333-8444-555555555555'
const EVE: Person = { objectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b04', name: 'Eve Adams' }
const onRoster = (who: Person, chatId: string, tenantId: string): OnRoster => ({
  ...who,
  chatId,
  userRole: 'user',
  tenantId,
})
const ROSTER = [onRoster(ANA, '29:ana', HERE), onRoster(EVE, '29:eve', ELSEWHERE)]

const STANDARD = `${REPLAY_CHANNEL};messageid=1763640000001`
const PRIVATE = `${REPLAY_PRIVATE};messageid=1763640000101`
const SHARED = `${REPLAY_SHARED};messageid=1763640000201`
const FROM_ELSEWHERE = `${REPLAY_SHARED};messageid=1763640000202`
const CHATS = [STANDARD, PRIVATE, SHARED, FROM_ELSEWHERE, REPLAY_CHANNEL, REPLAY_PRIVATE, REPLAY_SHARED]

const folders = scratch('doorstep-private-')
let folder = ''
let hub: Awaited<ReturnType<typeof startTestHub>>
let connector: Awaited<ReturnType<typeof startRosterConnector>>
let count = 0
let running = false

beforeEach(async () => {
  folder = await folders.make()
  connector = await startRosterConnector(ROSTER)
  await seed(folder, ['seattle', 'london'])
  // Eve holds a role by name: what keeps her out is her tenant.
  hub = await startTestHub(folder, await freePort(), { DOORSTEP_ADMINS: `${ANA.objectId},${EVE.objectId}` })
  running = true
  return async () => {
    await stop()
    await connector.close()
  }
})
afterAll(() => folders.remove())

async function stop(): Promise<void> {
  if (running) await hub.close()
  running = false
}
async function play(name: string, over: object = {}) {
  const answer = await deliver(hub.url, {
    ...replayed(name, { service: connector.url }),
    id: `f:${++count}`,
    ...over,
  })
  expect(answer.status).toBe(200)
  return answer.body
}
const say = (name: string, text: string) => play(name, { text: `<at>Doorstep</at>&nbsp;${text}\n` })
const textOf = ({ card }: Standing) => cardLines(card).join('\n')
const counts = () =>
  Object.fromEntries(
    CHATS.flatMap((id) => {
      const here = connector.in(id).length
      return here === 0 ? [] : [[id, here]]
    }),
  )

/** The newest card of a conversation, once there are so many. */
async function card(conversationId: string, at = 1): Promise<Standing> {
  await until(() => connector.in(conversationId).length >= at)
  return connector.in(conversationId)[at - 1] as Standing
}

/** What the hub keeps of its conversations, after it has ended. */
async function kept() {
  await stop()
  const store = await openEmbeddedStore(folder, { random })
  const all = await conversationStore(store).all()
  await store.close()
  return new Map(all.map((one) => [one.id, one]))
}

describe('a private channel', () => {
  it('is answered in its thread, and kept with its team', async () => {
    await say('private-channel-mention', 'help')
    expect(cardKind((await card(PRIVATE)).card)).toBe('help')
    expect(counts()).toEqual({ [PRIVATE]: 1 })
    expect((await kept()).get(REPLAY_PRIVATE)).toMatchObject({
      state: 'alive',
      thread: '1763640000101',
      ref: { kind: 'channel', channelId: REPLAY_PRIVATE, teamId: expect.stringContaining('@thread.tacv2') },
    })
  })

  it('that the bot comes to gets the welcome itself, and the team’s other channels none', async () => {
    await play('installed-in-private-channel')
    expect(cardKind((await card(REPLAY_PRIVATE)).card)).toBe('welcome')
    expect(counts()).toEqual({ [REPLAY_PRIVATE]: 1 })
  })

  it('that the bot leaves ends nothing in the team’s other channels', async () => {
    await say('channel-mention', 'dashboard')
    await say('private-channel-mention', 'dashboard')
    const [open, closed] = [await card(STANDARD), await card(PRIVATE)]
    await play('removed-from-private-channel')
    await say('shared-channel-mention', 'check Seattle')
    await until(() => textOf(open).includes('Seattle unproven'))
    expect(textOf(closed)).toContain('Seattle never checked')
    const all = await kept()
    expect([all.get(REPLAY_CHANNEL)?.state, all.get(REPLAY_PRIVATE)?.state]).toEqual(['alive', 'gone'])
  })

  it('is left with its team', async () => {
    await say('private-channel-mention', 'help')
    await card(PRIVATE)
    await play('removed-from-team')
    expect((await kept()).get(REPLAY_PRIVATE)?.state).toBe('gone')
  })
})

describe('a shared channel', () => {
  it('that the bot is added to gets the welcome, and brings back no other channel of its team', async () => {
    await say('channel-mention', 'help')
    await card(STANDARD)
    await play('removed-from-team')
    await play('added-to-shared-channel')
    expect(cardKind((await card(REPLAY_SHARED)).card)).toBe('welcome')
    const all = await kept()
    expect([all.get(REPLAY_CHANNEL)?.state, all.get(REPLAY_SHARED)?.state]).toEqual(['gone', 'alive'])
    expect(all.get(REPLAY_SHARED)).toMatchObject({ name: 'Carriers', teamName: 'Contoso IT' })
  })

  it('lives on when it is shared with one team less', async () => {
    await say('shared-channel-mention', 'dashboard')
    const dashboard = await card(SHARED)
    await play('channel-unshared')
    await say('channel-mention', 'check Seattle')
    await until(() => textOf(dashboard).includes('Seattle unproven'))
    expect((await kept()).get(REPLAY_SHARED)?.state).toBe('alive')
  })

  it('says nothing when somebody of another tenant joins', async () => {
    await play('shared-channel-member-added')
    await say('shared-channel-mention', 'help')
    await card(SHARED)
    expect(counts()).toEqual({ [SHARED]: 1 })
  })

  it('answers a member of the tenant and refuses one of another, whatever role their id holds', async () => {
    await say('shared-channel-mention', 'status')
    expect(cardKind((await card(SHARED)).card)).toBe('status')
    await say('shared-channel-mention-from-elsewhere', 'status')
    const refused = await card(FROM_ELSEWHERE)
    expect(cardKind(refused.card)).toBe('refusal')
    expect(textOf(refused)).toContain('You may not use Doorstep here')
  })

  it('refuses the click of somebody of another tenant on a card that another may press', async () => {
    await say('shared-channel-mention', 'status')
    const status = await card(SHARED)
    const press = (from: object) =>
      play('click', {
        from,
        replyToId: status.id,
        conversation: { id: SHARED, conversationType: 'channel', tenantId: HERE, isGroup: true },
        value: {
          action: { type: 'Action.Execute', verb: 'doorstep', data: buttonOf(status.card, 'Check all') },
        },
      })
    const eve = await press({ id: '29:eve', name: EVE.name, aadObjectId: EVE.objectId })
    expect(eve).toMatchObject({ value: expect.stringContaining('See the answer below') })
    expect(textOf(await card(SHARED, 2))).toContain('You may not use Doorstep here')
    const ana = await press({ id: '29:ana', name: ANA.name, aadObjectId: ANA.objectId })
    expect(ana).toMatchObject({ value: 'The check has begun.' })
  })

  it('takes nothing that names two tenants', async () => {
    const activity = replayed('shared-channel-mention-from-elsewhere', { service: connector.url })
    const data = { ...(activity['channelData'] as object), tenant: { id: ELSEWHERE } }
    await play('shared-channel-mention-from-elsewhere', { channelData: data })
    await say('shared-channel-mention', 'help')
    await card(SHARED)
    expect(counts()).toEqual({ [SHARED]: 1 })
  })
})
