import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { readHubConfig } from '../../src/config/hub-config.ts'
import { type Hub, startHub } from '../../src/hub/hub.ts'
import { freePort } from '../../src/local/ports.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { officeStore } from '../../src/store/offices.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { random } from '../store/contract.ts'
import { anOffice, aRunner } from '../support/check-kit.ts'
import { buttonOf, type OnRoster, type Standing, startRosterConnector } from '../support/roster-connector.ts'
import { scratch } from '../support/scratch.ts'
import { keptLog, until } from '../support/settle.ts'
import { realClock } from '../support/test-clock.ts'

const TENANT = '5d0c1f3a-6f0e-4a57-9d5b-0b1f5a3c7e10'
const person = (digit: number, name: string, over: Partial<OnRoster> = {}): OnRoster => ({
  objectId: `7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b0${digit}`,
  chatId: `29:${name.toLowerCase()}`,
  name,
  userRole: 'user',
  tenantId: TENANT,
  ...over,
})
const ANA = person(1, 'Ana')
const BO = person(2, 'Bo')
const GIL = person(3, 'Gil', { userRole: 'guest' })
const EVE = person(4, 'Eve', { tenantId: '11111111-2222-4333-8444-555555555555' })
const LISA = person(5, 'Lisa', { userRole: 'guest' })
const TIM = person(6, 'Tim')

const folders = scratch('doorstep-roles-')
let connector: Awaited<ReturnType<typeof startRosterConnector>>
let hub: Hub
let count = 0

beforeAll(async () => {
  connector = await startRosterConnector([ANA, BO, GIL, EVE, LISA, TIM])
  const folder = await folders.make()
  const store = await openEmbeddedStore(folder, { random })
  for (const [id, tag] of [
    ['london', 'emea'],
    ['seattle', 'amer'],
  ] as const) {
    await officeStore(store, () => undefined).put(anOffice(id, { tags: [tag] }))
    await runnerStore(store, () => undefined).put(aRunner(id))
  }
  await store.close()
  const config = readHubConfig({
    DOORSTEP_SIGN_IN: 'off',
    DOORSTEP_PORT: String(await freePort()),
    DOORSTEP_DATA: folder,
    DOORSTEP_ADMINS: `${ANA.objectId},${GIL.objectId}`,
    DOORSTEP_GUESTS: LISA.objectId,
    DOORSTEP_ENDPOINTS: 'http://127.0.0.1:1',
    DOORSTEP_TIME_SCALE: '0.02',
  })
  hub = await startHub(config, { clock: realClock, random: { ...random, unit: () => 0.5 }, log: keptLog() })
})
afterAll(async () => {
  await hub.close()
  await connector.close()
  await folders.remove()
})

const common = (who: OnRoster, conversationId: string) => ({
  id: `m-${++count}`,
  timestamp: new Date().toISOString(),
  channelId: 'msteams',
  serviceUrl: connector.url,
  from: { id: who.chatId, name: who.name, aadObjectId: who.objectId },
  recipient: { id: '28:doorstep', name: 'Doorstep' },
  conversation: { id: conversationId, conversationType: 'personal', tenantId: TENANT },
  channelData: { tenant: { id: TENANT } },
})
const send = async (activity: object) => {
  const answer = await fetch(`${hub.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  })
  expect(answer.status).toBe(200)
  return answer.text()
}

/** Says something in a conversation of its own; the card that answers. `mentioned` are written as `@Name`. */
async function ask(who: OnRoster, text: string, ...mentioned: readonly OnRoster[]): Promise<Standing> {
  const conversationId = `a:${who.name}-${count}`
  const entities = mentioned.map(({ chatId, name }) => ({
    type: 'mention',
    text: `<at>${name}</at>`,
    mentioned: { id: chatId, name },
  }))
  const written = mentioned.reduce((all, { name }) => all.replace(`@${name}`, `<at>${name}</at>`), text)
  await send({ ...common(who, conversationId), type: 'message', text: written, entities })
  await until(() => connector.in(conversationId).length === 1)
  const [card] = connector.in(conversationId)
  if (!card) throw new Error('there is no answer')
  return card
}
async function press(who: OnRoster, { id, conversationId, card }: Standing, title: string) {
  return send({
    ...common(who, conversationId),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: id,
    value: { action: { type: 'Action.Execute', verb: 'doorstep', data: buttonOf(card, title) } },
  })
}
const textOf = ({ card }: Standing) => cardLines(card).join('\n')

describe('roles over HTTP', () => {
  it('lets an admin give a role for a tag, which works for its offices and no others', async () => {
    expect(textOf(await ask(BO, 'check London'))).toContain('Checking an office takes an operator')
    const granted = await ask(ANA, 'role grant @Bo operator for #emea', BO)
    expect(textOf(granted)).toContain('Bo is an operator for #emea')
    expect(textOf(granted)).toContain(BO.objectId)

    expect(cardKind((await ask(BO, 'check London')).card)).not.toBe('refusal')
    const refused = textOf(await ask(BO, 'check Seattle'))
    expect(refused).toContain('Checking an office takes an operator')
    expect(refused).toContain('You are an operator for #emea only, and Seattle has the tag #amer.')
    expect(refused).toContain('Ask Ana to say “role grant @you operator for #amer”')
    const [, reference = 'none'] = /Reference (\w+)/.exec(refused) ?? []

    const audit = textOf(await ask(ANA, 'audit @Bo', BO))
    expect(audit).toContain('check Seattle')
    expect(audit).toContain(reference)
    expect(audit).toContain('refused')
    expect(audit).toContain('check London')
    expect(audit).not.toContain('role grant')
    expect(textOf(await ask(BO, 'audit'))).toContain('Reading the audit takes an admin')
  })

  it('takes the role away by the button of the card that gave it', async () => {
    const granted = await ask(ANA, 'role grant @Tim viewer', TIM)
    expect(textOf(await ask(TIM, 'offices'))).toContain('London')
    await press(ANA, granted, 'Take it away')
    await until(() => textOf(granted).includes('Taken away from Tim'))
    expect(textOf(await ask(TIM, 'offices'))).toContain('takes a viewer')
  })

  it('asks before it makes an admin, and only the one who was asked may say yes', async () => {
    const asked = await ask(ANA, 'role grant @Tim admin', TIM)
    expect(textOf(asked)).toContain('Make Tim an admin?')
    expect(await press(TIM, asked, 'Make admin')).toContain('for the person who asked')
    expect(textOf(await ask(TIM, 'role list'))).toContain('takes an admin')
    await press(ANA, asked, 'Make admin')
    await until(() => textOf(asked).includes('Tim is an admin for all offices'))
    expect(textOf(await ask(TIM, 'role list'))).toContain('given by Ana')
    expect(textOf(await ask(TIM, 'role revoke @Ana', ANA))).toContain('a chat cannot take away')
  })

  it('refuses guests and people of another tenant whatever they hold, but for those that are listed', async () => {
    const guest = textOf(await ask(GIL, 'help'))
    expect(guest).toContain('You are a guest in this tenant')
    expect(guest).toContain('DOORSTEP_GUESTS')
    expect(textOf(await ask(EVE, 'check London'))).toContain('You are from another tenant')
    expect(cardKind((await ask(LISA, 'help')).card)).toBe('help')
    expect(textOf(await ask(ANA, 'role grant @Eve viewer', EVE))).toContain('no member of this tenant')
    expect(textOf(await ask(ANA, 'role grant @Lisa viewer for #emea', LISA))).toContain('Lisa is a viewer')
  })

  it('tells somebody who asks too often when to ask again, and asks the roster once for all of it', async () => {
    const before = connector.lookUps()
    for (let asked = 0; asked < 21; asked++) {
      await send({ ...common(BO, 'a:often'), type: 'message', text: 'help' })
    }
    await until(() => connector.in('a:often').some(({ card }) => cardKind(card) === 'refusal'))
    const told = connector.in('a:often').filter(({ card }) => cardKind(card) === 'refusal')
    expect(told).toHaveLength(1)
    expect(told.map(textOf).join()).toMatch(/20 times in a minute[\s\S]*Ask again at \d\d:\d\d:\d\d, UTC/)
    expect(connector.lookUps()).toBe(before)
  })
})
