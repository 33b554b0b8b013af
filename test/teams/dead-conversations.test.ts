import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorFault } from '../../src/teams/connector-http.ts'
import { createTeamsSender, credentialsWithoutSignIn } from '../../src/teams/teams-sender.ts'
import type { Fault } from '../support/fault-connector.ts'
import { deadInMemory, pacedKit } from '../support/paced-kit.ts'

let dead: ReturnType<typeof deadInMemory>
let kit: Awaited<ReturnType<typeof pacedKit>>
beforeEach(async () => {
  dead = deadInMemory()
  kit = await pacedKit(dead)
})
afterEach(() => kit.close())

const CARD = { summary: 'Seattle is ready.', card: { type: 'AdaptiveCard', version: '1.5' } }
const refuse = (status: number, code = 'Other'): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ error: { code, message: 'theirs' } }),
})
const CHANNEL = '19:team@thread.tacv2'
const GONE = { outcome: 'refused', gone: 'conversation' }

describe('a conversation that takes nothing any more', () => {
  it('is asked once, told once, and left alone from then on, for what waits and for what comes', async () => {
    kit.connector.fail([refuse(403, 'BotNotInConversationRoster')])
    const first = kit.chat.post(kit.ref(), CARD)
    const waiting = kit.chat.update(kit.ref(), 'm-0', CARD)
    expect(await kit.until(Promise.all([first, waiting]))).toMatchObject([GONE, GONE])
    expect(await kit.until(kit.chat.post(kit.ref(), CARD))).toMatchObject(GONE)
    expect(await kit.until(kit.chat.member(kit.ref(), '29:k'))).toBeNull()
    expect(kit.connector.asked).toHaveLength(1)
    expect(kit.died).toEqual([{ conversationId: `${CHANNEL};messageid=1`, status: 403 }])
  })

  it('is the whole channel when the bot may not write there, and one thread when that is gone', async () => {
    const sibling = kit.ref(`${CHANNEL};messageid=2`)
    kit.connector.fail([refuse(404, 'ConversationNotFound')])
    await kit.until(kit.chat.post(kit.ref(), CARD))
    expect([...dead.marked]).toEqual([`${CHANNEL};messageid=1`])
    expect(await kit.until(kit.chat.post(sibling, CARD))).toMatchObject({ outcome: 'sent' })
    kit.connector.fail([refuse(403)])
    await kit.until(kit.chat.post(sibling, CARD))
    expect(await kit.until(kit.chat.post(kit.ref(`${CHANNEL};messageid=3`), CARD))).toMatchObject(GONE)
    expect([...dead.marked].at(-1)).toBe(CHANNEL)
    expect(kit.connector.asked).toHaveLength(3)
  })

  it('is not one in which only a message is missing', async () => {
    kit.connector.fail([refuse(404, 'ActivityNotFoundInConversation')])
    expect(await kit.until(kit.chat.update(kit.ref(), 'm-0', CARD))).toMatchObject({ gone: 'message' })
    expect(await kit.until(kit.chat.post(kit.ref(), CARD))).toMatchObject({ outcome: 'sent' })
    expect(kit.died).toEqual([])
  })

  it('is not one whose address is not that of Teams, or of which nothing is known', async () => {
    const elsewhere = { ...kit.ref(), serviceUrl: 'https://smba.example.com/' }
    expect(await kit.until(kit.chat.post(elsewhere, CARD))).toMatchObject({ outcome: 'refused', status: 403 })
    kit.connector.fail([refuse(401), refuse(413)])
    await kit.until(kit.chat.post(kit.ref(), CARD))
    await kit.until(kit.chat.post(kit.ref(), CARD))
    expect(dead.marked.size).toBe(0)
  })

  it('is not one to which nothing may be signed: that refusal is our own', async () => {
    const refusal = new ConnectorFault({ outcome: 'refused', status: 403, retryAfterMs: null })
    const credentials = credentialsWithoutSignIn()
    credentials.createCredentials = async () => ({ signRequest: () => Promise.reject(refusal) }) as never
    const sender = createTeamsSender({ appId: '', credentials, signIn: 'off', clock: kit.clock })
    expect(await sender.post(kit.ref(), CARD)).toEqual(refusal.outcome)
    expect(kit.connector.asked).toEqual([])
    await sender.close()
  })

  it('leaves other conversations alone', async () => {
    kit.connector.fail([refuse(403)])
    await kit.until(kit.chat.post(kit.ref(), CARD))
    expect(await kit.until(kit.chat.post(kit.ref('a:ana'), CARD))).toMatchObject({ outcome: 'sent' })
  })

  it('is written to again once its mark is gone', async () => {
    kit.connector.fail([refuse(403)])
    await kit.until(kit.chat.post(kit.ref(), CARD))
    dead.marked.clear()
    expect(await kit.until(kit.chat.post(kit.ref(), CARD))).toMatchObject({ outcome: 'sent' })
  })
})

describe('a store that is away', () => {
  const away = async () => Promise.reject(new Error('away'))

  it('does not keep a message from going out', async () => {
    Object.assign(dead, { isDead: away })
    expect(await kit.until(kit.chat.post(kit.ref(), CARD))).toMatchObject({ outcome: 'sent' })
    expect(kit.log.lines).toMatchObject([{ level: 'warn' }])
  })

  it('is said in the log when a conversation could not be marked, and nobody is told twice for it', async () => {
    Object.assign(dead, { mark: away })
    kit.connector.fail([refuse(403), refuse(403)])
    await kit.until(kit.chat.post(kit.ref(), CARD))
    expect(kit.died).toEqual([])
    expect(kit.log.lines).toMatchObject([{ level: 'error' }])
  })
})
