import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SendOutcome } from '../../src/core/chat.ts'
import { BODY_TIMEOUT_MS, HEAD_TIMEOUT_MS } from '../../src/teams/connector-http.ts'
import { MAX_TRIES } from '../../src/teams/limits.ts'
import type { Fault } from '../support/fault-connector.ts'
import { pacedKit } from '../support/paced-kit.ts'

let kit: Awaited<ReturnType<typeof pacedKit>>
beforeEach(async () => {
  kit = await pacedKit()
})
afterEach(() => kit.close())

const status = (code: number, over: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
  kind: 'status',
  status: code,
  ...over,
})
const wait = (seconds: number) => ({ headers: { 'retry-after': String(seconds) } })

/**
 * What is promised after each fault. `again`: Teams took nothing and says to try later, so both go out again. `unsure`:
 * nobody knows, so that an edit goes out again and a post does not. `no`: neither does.
 */
const FAULTS: readonly (readonly [string, Fault, 'again' | 'unsure' | 'no'])[] = [
  ['a reset before the message was read', { kind: 'reset before' }, 'unsure'],
  ['a reset after the message was taken', { kind: 'reset after' }, 'unsure'],
  ['a cut in the answer', { kind: 'cut in the answer' }, 'unsure'],
  ['no answer', { kind: 'silent' }, 'unsure'],
  ['an answer that does not end', { kind: 'endless answer' }, 'unsure'],
  ['3 MB', { kind: 'too much' }, 'unsure'],
  ['HTML', { kind: 'says', text: '<html>' }, 'unsure'],
  ['half of JSON', { kind: 'says', text: '{"id":' }, 'unsure'],
  ['408', status(408), 'unsure'],
  ['500', status(500), 'unsure'],
  ['502', status(502), 'unsure'],
  ['502 after the message was taken', status(502, { takes: true }), 'unsure'],
  ['503', status(503), 'unsure'],
  ['503 with Retry-After', status(503, wait(4)), 'unsure'],
  ['504', status(504), 'unsure'],
  ['504 after the message was taken', status(504, { takes: true }), 'unsure'],
  ['412', status(412), 'again'],
  ['429', status(429), 'again'],
  ['429 with Retry-After', status(429, wait(4)), 'again'],
  [
    '429 with a Retry-After that makes no sense',
    status(429, { headers: { 'retry-after': 'soon' } }),
    'again',
  ],
  ['302', status(302, { headers: { location: '/elsewhere' } }), 'no'],
  ['400', status(400), 'no'],
  ['401', status(401), 'no'],
  ['403', status(403), 'no'],
  ['404', status(404), 'no'],
  ['413', status(413), 'no'],
]

const CARD = { summary: 'Seattle is ready.', card: { type: 'AdaptiveCard', version: '1.5' } }
const send = (how: 'post' | 'edit'): Promise<SendOutcome> =>
  how === 'post' ? kit.chat.post(kit.ref(), CARD) : kit.chat.update(kit.ref(), 'm-0', CARD)
const many = (fault: Fault) => Array.from({ length: MAX_TRIES + 3 }, () => fault)

describe.each(['post', 'edit'] as const)('a fault of the connector at a %s', (how) => {
  it.each(FAULTS)('once: %s', async (_name, fault, promise) => {
    kit.connector.fail([fault])
    const { outcome } = await kit.until(send(how))
    const goesAgain = promise === 'again' || (promise === 'unsure' && how === 'edit')
    expect(outcome).toBe(goesAgain ? 'sent' : promise === 'no' ? 'refused' : 'unknown')
    expect(kit.connector.asked).toHaveLength(goesAgain ? 2 : 1)
  })

  it.each(FAULTS)('for ever: %s', async (_name, fault, promise) => {
    kit.connector.fail(many(fault))
    const { outcome } = await kit.until(send(how))
    const goesAgain = promise === 'again' || (promise === 'unsure' && how === 'edit')
    expect(outcome).toBe(promise === 'unsure' ? 'unknown' : 'refused')
    expect(kit.connector.asked).toHaveLength(goesAgain ? MAX_TRIES : 1)
    // Each pause is at least as long as the one before, and no try took longer than both timeouts.
    const pauses = kit.connector.asked.slice(1).map(({ at }, i) => at - (kit.connector.asked[i]?.at ?? 0))
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
    expect(Math.max(0, ...pauses)).toBeLessThanOrEqual(HEAD_TIMEOUT_MS + BODY_TIMEOUT_MS + 10_000)
  })
})

describe('whatever fails', () => {
  it.each(FAULTS)(
    'no message stands twice, and every request went to the connector: %s',
    async (_name, fault) => {
      for (const times of [1, 2, MAX_TRIES]) {
        kit.connector.fail(Array.from({ length: times }, () => fault))
        // Another conversation each time: a refusal may have killed the one before.
        const ref = kit.ref(`chat-${times}`)
        await kit.until(kit.chat.post(ref, { ...CARD, summary: `message ${times}` }))
      }
      const { standing, asked } = kit.connector
      expect(new Set(standing).size).toBe(standing.length)
      expect(asked.every(({ url }) => url.startsWith('/v3/conversations/chat-'))).toBe(true)
    },
  )
})

describe('Retry-After', () => {
  it.each(['post', 'edit'] as const)('is waited for before the %s goes out again', async (how) => {
    kit.connector.fail([status(429, wait(4))])
    await kit.until(send(how))
    expect(kit.connector.asked.map(({ at }) => at)).toEqual([0, 4_000])
  })

  it('holds the whole channel, and no other conversation', async () => {
    kit.connector.fail([status(429, wait(4))])
    const first = kit.chat.post(kit.ref(), CARD)
    const sibling = kit.chat.post(kit.ref('19:team@thread.tacv2;messageid=2'), CARD)
    const other = kit.chat.post(kit.ref('a:ana'), CARD)
    await kit.until(Promise.all([first, sibling, other]))
    const { asked } = kit.connector
    expect(asked.filter(({ at }) => at < 4_000).map(({ url }) => url.includes('team'))).toHaveLength(2)
    expect(asked).toHaveLength(4)
  })

  it('of a post that may stand already still holds what comes after it', async () => {
    kit.connector.fail([status(503, wait(4))])
    const [one, two] = await kit.until(Promise.all([send('post'), send('post')]))
    expect([one.outcome, two.outcome]).toEqual(['unknown', 'sent'])
    expect(kit.connector.asked.map(({ at }) => at)).toEqual([0, 4_000])
  })
})

describe('on the way', () => {
  it('a reply in a channel keeps its thread and the message it answers', async () => {
    await kit.until(kit.chat.post(kit.ref(), CARD, '1700000000000'))
    expect(decodeURIComponent(kit.connector.asked[0]?.url ?? '')).toBe(
      '/v3/conversations/19:team@thread.tacv2;messageid=1/activities/1700000000000',
    )
  })

  it('edits that wait are made once, with the newest content', async () => {
    kit.connector.fail([status(429, wait(2))])
    const posted = kit.chat.post(kit.ref(), CARD)
    const edits = Array.from({ length: 9 }, (_, i) =>
      kit.chat.update(kit.ref(), 'm-0', { summary: `edit ${i}` }, i < 8 ? 'progress' : 'final'),
    )
    const answers = await kit.until(Promise.all(edits))
    await kit.until(posted)
    expect(answers.every(({ outcome }) => outcome === 'sent')).toBe(true)
    expect(kit.connector.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })

  it('a question about a member is asked again, and null when nobody says', async () => {
    kit.connector.fail([
      status(429),
      { kind: 'says', text: '{"name":"Kenji","aadObjectId":"C3E8B7D4-52F9-4C6A-8E21-6F0A9D4B7C02"}' },
    ])
    expect(await kit.until(kit.chat.member(kit.ref(), '29:k'))).toEqual({
      objectId: 'c3e8b7d4-52f9-4c6a-8e21-6f0a9d4b7c02',
      name: 'Kenji',
      outsider: 'unknown',
    })
    kit.connector.fail(many(status(500)))
    expect(await kit.until(kit.chat.member(kit.ref(), '29:k'))).toBeNull()
    expect(kit.connector.asked).toHaveLength(2 + MAX_TRIES)
  })
})
