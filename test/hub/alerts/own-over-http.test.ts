import { randomUUID } from 'node:crypto'
import { afterAll, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../../src/cards/card-text.ts'
import { freePort } from '../../../src/local/ports.ts'
import { ROUTES } from '../../../src/wire/routes.ts'
import { ANA } from '../../support/check-kit.ts'
import { HandRunner, seed, startTestHub } from '../../support/hub-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { startConnector } from '../../support/test-connector.ts'

const folders = scratch('doorstep-own-http-')
afterAll(() => folders.remove())

/** Far outside of what a signature may be old. */
const SKEW_MS = 600_000

it('about doubts the hub’s clock when two runners of two are of another time', async () => {
  const folder = await folders.make()
  const port = await freePort()
  const codes = await seed(folder, ['seattle', 'london'])
  const connector = await startConnector()
  const hub = await startTestHub(folder, port)
  const about = async (): Promise<string> => {
    const conversationId = `about-${randomUUID()}`
    const person = { ...ANA, chatId: '29:ana', title: '' }
    await connector.say(hub.url, { text: 'about', conversationId, person })
    const { card } = await connector.first(conversationId, (sent) => cardKind(sent.card) === 'about')
    return cardLines(card).join('\n')
  }
  try {
    for (const code of codes.values()) {
      expect(await about()).toMatch(/Trouble none that Doorstep knows of/)
      const runner = await HandRunner.make(hub.url)
      await runner.enrol(code)
      expect((await runner.hello()).status).toBe(200)
      const body = JSON.stringify({ v: 1, inflight: [] })
      const authorization = await runner.sign(ROUTES.poll, body, { now: Date.now() - SKEW_MS })
      const answered = await runner.send(ROUTES.poll, body, { authorization })
      expect([answered.status, answered.body]).toMatchObject([401, { error: 'clock-skew' }])
    }
    expect(await about()).toMatch(/Trouble The clock of Doorstep is wrong, most likely\./)
  } finally {
    await hub.close()
    await connector.close()
  }
})
