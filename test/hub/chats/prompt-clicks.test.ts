import { describe, expect, it } from 'vitest'
import type { CardClick, ClickAnswer } from '../../../src/core/chat.ts'
import { CLICK_ANSWER_MS, promptClicks, SAME_CLICK_MS } from '../../../src/hub/chats/prompt-clicks.ts'
import { ANA, aConversation, BO } from '../../support/check-kit.ts'
import { keptLog, settle } from '../../support/settle.ts'
import { testClock } from '../../support/test-clock.ts'

function aClick(over: Partial<CardClick> = {}): CardClick {
  return {
    id: 'k1',
    at: 0,
    actionId: 'act',
    inputs: {},
    timeZone: null,
    person: ANA,
    conversation: aConversation(),
    cardId: 'card-1',
    via: 'invoke',
    ...over,
  }
}

function open(work: (click: CardClick) => Promise<ClickAnswer>) {
  const clock = testClock()
  const log = keptLog()
  const ids: string[] = []
  const press = promptClicks({
    click: (click) => {
      ids.push(click.id)
      return work(click)
    },
    clock,
    log,
  })
  return { clock, log, ids, press }
}

const DONE: ClickAnswer = { kind: 'message', text: 'Done.' }

describe('a click', () => {
  it('that takes too long is answered in time and goes on', async () => {
    const { promise, resolve } = Promise.withResolvers<ClickAnswer>()
    let ended = false
    const { clock, press } = open(async () => {
      const answer = await promise
      ended = true
      return answer
    })
    const answer = press(aClick())
    await settle()
    clock.advance(CLICK_ANSWER_MS)
    expect(await answer).toEqual({
      kind: 'message',
      text: 'I am at it. The answer comes as a card in a moment.',
    })
    resolve(DONE)
    await settle()
    expect(ended).toBe(true)
    expect(CLICK_ANSWER_MS).toBeLessThan(2_000)
  })

  it('leaves no timer behind', async () => {
    const { clock, press } = open(async () => DONE)
    expect(await press(aClick())).toEqual(DONE)
    expect(clock.waiting).toBe(0)
  })

  it.each([
    ['rejects', async () => Promise.reject(new Error('broken'))],
    [
      'throws at once',
      () => {
        throw new Error('broken')
      },
    ],
  ])('whose work %s gets a sentence, and the log the story', async (_how, work) => {
    const { log, press } = open(work)
    expect(await press(aClick())).toMatchObject({ kind: 'error' })
    expect(String(log.lines[0]?.fields['err'])).toContain('broken')
  })

  it('that breaks after its answer does no harm', async () => {
    const { promise, reject } = Promise.withResolvers<ClickAnswer>()
    const { clock, log, press } = open(() => promise)
    const answer = press(aClick())
    await settle()
    clock.advance(CLICK_ANSWER_MS)
    await answer
    reject(new Error('late'))
    await settle()
    expect(log.lines).toHaveLength(1)
  })

  it('that comes again with a new id is done once and answered alike', async () => {
    const { ids, press } = open(async () => DONE)
    const answers = await Promise.all([
      press(aClick()),
      press(aClick({ id: 'k2' })),
      press(aClick({ id: 'k3' })),
    ])
    expect(answers).toEqual([DONE, DONE, DONE])
    expect(ids).toEqual(['k1'])
  })

  it.each<[string, Partial<CardClick>]>([
    ['another person', { person: BO }],
    ['another button', { actionId: 'other' }],
    ['another card', { cardId: 'card-2' }],
    ['another conversation', { conversation: aConversation('a:bo') }],
    ['other fields', { inputs: { value: '300 km' } }],
  ])('of %s is another click', async (_what, over) => {
    const { ids, press } = open(async () => DONE)
    await press(aClick())
    await press(aClick({ id: 'k2', ...over }))
    expect(ids).toEqual(['k1', 'k2'])
  })

  it('is meant again some seconds later', async () => {
    const { clock, ids, press } = open(async () => DONE)
    await press(aClick())
    clock.advance(SAME_CLICK_MS)
    await press(aClick({ id: 'k2' }))
    expect(ids).toEqual(['k1', 'k2'])
  })
})
