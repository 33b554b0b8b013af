import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { DEMO_PEOPLE } from '../../src/local/connector/people.ts'
import { freePort } from '../../src/local/ports.ts'
import { digestStore } from '../../src/store/digests.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { random } from '../store/contract.ts'
import { aConversation } from '../support/check-kit.ts'
import { aSchedule } from '../support/digest-kit.ts'
import { seed } from '../support/hub-kit.ts'
import { type HubProcess, startHubProcess } from '../support/hub-process.ts'
import { scratch } from '../support/scratch.ts'
import { until } from '../support/settle.ts'
import { type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'

const folders = scratch('doorstep-digest-')
let folder = ''
let port = 0
let connector: TestConnector
let hub: HubProcess | null = null

beforeAll(async () => {
  connector = await startConnector()
})
beforeEach(async () => {
  folder = await folders.make()
  port = await freePort()
  await seed(folder, ['seattle', 'london'])
  return async () => {
    await hub?.stop()
    hub = null
  }
})
afterAll(async () => {
  await connector?.close()
  await folders.remove()
})

const start = async () => {
  hub = await startHubProcess({
    DOORSTEP_SIGN_IN: 'off',
    DOORSTEP_PORT: String(port),
    DOORSTEP_DATA: folder,
    DOORSTEP_ADMINS: DEMO_PEOPLE[0].objectId,
    // Where nothing listens: the hub keeps the list that it came with.
    DOORSTEP_ENDPOINTS: 'http://127.0.0.1:1',
    DOORSTEP_TIME_SCALE: '0.02',
  })
  return hub.url
}
const textOf = ({ card }: Sent) => cardLines(card).join('\n')

describe('a digest over HTTP', { timeout: 60_000 }, () => {
  it('is set, asked for now, listed after a restart, changed by its form and stopped', async () => {
    let url = await start()
    const conversationId = `digest-${randomUUID()}`
    const say = async (text: string, shows: RegExp) => {
      await connector.say(url, { text, conversationId })
      return connector.first(conversationId, (sent) => shows.test(textOf(sent)))
    }
    await say('digest daily 08:00 Europe/London', /A digest will come here/)
    await connector.ask(url, 'check office Seattle')
    const now = await say('digest now', /No data: 1/)
    expect(cardKind(now.card)).toBe('digest')
    expect(textOf(now)).toMatch(/London never checked/)
    await hub?.stop()
    url = await start()
    await say('digest list', /Daily at 08:00, London time, of all offices.*Next .*08:00/)
    await connector.press(url, now, 'Change schedule')
    const form = await connector.first(
      conversationId,
      ({ kind, card }) => kind === 'post' && cardLines(card).join('\n').includes('Change this digest'),
    )
    expect(textOf(form)).toContain('Change this digest')
    expect((await say('digest 31 February 08:00', /names such as mon, thu/)).kind).toBe('post')
    await say('digest stop', /The digest is stopped/)
    await say('digest list', /No digest comes here/)
  })

  it('that fell due while the hub was away comes once, says that it is late, and not again after a restart', async () => {
    const conversationId = `late-${randomUUID()}`
    const conversation = aConversation(conversationId, { serviceUrl: connector.serviceUrl })
    const store = await openEmbeddedStore(folder, { random })
    await digestStore(store).put(aSchedule('d1', { conversation }), Date.now() - 3 * 24 * 3600_000)
    await store.close()
    await start()
    const sent = await connector.first(conversationId, ({ card }) => cardKind(card) === 'digest')
    expect(textOf(sent)).toMatch(/Late: it was due on/)
    expect(textOf(sent)).toMatch(/No data|unproven/)
    await until(() => hub?.log().includes('a digest was posted') ?? false)
    await hub?.stop()
    const url = await start()
    await connector.ask(url, 'help')
    expect(connector.to(conversationId)).toHaveLength(1)
  })
  it('comes when it is due, to each kind of conversation, with what was checked before', async () => {
    const kinds = ['personal', 'group', 'channel'] as const
    const store = await openEmbeddedStore(folder, { random })
    for (const kind of kinds) {
      const conversation = aConversation(`${kind}-${folder}`, { kind, serviceUrl: connector.serviceUrl })
      await digestStore(store).put(aSchedule(kind, { conversation }), Date.now() + 4_000)
    }
    await store.close()
    await start()
    for (const kind of kinds) {
      const sent = await connector.first(`${kind}-${folder}`, ({ card }) => cardKind(card) === 'digest')
      expect(textOf(sent)).not.toMatch(/Late|never checked/)
      expect(textOf(sent)).toMatch(/None of 2.offices fails/)
    }
  })
})
