import { afterAll, describe, expect, it } from 'vitest'
import { chatSpeaker } from '../../../src/hub/check/chat-speaker.ts'
import { openDigests } from '../../../src/hub/digests/open-digests.ts'
import { buttonOffers } from '../../../src/hub/offer-button.ts'
import { actionStore } from '../../../src/store/actions.ts'
import { digestStore } from '../../../src/store/digests.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { TENANT_LIMITS } from '../../../src/teams/limits.ts'
import { random } from '../../store/contract.ts'
import { ANA, anOffice } from '../../support/check-kit.ts'
import { openDesk } from '../../support/desk-kit.ts'
import { aSchedule, DAILY } from '../../support/digest-kit.ts'
import { pacedKit } from '../../support/paced-kit.ts'
import { testGeography } from '../../support/registry-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { settle } from '../../support/settle.ts'

const RANDOM = { ...random, unit: () => 0.5 }
const COUNT = 200
const MINUTE = 60_000
const folders = scratch('doorstep-two-hundred-')
afterAll(() => folders.remove())

/** Some thousand rows are stored, each on the disk: a slow one takes half a minute. */
const TIMEOUT_MS = 90_000

describe('two hundred digests at one minute', { timeout: TIMEOUT_MS }, () => {
  it('are all sent within a minute and within the limits of Teams, though some are not taken at first', async () => {
    const store = await openEmbeddedStore(await folders.make(), { random })
    const kit = await pacedKit()
    const { clock, chat, connector } = kit
    const offices = [anOffice('seattle')]
    const desk = openDesk({ store, clock, offices, silent: ['seattle-1'] })
    const digests = digestStore(store)
    const due = clock.now() + 5 * MINUTE
    const hub = openDigests({
      digests,
      offices: { all: async () => offices },
      geography: testGeography,
      latest: desk.latest,
      authority: async () => ({
        grants: [{ objectId: ANA.objectId, role: 'admin', tag: null }],
        everyone: 'member',
      }),
      desk: desk.desk,
      speaker: chatSpeaker(chat),
      offer: buttonOffers(actionStore(store), clock, RANDOM),
      isDead: async () => false,
      notSent: () => undefined,
      clock,
      random: RANDOM,
      deadline: MINUTE,
      log: kit.log,
    })
    for (let index = 0; index < COUNT; index++) {
      const conversation = kit.ref(`19:channel-${index}@thread.tacv2`)
      await digests.put(aSchedule(`d${index}`, { plan: DAILY, conversation }), due)
    }
    connector.fail(
      Array.from({ length: 10 }, () => ({ kind: 'status', status: 429, headers: { 'retry-after': '2' } })),
    )
    hub.start()
    const posted = () => connector.asked.filter(({ method }) => method === 'POST')
    while (connector.standing.length < COUNT && clock.now() < due + 2 * MINUTE) {
      // Nothing but waiting is left to do: time may go on.
      await settle(3)
      if (chat.counts.inFlight === 0 && clock.next !== null) clock.advance(clock.next)
    }
    await settle(50)
    expect(connector.standing).toHaveLength(COUNT)
    const from = posted()[0]?.at ?? 0
    const last = posted().at(-1)?.at ?? Number.POSITIVE_INFINITY
    expect(last - from).toBeLessThanOrEqual(MINUTE)
    const perTenant = TENANT_LIMITS[0]
    for (const { at } of posted()) {
      const within = posted().filter((other) => other.at >= at && other.at < at + (perTenant?.ms ?? 0))
      expect(within.length).toBeLessThanOrEqual(perTenant?.count ?? 0)
    }
    expect((await digests.all()).every(({ nextAt }) => nextAt > due)).toBe(true)
    await Promise.all([chat.close(), hub.stop()])
    await connector.close()
    await store.close()
  })
})
