import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConversationRef, Outgoing, SendOutcome } from '../../src/core/chat.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { AdminTeller } from '../../src/hub/dead-conversations.ts'
import { type DeadConversationStore, deadConversationStore } from '../../src/store/dead-conversations.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { random } from '../store/contract.ts'
import { ANA, aConversation, BO } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { keptLog, settle } from '../support/settle.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'

const folders = scratch('doorstep-dead-')
let store: TableStore
let clock: TestClock
beforeEach(async () => {
  clock = testClock()
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const TEAM: ConversationRef = {
  ...aConversation('19:team;messageid=1'),
  kind: 'channel',
  teamId: 'team',
  channelId: '19:team',
}

function open(over: { admins?: readonly string[]; store?: DeadConversationStore } = {}) {
  const log = keptLog()
  const told: { readonly to: string; readonly text: string }[] = []
  const outcomes: SendOutcome[] = []
  const conversations = over.store ?? deadConversationStore(store)
  const admins = over.admins ?? [ANA.objectId, BO.objectId]
  const post = async (ref: ConversationRef, message: Outgoing): Promise<SendOutcome> => {
    told.push({ to: ref.conversationId, text: message.text ?? '' })
    return outcomes.shift() ?? { outcome: 'sent', activityId: '1' }
  }
  const teller = new AdminTeller({
    store: conversations,
    isAdmin: (objectId) => admins.includes(objectId),
    chat: () => ({ post }),
    clock,
    log,
  })
  return { teller, log, told, outcomes, conversations }
}

async function died(teller: AdminTeller, status = 403): Promise<void> {
  teller.died(TEAM, status)
  await settle()
}

describe('a dead conversation', () => {
  it('is told to the admin who spoke last in a personal chat, with a reference that the log knows', async () => {
    const { teller, told, log } = open()
    await teller.heard(aConversation('a:bo'), BO)
    clock.advance(1_000)
    await teller.heard(aConversation('a:ana'), ANA)
    await died(teller)
    expect(told).toMatchObject([{ to: 'a:ana' }])
    expect(told[0]?.text).toContain('can no longer write to a channel')
    expect(told[0]?.text).toContain('add Doorstep there again')
    expect(told[0]?.text).toContain(String(log.lines[0]?.fields['reference']))
    expect(told[0]?.text).not.toContain('19:team')
  })

  it('is told to the next admin when the first one cannot be told', async () => {
    const { teller, told, outcomes } = open()
    await teller.heard(aConversation('a:bo'), BO)
    clock.advance(1_000)
    await teller.heard(aConversation('a:ana'), ANA)
    outcomes.push({ outcome: 'refused', status: 403, retryAfterMs: null, gone: 'conversation' })
    await died(teller)
    expect(told.map(({ to }) => to)).toEqual(['a:ana', 'a:bo'])
  })

  it('is not told twice when nobody knows whether it was', async () => {
    const { teller, told, outcomes } = open()
    await teller.heard(aConversation('a:bo'), BO)
    await teller.heard(aConversation('a:ana'), ANA)
    outcomes.push({ outcome: 'unknown', why: 'no answer in time' })
    await died(teller, 404)
    expect(told).toHaveLength(1)
    expect(told[0]?.text).toContain('the conversation is gone')
  })

  it.each([
    ['nobody spoke', async () => undefined],
    ['the admin spoke in a channel only', async (teller: AdminTeller) => teller.heard(TEAM, ANA)],
  ])('is an error in the log when %s', async (_name, before) => {
    const { teller, told, log } = open()
    await before(teller)
    await died(teller)
    expect(told).toEqual([])
    expect(log.lines).toMatchObject([{ level: 'error', message: 'nobody could be told' }])
  })

  it('is told to nobody who is no admin, or is none any more', async () => {
    const before = open()
    await before.teller.heard(aConversation('a:ana'), ANA)
    const { teller, told } = open({ admins: [BO.objectId] })
    await teller.heard(aConversation('a:ana'), ANA)
    await died(teller)
    expect(told).toEqual([])
  })

  it('lives again when something comes from there', async () => {
    const { teller, conversations } = open()
    await conversations.mark('19:team', clock.now())
    await teller.heard(TEAM, null)
    expect(await conversations.isDead(TEAM.conversationId)).toBe(false)
  })
})

describe("an admin's chat", () => {
  it('is stored when it is new or changed, and once an hour', async () => {
    let writes = 0
    const real = deadConversationStore(store)
    const { teller } = open({
      store: {
        ...real,
        putAdminChat: (chat) => {
          writes += 1
          return real.putAdminChat(chat)
        },
      },
    })
    for (let minute = 0; minute < 60; minute++) {
      await teller.heard(aConversation('a:ana'), ANA)
      clock.advance(60_000)
    }
    expect(writes).toBe(1)
    await teller.heard(aConversation('a:ana'), ANA)
    await teller.heard({ ...aConversation('a:ana'), serviceUrl: 'https://elsewhere.example/' }, ANA)
    expect(writes).toBe(3)
  })

  it('that cannot be stored does not keep the message from being handled', async () => {
    const { teller, log } = open()
    await store.close()
    await teller.heard(aConversation('a:ana'), ANA)
    expect(log.lines).toMatchObject([{ level: 'error' }])
    store = await openEmbeddedStore(await folders.make(), { random })
  })
})
