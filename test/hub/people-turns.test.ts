import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import type { Authority } from '../../src/core/authority.ts'
import type { CardClick, InboundMessage, Person } from '../../src/core/chat.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { type ActionStore, actionStore } from '../../src/store/actions.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { grantStore } from '../../src/store/grants.ts'
import { random } from '../store/contract.ts'
import { ANA, aConversation, BO } from '../support/check-kit.ts'
import { openConversation } from '../support/conversation-kit.ts'
import { scratch } from '../support/scratch.ts'
import { settle } from '../support/settle.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'

const folders = scratch('doorstep-turns-')
let store: TableStore
let clock: TestClock

beforeEach(async () => {
  clock = testClock()
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

function open(over: { actions?: ActionStore; perMinute?: number; configured?: Authority } = {}) {
  const configured = over.configured ?? {
    grants: [{ objectId: ANA.objectId, role: 'admin' as const, tag: null }],
    everyone: 'member' as const,
  }
  const { perMinute, actions: given } = over
  const kit = openConversation({
    desk: { store, clock },
    roles: { configured, ...(perMinute === undefined ? {} : { perMinute }) },
    ...(given === undefined ? {} : { actions: given }),
  })
  const { conversation, speaker } = kit
  let count = 0
  const common = (person: Person) => ({
    id: `${++count}`,
    at: clock.now(),
    person,
    conversation: aConversation(),
    timeZone: null,
  })
  const texts = () => speaker.posts.map(({ card }) => cardLines(card as unknown as object).join('\n'))
  return {
    ...kit,
    texts,
    say: async (text: string, person: Person = ANA, more: Partial<InboundMessage> = {}) => {
      await conversation.message({ ...common(person), text, mentions: [], ...more })
      await settle()
      return texts().at(-1) ?? ''
    },
    click: (actionId: string, person: Person = ANA, more: Partial<CardClick> = {}) =>
      conversation.click({ ...common(person), actionId, inputs: {}, cardId: null, via: 'invoke', ...more }),
    audit: async () => {
      const query = {
        since: clock.now() - 3600_000,
        until: clock.now(),
        after: null,
        limit: 99,
        matches: () => true,
      }
      return (await kit.auditLog.read(query)).lines.toReversed()
    },
  }
}

const once = (verb: 'role' | 'help', command: string) =>
  ({ verb, command, conversationId: 'a:ana', uses: 'once', until: 2e12, onlyFor: null, kept: null }) as const

describe('a button for one time', () => {
  it('is not spent by somebody who may not press it', async () => {
    const { actions, click, say, texts } = open()
    await actions.put('act', once('role', 'role list'))
    expect(await click('act', BO)).toMatchObject({ text: 'See the answer below.' })
    await settle()
    expect(texts().at(-1)).toContain('takes an admin')
    await click('act', ANA)
    await settle()
    expect(texts().at(-1)).toContain('1 role held')
    expect(await click('act', ANA)).toMatchObject({ text: 'This was done already.' })
    await say('help')
  })
})

describe('the audit', () => {
  it('has a line for every message and every click, with who, where, what and the reference', async () => {
    const { actions, click, say, audit } = open()
    await actions.put('act', once('help', 'help'))
    await say('help', BO)
    clock.advance(1)
    await say('audit', BO)
    clock.advance(1)
    await click('act')
    clock.advance(1)
    await click('act')
    clock.advance(1)
    await click('not-there', BO)
    clock.advance(1)
    await say('make coffee')
    const lines = await audit()
    expect(
      lines.map(({ name, click: pressed, command, outcome }) => [name, pressed, command, outcome]),
    ).toEqual([
      [BO.name, false, 'help', 'done'],
      [BO.name, false, 'audit', 'refused'],
      [ANA.name, true, 'help', 'done'],
      [ANA.name, true, 'help', 'refused'],
      [BO.name, true, '', 'refused'],
      [ANA.name, false, 'make coffee', 'not-understood'],
    ])
    expect(lines.every(({ where, objectId }) => where === 'personal' && objectId !== '')).toBe(true)
    expect(new Set(lines.map(({ reference }) => reference)).size).toBe(lines.length)
  })

  it('has what failed, under the reference that the person was told', async () => {
    const real = actionStore(store)
    let isBroken = true
    const { say, audit } = open({
      actions: {
        ...real,
        audit: async (line, tail) => {
          if (isBroken && line.outcome === 'done') throw new Error('for a moment')
          return real.audit(line, tail)
        },
      },
    })
    const told = await say('help')
    isBroken = false
    const [line] = await audit()
    expect(line?.outcome).toBe('failed')
    expect(told).toContain(line?.reference)
  })

  it('holds nothing that was typed as a secret, and nothing of a form', async () => {
    const { say, actions, click, audit } = open()
    await say('runner dse_seattle_0123456789ABCDEFGHJKMNPQRSTVWXYZ')
    await actions.put('act', { ...once('role', 'role grant'), kept: 'kept-secret' })
    await click('act', ANA, { inputs: { person: 'typed-secret', role: 'viewer', scope: 'all' } })
    await settle()
    expect(JSON.stringify(await audit())).not.toMatch(/0123456789ABC|kept-secret|typed-secret/)
  })
})

describe('asking too often', () => {
  it('is told with a time, once, in the zone of the reader; then nothing is done or written', async () => {
    const { say, texts, audit } = open({ perMinute: 6 })
    for (let asked = 0; asked < 6; asked++) await say('help')
    const before = texts().length
    const told = await say('role list', ANA, { timeZone: 'Europe/London' })
    expect(told).toMatch(/You asked 6 times in a minute[\s\S]*Ask again at \d\d:\d\d:\d\d, London time\./)
    for (let asked = 0; asked < 5; asked++) await say('role list')
    expect(texts()).toHaveLength(before + 1)
    expect((await audit()).filter(({ outcome }) => outcome === 'limited')).toHaveLength(1)
    clock.advance(10_000)
    expect(await say('role list')).toContain('role held')
  })

  it('counts clicks too, answers each, and looks up nothing for them', async () => {
    const real = actionStore(store)
    let looked = 0
    const get: ActionStore['get'] = (id) => {
      looked++
      return real.get(id)
    }
    const actions = { ...real, get }
    const { click } = open({ perMinute: 6, actions })
    await actions.put('act', { ...once('help', 'help'), uses: 'many' })
    const answers = await Promise.all(Array.from({ length: 9 }, () => click('act')))
    const often = answers.filter((answer) => JSON.stringify(answer).includes('6 times in a minute'))
    expect(often).toHaveLength(3)
    expect(looked).toBe(6)
  })

  it('in many threads of one channel is asking in one conversation', async () => {
    const { conversation, texts } = open({ perMinute: 6 })
    for (let asked = 0; asked < 19; asked++) {
      const person = { objectId: `${BO.objectId.slice(0, -1)}${asked % 10}`, name: `P${asked % 10}` }
      const where = aConversation(`19:team@thread.tacv2;messageid=${asked}`, { kind: 'channel' })
      const at = clock.now()
      await conversation.message({
        id: `${asked}`,
        at,
        person,
        conversation: where,
        text: 'help',
        mentions: [],
        timeZone: null,
      })
    }
    await settle()
    expect(texts().at(-1)).toContain('I was asked 18 times in a minute in this conversation')
  })
})

describe('names', () => {
  it('of admins are those last seen, and are told to who is refused', async () => {
    const { say } = open()
    expect(await say('status', BO)).toContain('Ask an admin of Doorstep')
    await say('help', { ...ANA, name: 'Ana Old' })
    await say('help', ANA)
    expect(await say('status', BO)).toContain('Ask Ana Diaz to say “role grant @you viewer”')
    expect(await grantStore(store, () => undefined).names()).toEqual([ANA])
  })
})

describe('the last admin', () => {
  it('cannot be taken away in the chat, nor made less', async () => {
    const by = { objectId: ANA.objectId, name: ANA.name }
    const only = { ...ANA, role: 'admin' as const, tag: null, by, at: 0 }
    await grantStore(store, () => undefined).change(() => ({ kind: 'put', grant: only }))
    const { say } = open({ configured: { grants: [], everyone: 'member' } })
    expect(await say(`role revoke ${ANA.objectId}`)).toContain('is the last admin for all offices')
    expect(await say(`role grant ${ANA.objectId} viewer`)).toContain('is the last admin for all offices')
    expect(await say('role list')).toContain('1 role held')
  })

  it('of the configuration is not the chat’s to take, and the chat says so', async () => {
    const { say } = open()
    const told = await say(`role revoke ${ANA.objectId}`)
    expect(told).toContain('is an admin by configuration')
    expect(told).toContain('a chat cannot take away')
    expect(told).toContain('DOORSTEP_ADMINS')
  })
})
