import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { TableStore } from '../../src/core/table-store.ts'
import { deadConversationStore } from '../../src/store/dead-conversations.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { adminChatKey } from '../../src/store/keys.ts'
import { ANA, aConversation, BO, NOON } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-conversations-')
let store: TableStore
beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const CHANNEL = '19:team@thread.tacv2'

describe('dead conversations', () => {
  it('are marked once, until something comes from there', async () => {
    const conversations = deadConversationStore(store)
    expect(await conversations.isDead('a:ana')).toBe(false)
    expect(await conversations.mark('a:ana', NOON)).toBe(true)
    expect(await conversations.mark('a:ana', NOON + 1)).toBe(false)
    expect(await conversations.isDead('a:ana')).toBe(true)
    await conversations.revive('a:ana')
    expect(await conversations.isDead('a:ana')).toBe(false)
    expect(await conversations.mark('a:ana', NOON + 2)).toBe(true)
  })

  it('take their threads with them; a dead thread takes nothing with it', async () => {
    const conversations = deadConversationStore(store)
    await conversations.mark(`${CHANNEL};messageid=1`, NOON)
    expect(await conversations.isDead(`${CHANNEL};messageid=1`)).toBe(true)
    expect(await conversations.isDead(`${CHANNEL};messageid=2`)).toBe(false)
    await conversations.mark(CHANNEL, NOON)
    expect(await conversations.isDead(`${CHANNEL};messageid=2`)).toBe(true)
  })

  it('live again with their channel when something comes from one of its threads', async () => {
    const conversations = deadConversationStore(store)
    await conversations.mark(CHANNEL, NOON)
    await conversations.mark(`${CHANNEL};messageid=1`, NOON)
    await conversations.revive(`${CHANNEL};messageid=2`)
    expect(await conversations.isDead(`${CHANNEL};messageid=2`)).toBe(false)
    expect(await conversations.isDead(`${CHANNEL};messageid=1`)).toBe(true)
  })
})

describe('the chats of admins', () => {
  it('come back newest first, one per person', async () => {
    const conversations = deadConversationStore(store)
    const { objectId } = ANA
    await conversations.putAdminChat({ objectId, ref: aConversation('a:old'), at: NOON })
    await conversations.putAdminChat({ objectId: BO.objectId, ref: aConversation('a:bo'), at: NOON + 1 })
    await conversations.putAdminChat({ objectId, ref: aConversation('a:new'), at: NOON + 2 })
    const chats = await conversations.adminChats()
    expect(chats.map(({ ref }) => ref.conversationId)).toEqual(['a:new', 'a:bo'])
    expect(chats[0]).toEqual({ objectId, ref: aConversation('a:new'), at: NOON + 2 })
  })

  it.each(['not json', '{}', '{"conversationId":"a","kind":"channel"}'])(
    'that cannot be read are named and left out: %s',
    async (ref) => {
      const damaged: string[] = []
      const conversations = deadConversationStore(store, (id) => damaged.push(id))
      await store.upsert(adminChatKey(ANA.objectId), { at: NOON, ref }, 'replace')
      expect(await conversations.adminChats()).toEqual([])
      expect(damaged).toEqual([ANA.objectId])
    },
  )
})
