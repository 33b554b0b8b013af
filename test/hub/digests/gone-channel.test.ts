import { afterAll, describe, expect, it } from 'vitest'
import { roleOf } from '../../../src/core/authority.ts'
import { chatSpeaker } from '../../../src/hub/check/chat-speaker.ts'
import { AdminTeller } from '../../../src/hub/dead-conversations.ts'
import { openDigests } from '../../../src/hub/digests/open-digests.ts'
import { buttonOffers } from '../../../src/hub/offer-button.ts'
import { actionStore } from '../../../src/store/actions.ts'
import { deadConversationStore } from '../../../src/store/dead-conversations.ts'
import { digestStore } from '../../../src/store/digests.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { pacedChat } from '../../../src/teams/paced-chat.ts'
import { createTeamsSender, credentialsWithoutSignIn } from '../../../src/teams/teams-sender.ts'
import { random } from '../../store/contract.ts'
import { ANA, aConversation, anOffice, BO } from '../../support/check-kit.ts'
import { openDesk } from '../../support/desk-kit.ts'
import { aSchedule } from '../../support/digest-kit.ts'
import { startFaultConnector } from '../../support/fault-connector.ts'
import { testGeography } from '../../support/registry-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { keptLog, settle } from '../../support/settle.ts'
import { testClock } from '../../support/test-clock.ts'

const RANDOM = { ...random, unit: () => 0.5 }
const MINUTE = 60_000
const folders = scratch('doorstep-gone-')
afterAll(() => folders.remove())

const AUTHORITY = {
  grants: [ANA, BO].map(({ objectId }) => ({ objectId, role: 'admin' as const, tag: null })),
  everyone: 'member' as const,
}

describe('a digest to a channel that removed the bot', () => {
  it('is refused once over HTTP, told to one admin once, and not sent again until the bot is back', async () => {
    const store = await openEmbeddedStore(await folders.make(), { random })
    const clock = testClock()
    const log = keptLog()
    const connector = await startFaultConnector(clock)
    const dead = deadConversationStore(store)
    const at = (conversationId: string) => aConversation(conversationId, { serviceUrl: connector.url })
    const teller = new AdminTeller({
      store: dead,
      isAdmin: (objectId) => roleOf(AUTHORITY, { objectId }) === 'admin',
      chat: () => chat,
      clock,
      log,
    })
    const chat = pacedChat({
      sender: createTeamsSender({ appId: '', credentials: credentialsWithoutSignIn(), signIn: 'off', clock }),
      dead,
      onDead: (ref, status) => teller.died(ref, status),
      clock,
      random: RANDOM,
      log,
    })
    const offices = [anOffice('seattle')]
    const { desk, latest } = openDesk({ store, clock, offices, silent: ['seattle-1'] })
    const digests = digestStore(store)
    const hub = openDigests({
      digests,
      offices: { all: async () => offices },
      geography: testGeography,
      latest,
      authority: async () => AUTHORITY,
      desk,
      speaker: chatSpeaker(chat),
      offer: buttonOffers(actionStore(store), clock, RANDOM),
      isDead: (id) => dead.isDead(id),
      notSent: (ref) => teller.digestNotSent(ref),
      clock,
      random: RANDOM,
      deadline: MINUTE,
      log,
    })
    /** Lets time go on where nothing else does, until this many digests were tried. */
    const tried = async (count: number) => {
      const done = () => log.lines.filter(({ message }) => / was (not )?posted$/.test(message)).length
      while (done() < count) {
        await settle(3)
        if (chat.counts.inFlight === 0 && clock.next !== null) clock.advance(clock.next)
      }
      for (let round = 0; round < 20 || chat.counts.inFlight > 0; round++) await settle(3)
    }
    await teller.heard(at('a:bo'), BO)
    await teller.heard(at('a:ana'), ANA)
    const channel = { ...at('19:ops@thread.tacv2;messageid=1'), kind: 'channel' as const }
    const refused = JSON.stringify({ error: { code: 'BotNotInConversationRoster', message: 'no' } })
    connector.fail([{ kind: 'status', status: 403, body: refused }])
    await digests.put(aSchedule('d1', { conversation: channel }), clock.now() + MINUTE)
    hub.start()
    await tried(1)
    const toAdmins = () => connector.asked.filter(({ url }) => decodeURIComponent(url).includes('/a:'))
    expect(connector.asked.filter(({ url }) => decodeURIComponent(url).includes('19:ops'))).toHaveLength(1)
    expect(toAdmins()).toHaveLength(1)
    expect(connector.standing.join('\n')).toContain('can no longer write to a channel')

    const asked = connector.asked.length
    clock.advance(24 * 60 * MINUTE)
    await tried(2)
    expect(connector.asked).toHaveLength(asked)

    await teller.heard(channel, ANA)
    clock.advance(24 * 60 * MINUTE)
    await tried(3)
    expect(connector.asked.slice(asked).map(({ url }) => decodeURIComponent(url))).toMatchObject([
      expect.stringContaining('19:ops'),
    ])
    await Promise.all([chat.close(), hub.stop()])
    await connector.close()
    await store.close()
  })
})
