import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { heardFrom } from '../../src/core/known-conversation.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { conversationStore } from '../../src/store/conversations.ts'
import { type Dashboard, dashboardStore } from '../../src/store/dashboards.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { conversationKey, dashboardKey } from '../../src/store/keys.ts'
import { ANA, aConversation } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-conversations-')
let store: TableStore

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const heard = (at: number) => heardFrom(null, aConversation(), at, ANA.objectId)

describe('the conversations that the bot knows', () => {
  it('are kept apart by tenant, and read back as they were written', async () => {
    const conversations = conversationStore(store)
    await conversations.change('tenant-1', 'a:ana', () => heard(5))
    expect(await conversations.get('tenant-1', 'a:ana')).toEqual(heard(5))
    expect(await conversations.get('tenant-2', 'a:ana')).toBeNull()
    expect(await conversations.all()).toEqual([heard(5)])
  })

  it('lose no change of two that happen at once', async () => {
    const conversations = conversationStore(store)
    await conversations.change('tenant-1', 'a:ana', () => heard(0))
    await Promise.all(
      Array.from({ length: 6 }, () =>
        conversations.change('tenant-1', 'a:ana', (before) => ({
          ...heard(0),
          stateAt: (before?.stateAt ?? 0) + 1,
        })),
      ),
    )
    expect((await conversations.get('tenant-1', 'a:ana'))?.stateAt).toBe(6)
  })

  it('are named when a row is damaged, and do not harm the others', async () => {
    const damaged: string[] = []
    const conversations = conversationStore(store, (id) => damaged.push(id))
    await store.upsert(conversationKey('tenant-1', 'a:bo'), { d: new Uint8Array([9, 9]) }, 'replace')
    await conversations.change('tenant-1', 'a:ana', () => heard(5))
    expect(await conversations.all()).toHaveLength(1)
    expect(damaged).toHaveLength(1)
    await conversations.change('tenant-1', 'a:bo', (before) => {
      expect(before).toBeNull()
      return { ...heard(7), id: 'a:bo' }
    })
    expect((await conversations.get('tenant-1', 'a:bo'))?.id).toBe('a:bo')
  })
})

describe('a living dashboard', () => {
  const dashboard = (activityId: string, conversationId = '19:ops;messageid=1'): Dashboard => ({
    conversation: aConversation(conversationId, { kind: 'channel' }),
    activityId,
    pinnedBy: ANA.objectId,
    timeZone: 'Europe/London',
    buttons: [{ title: 'Check all', actionId: 'a1' }],
    offeredAt: 5,
  })

  it('is one per channel: another thread takes its place', async () => {
    const dashboards = dashboardStore(store)
    await dashboards.put(dashboard('m1'))
    await dashboards.put(dashboard('m2', '19:ops;messageid=2'))
    expect(await dashboards.all()).toEqual([dashboard('m2', '19:ops;messageid=2')])
    expect((await dashboards.get(aConversation('19:ops')))?.activityId).toBe('m2')
  })

  it('is forgotten only while it is the one that was meant', async () => {
    const dashboards = dashboardStore(store)
    await dashboards.put(dashboard('m2'))
    await dashboards.remove(dashboard('m1'))
    expect(await dashboards.all()).toHaveLength(1)
    await dashboards.remove(dashboard('m2'))
    expect(await dashboards.all()).toEqual([])
  })

  it('whose row is damaged counts as none', async () => {
    await store.upsert(dashboardKey('tenant-1', '19:ops'), { x: 1 }, 'replace')
    expect(await dashboardStore(store).all()).toEqual([])
  })
})
