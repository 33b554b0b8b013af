import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { cardKind } from '../../src/cards/card-text.ts'
import type { Authority } from '../../src/core/authority.ts'
import type { CardClick, InboundMessage, Person } from '../../src/core/chat.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { type ActionStore, actionStore, type StoredAction } from '../../src/store/actions.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { officeStore } from '../../src/store/offices.ts'
import { random } from '../store/contract.ts'
import { ANA, aConversation, anOffice, BO } from '../support/check-kit.ts'
import { openConversation } from '../support/conversation-kit.ts'
import type { DeskOptions } from '../support/desk-kit.ts'
import { storePast } from '../support/past.ts'
import { scratch } from '../support/scratch.ts'
import { settle } from '../support/settle.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'

const folders = scratch('doorstep-conversation-')
let store: TableStore
let clock: TestClock

beforeEach(async () => {
  clock = testClock()
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const OPERATORS: Authority = {
  grants: [{ objectId: ANA.objectId, role: 'operator', tag: null }],
  everyone: 'member',
}

async function open(over: Partial<DeskOptions> & { actions?: ActionStore } = {}) {
  const { actions: given, ...options } = over
  const offices = officeStore(store, () => undefined)
  for (const id of ['seattle', 'london']) await offices.put(anOffice(id))
  const kit = openConversation({
    desk: { store, clock, ...options },
    roles: { configured: OPERATORS },
    ...(given === undefined ? {} : { actions: given }),
  })
  const { speaker } = kit
  const audit = async () => {
    const { rows } = await store.query({ table: 'audit202511', pk: '20251120' })
    return rows.map(({ props }) => props)
  }
  /** The kinds of the cards that are no check's own. */
  const answers = () =>
    speaker.posts.map(({ card }) => cardKind(card as unknown as object)).filter((kind) => kind !== null)
  return { ...kit, audit, answers }
}

function said(text: string, over: Partial<InboundMessage> = {}): InboundMessage {
  return {
    id: '1',
    at: clock.now(),
    text,
    person: ANA,
    conversation: aConversation(),
    mentions: [],
    timeZone: null,
    ...over,
  }
}
function click(actionId: string, person: Person = ANA, over: Partial<CardClick> = {}): CardClick {
  return {
    id: 'k1',
    at: clock.now(),
    actionId,
    inputs: {},
    person,
    conversation: aConversation(),
    cardId: 'card-1',
    timeZone: null,
    via: 'invoke',
    ...over,
  }
}

describe('a message', () => {
  it('about the past is answered from what was stored, and beside what is now', async () => {
    const { conversation, latest, answers, speaker } = await open()
    const now = clock.now()
    await storePast(latest, [{ at: now - 2 * 86_400_000, letters: 'pfppppppp' }, { at: now - 60_000 }])
    for (const text of ['history Seattle local-dns 7d', 'compare Seattle with 2025-11-18']) {
      await conversation.message(said(text, { id: text }))
      await settle()
    }
    expect(answers()).toEqual(['history', 'compare'])
    const text = JSON.stringify(speaker.posts)
    expect(text).toMatch(/1 of 2\schecks passed, 1 failed\..*1 of 9\sverdicts differs\./)
  })

  it('that comes twice, together or later, makes one check and one card', async () => {
    const { conversation, desk, speaker, pass } = await open()
    const message = said('check office Seattle')
    await Promise.all([conversation.message(message), conversation.message(message)])
    await settle()
    await conversation.message(message)
    await pass(1_000)
    expect(desk.size).toBe(1)
    expect(speaker.posts).toHaveLength(1)
  })

  it('that comes again to another hub, or after a restart, makes no second check', async () => {
    const one = await open()
    await one.conversation.message(said('check office Seattle'))
    await settle()
    const two = await open({ seed: 2 })
    await two.conversation.message(said('check office Seattle'))
    await settle()
    expect(two.desk.size).toBe(0)
    expect(two.speaker.sent).toEqual([])
  })

  it('whose first delivery was cut off before its check was stored begins it at the second', async () => {
    const { checks } = await open()
    await checks.claimActivity('a:ana', '1', 'chosen-before')
    const two = await open({ seed: 2 })
    await two.conversation.message(said('check office Seattle'))
    await settle()
    expect(await checks.load('chosen-before')).toMatchObject({ officeIds: ['seattle'] })
  })

  it('of the past is ignored', async () => {
    const { conversation, speaker, desk, log } = await open()
    await conversation.message(said('check office Seattle', { at: clock.now() - 10 * 60_000 - 1 }))
    await settle()
    expect([desk.size, speaker.sent.length]).toEqual([0, 0])
    expect(log.lines).toMatchObject([{ level: 'warn' }])
  })

  it('asks for a running check in the same chat is told so, by name, without a second card of it', async () => {
    const { conversation, speaker, desk, answers } = await open()
    await conversation.message(said('check office Seattle'))
    await settle()
    await conversation.message(said('check Seattle', { id: '2', person: ANA }))
    await settle()
    expect(desk.size).toBe(1)
    expect(answers()).toEqual(['refusal'])
    expect(speaker.posts).toHaveLength(2)
  })

  it.each([
    ['who may not', 'check office Seattle', 'refusal', 'refused'],
    ['who may ask for help', 'help', 'help', 'done'],
    ['who says what nobody understands', 'make coffee', 'refusal', 'not-understood'],
  ])('of somebody %s is answered with a card and audited', async (_who, text, kind, outcome) => {
    const { conversation, answers, desk, audit } = await open()
    await conversation.message(said(text, { person: BO }))
    await settle()
    expect(answers()).toEqual([kind])
    expect(desk.size).toBe(0)
    expect(await audit()).toMatchObject([{ objectId: BO.objectId, command: text, outcome }])
  })

  it('that breaks something is answered with a reference that the log knows', async () => {
    const { conversation, speaker, log, desk } = await open({
      actions: { ...actionStore(store), audit: () => Promise.reject(new Error('no table today')) },
    })
    await conversation.message(said('check office Seattle'))
    await settle()
    const [line] = log.lines.filter(({ level }) => level === 'error')
    expect(String(line?.fields['err'])).toContain('no table today')
    const card = JSON.stringify(speaker.posts[0]?.card)
    expect(card).toContain(String(line?.fields['reference']))
    expect(card).not.toContain('no table today')
    expect(desk.size).toBe(0)
  })

  it('is answered with an error card when the store is away altogether', async () => {
    const { conversation, answers } = await open()
    await store.close()
    await conversation.message(said('check office Seattle'))
    await settle()
    expect(answers()).toEqual(['error'])
  })

  it('is answered once: the chat has tried again by itself where it may', async () => {
    const { conversation, speaker, log, pass } = await open()
    speaker.nextPosts({ kind: 'later', afterMs: 2_000 }, { kind: 'unknown' })
    await conversation.message(said('help'))
    await pass(10_000)
    await conversation.message(said('help', { id: '2' }))
    await pass(60_000, 1_000)
    expect(speaker.posts).toHaveLength(2)
    expect(log.lines.map(({ fields }) => fields['outcome'])).toEqual(['later', 'unknown'])
  })
})

describe('a click', () => {
  const action: StoredAction = {
    verb: 'check',
    command: 'check office Seattle',
    conversationId: 'a:ana',
    uses: 'many',
    until: 1_763_640_000_000 + 60_000,
    onlyFor: null,
    kept: null,
  }
  const TOO_OLD = 'This card is too old. Nothing was changed. Please ask again.'

  it('on a button for one person does nothing for another', async () => {
    const { conversation, actions, desk } = await open()
    await actions.put('act', { ...action, onlyFor: BO.objectId })
    expect(await conversation.click(click('act'))).toEqual({
      kind: 'message',
      text: 'This card is for the person who asked. Nothing was changed. Ask for your own.',
    })
    expect(desk.size).toBe(0)
  })

  it('does what its stored action says, with the rights of who clicks', async () => {
    const { conversation, actions, desk, answers, audit } = await open()
    await actions.put('act', action)
    expect(await conversation.click(click('act', BO))).toEqual({
      kind: 'message',
      text: 'See the answer below.',
    })
    await settle()
    expect([desk.size, answers()]).toEqual([0, ['refusal']])
    expect(await conversation.click(click('act'))).toEqual({ kind: 'message', text: 'The check has begun.' })
    expect(desk.size).toBe(1)
    expect((await audit()).map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused'])
  })

  it('is answered in place of its card, or below where the card has to stay', async () => {
    const { conversation, actions, speaker } = await open()
    const edit = { ...action, verb: 'alert', command: 'alert Seattle about silent' } as const
    await actions.put('in-place', edit)
    await actions.put('below', { ...edit, below: true })
    await conversation.click(click('in-place', ANA, { cardId: 'card' }))
    await settle()
    expect([speaker.posts.length, speaker.edits.length]).toEqual([0, 1])
    expect(await conversation.click(click('below', ANA, { cardId: 'card' }))).toMatchObject({
      text: 'See the answer below.',
    })
    await settle()
    expect([speaker.posts.length, speaker.edits.length]).toEqual([1, 1])
  })

  it('twenty times at once makes one check and one card', async () => {
    const { conversation, actions, desk, speaker } = await open()
    await actions.put('act', action)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => conversation.click(click('act', ANA, { id: `k${at}` }))),
    )
    await settle()
    expect(desk.size).toBe(1)
    expect(speaker.posts).toHaveLength(1)
    const texts = answers.map((answer) => (answer.kind === 'message' ? answer.text : ''))
    expect(texts.filter((text) => text === 'The check has begun.')).toHaveLength(1)
    expect(texts.filter((text) => text.startsWith('That check is already running'))).toHaveLength(19)
  })

  it('twenty times at once on what is for once is done once', async () => {
    const { conversation, actions, speaker } = await open()
    await actions.put('act', { ...action, uses: 'once', verb: 'help', command: 'help' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => conversation.click(click('act'))))
    await settle()
    expect(
      answers.filter((answer) => 'text' in answer && answer.text === 'This was done already.'),
    ).toHaveLength(19)
    expect(speaker.posts).toHaveLength(1)
  })

  it.each<[string, string, Partial<StoredAction>]>([
    ['that nobody stored', 'other', {}],
    ['without an id', '', {}],
    ['after its time', 'act', { until: 1_763_640_000_000 }],
    ['of another conversation', 'act', { conversationId: '19:team' }],
    ['whose verb this version does not have', 'act', { verb: 'revoke-all' as never }],
  ])('%s changes nothing and says that the card is too old', async (_name, actionId, change) => {
    const { conversation, actions, desk, speaker } = await open()
    await actions.put('act', { ...action, ...change })
    expect(await conversation.click(click(actionId))).toEqual({ kind: 'message', text: TOO_OLD })
    await settle()
    expect([desk.size, speaker.sent.length]).toEqual([0, 0])
  })

  it('takes nothing from what the client sends along', async () => {
    const { conversation, actions, checks } = await open()
    await actions.put('act', action)
    const inputs = { verb: 'add-runner', command: 'check office London', role: 'admin', officeId: 'london' }
    await conversation.click(click('act', ANA, { inputs }))
    const [check] = await checks.unfinished()
    expect(check?.officeIds).toEqual(['seattle'])
  })

  it('that breaks something is answered with a reference that the log knows', async () => {
    const real = actionStore(store)
    const { conversation, log, answers } = await open({
      actions: { ...real, audit: () => Promise.reject(new Error('no table today')) },
    })
    await real.put('act', action)
    expect(await conversation.click(click('act'))).toEqual({ kind: 'message', text: 'See the answer below.' })
    await settle()
    expect(answers()).toEqual(['error'])
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true)
  })
})
