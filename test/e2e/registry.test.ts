import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { DEMO_BOT, DEMO_PEOPLE, DEMO_TENANT_ID } from '../../src/local/connector/people.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { type LocalMode, startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { isFinal, nodesOf, type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const data = temporaryFolder()
let turn: FolderLock
let local: LocalMode
let connector: TestConnector

beforeAll(async () => {
  turn = await takeTurn()
  connector = await startConnector()
  local = await startLocalMode({ data: data.folder })
}, TURN_TIMEOUT_MS)

afterAll(async () => {
  await local?.stop()
  await connector?.close()
  data.remove()
  turn?.release()
})

const textOf = (sent: Sent) => cardLines(sent.card).join('\n')

/** Says something and gives the card that answers. */
async function ask(text: string): Promise<Sent> {
  return (await connector.ask(local.hubUrl, text)).final
}

/** Presses a button with what the inputs of its card hold; the card as it stands then, which holds `says`. */
async function press(
  card: Sent,
  title: string,
  says: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  const action = nodesOf(card.card).find(
    (node) => node['type'] === 'Action.Execute' && node['title'] === title,
  )
  if (!action) throw new Error(`no button ${title} on: ${textOf(card)}`)
  const [person] = DEMO_PEOPLE
  const answer = await fetch(`${local.hubUrl}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'invoke',
      name: 'adaptiveCard/action',
      id: randomUUID(),
      replyToId: card.activityId,
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl: connector.serviceUrl,
      from: { id: person.chatId, name: person.name, aadObjectId: person.objectId },
      recipient: DEMO_BOT,
      conversation: { id: card.conversationId, conversationType: 'personal', tenantId: DEMO_TENANT_ID },
      channelData: { tenant: { id: DEMO_TENANT_ID } },
      value: {
        action: {
          type: 'Action.Execute',
          verb: action['verb'],
          data: { ...(action['data'] as object), ...inputs },
        },
      },
    }),
  })
  expect(answer.status).toBe(200)
  return connector.first(card.conversationId, (sent) => textOf(sent).includes(says))
}

describe('the registry in chat, over HTTP', { timeout: 120_000 }, () => {
  it('adds an office by form, changes it by typing, and removes it', async () => {
    const form = await ask('office add Oslo')
    expect(cardKind(form.card)).toBe('form')
    const wrong = await press(form, 'Preview', '10.0.0.0/8 is private', { egress: '10.0.0.0/8' })
    expect(wrong.activityId).toBe(form.activityId)
    const preview = await press(wrong, 'Preview', 'Add Oslo?', { egress: '192.0.2.0/24' })
    await press(preview, 'Add it', 'Oslo is registered')
    const edit = await ask('office edit Oslo tags add emea')
    await press(edit, 'Save', 'Oslo is changed')
    expect(textOf(await ask('office Oslo'))).toMatch(/#emea[\s\S]*192\.0\.2\.0\/24/)
    const remove = await ask('office remove Oslo')
    await press(remove, 'Remove Oslo', 'Oslo is removed')
    expect(textOf(await ask('offices'))).not.toContain('Oslo')
  })

  it('adds an office by one typed line', async () => {
    const preview = await ask('office add Madrid, Spain egress 192.0.2.64/28 tags iberia')
    await press(preview, 'Add it', 'is registered')
    expect(textOf(await ask('office Madrid'))).toContain('Europe/Madrid')
  })

  it('imports a file after a dry run, and gives it back by export', async () => {
    const dry = await ask(
      'office import\nuserEntered,Name,Address,Latitude,Longitude,Egress IP Address ranges 1,LanIps\n' +
        '1,Bergen,"Bergen, Norway",60.39,5.32,Main 192.0.2.128/28,10.1.0.0/16',
    )
    expect(textOf(dry)).toContain('1 office to add')
    await press(dry, 'Import, keep others', 'The offices are imported')
    const exported = await ask('office export')
    const csv = nodesOf(exported.card).find((node) => node['id'] === 'csv')?.['value']
    expect(String(csv)).toMatch(/^1,Bergen,,60\.39,5\.32,circuit1 192\.0\.2\.128\/28,/m)
    const again = await ask(`office import\n${String(csv)}`)
    expect(textOf(again)).toContain('The file changes nothing')
  })

  it('shows a limit and an attestation on the next check', async () => {
    const limit = await ask('limit Seattle no-hairpin 900 ms until 2027-06-01 because this test says so')
    expect(textOf(limit)).toContain('900 ms')
    expect(
      textOf(await ask('attest Seattle tcp-tuned until 2027-06-01 because this test vouches')),
    ).toContain('is vouched for')
    const { final } = await connector.ask(local.hubUrl, 'check office Seattle')
    expect(isFinal(final)).toBe(true)
    expect(textOf(final)).toContain('tcp-tuned pass Vouched for until 1 Jun 2027')
    expect(textOf(final)).toMatch(/^no-hairpin pass .*limit 900.ms/m)
    expect(textOf(await ask('why Seattle no-hairpin'))).toContain(`Set by ${DEMO_PEOPLE[0].name}`)
    expect(textOf(await ask('why Seattle tcp-tuned'))).toContain(DEMO_PEOPLE[0].name)
    expect(textOf(await ask('limit list Seattle'))).toContain('No hairpin 900 ms')
  })

  it('keeps all of it over a restart, with demo offices that were changed, and without one that was removed', async () => {
    const edit = await ask('office edit Lyon aliases add Lugdunum')
    await press(edit, 'Save', 'Lyon is changed')
    const remove = await ask('office remove Tokyo')
    await press(remove, 'Remove Tokyo', 'Tokyo is removed')
    await local.stop()
    local = await startLocalMode({ data: data.folder })
    expect(textOf(await ask('office Lyon'))).toContain('Lugdunum')
    expect(textOf(await ask('limit list Seattle'))).toContain('No hairpin 900 ms')
    const offices = textOf(await ask('offices'))
    expect(offices).not.toContain('Tokyo')
    for (const name of ['Bergen', 'Madrid', 'Lyon', 'Seattle', 'London', 'Sydney'])
      expect(offices).toContain(name)
    const { final } = await connector.ask(local.hubUrl, 'check office Seattle')
    expect(textOf(final)).toContain('tcp-tuned pass Vouched for until 1 Jun 2027')
  })
})
