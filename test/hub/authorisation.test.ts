import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import type { Grant, Verb } from '../../src/core/authority.ts'
import type { ConversationKind, Outsider, Person } from '../../src/core/chat.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { grantStore } from '../../src/store/grants.ts'
import { officeStore } from '../../src/store/offices.ts'
import { random } from '../store/contract.ts'
import { ANA, aConversation, anOffice } from '../support/check-kit.ts'
import { openConversation } from '../support/conversation-kit.ts'
import { scratch } from '../support/scratch.ts'
import { settle } from '../support/settle.ts'
import { testClock } from '../support/test-clock.ts'

const idOf = (digit: number) => `00000000-0000-4000-8000-0000000000${String(digit).padStart(2, '0')}`
const ZOE = idOf(99)

/** Who asks: what they were given, and what the roster says of them. */
const PEOPLE: readonly (Omit<Grant, 'objectId' | 'role'> & {
  who: string
  role: Grant['role'] | null
  is?: Outsider
})[] = [
  { who: 'a member', role: null, tag: null },
  { who: 'a viewer', role: 'viewer', tag: null },
  { who: 'an operator', role: 'operator', tag: null },
  { who: 'an admin', role: 'admin', tag: null },
  { who: 'a viewer for #emea', role: 'viewer', tag: 'emea' },
  { who: 'an operator for #emea', role: 'operator', tag: 'emea' },
  { who: 'an admin for #emea', role: 'admin', tag: 'emea' },
  { who: 'a guest who is an admin', role: 'admin', tag: null, is: 'guest' },
  { who: 'a listed guest who is an operator', role: 'operator', tag: null, is: 'guest' },
  { who: 'a listed guest with no role', role: null, tag: null, is: 'guest' },
  { who: 'somebody of another tenant who is an admin', role: 'admin', tag: null, is: 'external' },
  { who: 'an admin of whom the roster says nothing', role: 'admin', tag: null, is: 'unknown' },
]
const LISTED = [8, 9]

/**
 * Written by hand before anything was run: one letter per person above, y for allowed and n for refused by a rule. London
 * is #emea, Seattle is #amer.
 *                                                        all     #emea   outside
 *                                                        m v o a v o a   g l l x u
 */
const EXPECTED: readonly (readonly [verb: Verb, say: string, may: string])[] = [
  ['help', 'help', '                              y y y y y y y   n y y n n'],
  ['help', 'help role', '                         y y y y y y y   n y y n n'],
  ['help', 'make coffee', '                       y y y y y y y   n y y n n'],
  ['offices', 'offices', '                        n y y y y y y   n y n n n'],
  ['status', 'status', '                          n y y y y y y   n y n n n'],
  ['status', 'status London', '                   n y y y y y y   n y n n n'],
  ['status', 'status Seattle', '                  n y y y n n n   n y n n n'],
  ['status', 'dashboard stop', '                  n y y y y y y   n y n n n'],
  ['why', 'why London local-dns', '               n y y y y y y   n y n n n'],
  ['why', 'why Seattle local-dns', '              n y y y n n n   n y n n n'],
  ['check', 'check', '                            n n y y n y y   n y n n n'],
  ['check', 'check London', '                     n n y y n y y   n y n n n'],
  ['check', 'check Seattle', '                    n n y y n n n   n y n n n'],
  ['check', 'check all', '                        n n y y n y y   n y n n n'],
  ['role', 'role list', '                         n n n y n n y   n n n n n'],
  ['role', `role grant ${ZOE} operator for #emea`, 'n n n y n n y   n n n n n'],
  ['role', `role grant ${ZOE} viewer for #amer`, '  n n n y n n n   n n n n n'],
  ['role', `role grant ${ZOE} viewer`, '            n n n y n n n   n n n n n'],
  ['role', `role grant ${ZOE} admin for #emea`, '   n n n y n n y   n n n n n'],
  ['role', `role revoke ${ZOE} for #emea`, '        n n n y n n y   n n n n n'],
  ['role', `role revoke ${ZOE}`, '                  n n n y n n n   n n n n n'],
  ['audit', 'audit', '                            n n n y n n n   n n n n n'],
  ['audit', 'audit London', '                     n n n y n n n   n n n n n'],
  ['history', 'history London', '                 n y y y y y y   n y n n n'],
  ['history', 'history Seattle local-dns 7d', '   n y y y n n n   n y n n n'],
  ['compare', 'compare London with Seattle', '    n y y y n n n   n y n n n'],
  ['compare', 'compare London with 2025-11-01', ' n y y y y y y   n y n n n'],
  ['evidence', 'evidence London', '               n y y y n n n   n y n n n'],
  ['evidence', 'evidence Seattle', '              n y y y n n n   n y n n n'],
  ['what-if', 'what-if London local-dns 9 km', '  n y y y y y y   n y n n n'],
  ['what-if', 'what-if Seattle local-dns 9 km', ' n y y y n n n   n y n n n'],
  ['endpoints', 'endpoints', '                    n y y y y y y   n y n n n'],
  ['check', 'recheck London', '                   n n y y n y y   n y n n n'],
  ['cancel', 'cancel London', '                   n n y y n y y   n y n n n'],
  ['digest', 'digest daily 08:00', '              n n y y n y y   n y n n n'],
  ['digest', 'digest daily 08:00 for Seattle', '  n n y y n n n   n y n n n'],
  ['digest', 'digest now', '                      n n y y n y y   n y n n n'],
  ['alert', 'alert all', '                        n n y y n y y   n y n n n'],
  ['alert', 'alert Seattle', '                    n n y y n n n   n y n n n'],
  ['freeze', 'freeze London until 4 h because x', 'n n y y n y y   n y n n n'],
  ['freeze', 'unfreeze Seattle', '                 n n y y n n n   n y n n n'],
  ['runners', 'runners London', '                 n y y y y y y   n y n n n'],
  ['runners', 'runners Seattle', '                n y y y n n n   n y n n n'],
  ['add-runner', 'runner add London', '           n n n y n n y   n n n n n'],
  ['add-runner', 'runner add Seattle', '          n n n y n n n   n n n n n'],
  ['edit-office', 'office edit London', '         n n n y n n y   n n n n n'],
  ['edit-office', 'office remove Seattle', '      n n n y n n n   n n n n n'],
  ['limit', 'limit London local-egress off', '    n n n y n n y   n n n n n'],
  ['attest', 'attest Seattle tcp-tuned', '        n n n y n n n   n n n n n'],
  ['me', 'me', '                                  y y y y y y y   n y y n n'],
  ['me', 'me Seattle', '                          y y y y y y y   n y y n n'],
  ['me', 'me history', '                          y y y y y y y   n y y n n'],
  ['forget', 'forget my checks', '                y y y y y y y   n y y n n'],
  ['count-self-checks', 'me counts', '            n n n y n n n   n n n n n'],
  ['about', 'about', '                            y y y y y y y   n y y n n'],
]

const folders = scratch('doorstep-authorisation-')
const clock = testClock()
let store: TableStore
let turn = 0

beforeAll(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  const offices = officeStore(store, () => undefined)
  await offices.put(anOffice('london', { tags: ['emea'] }))
  await offices.put(anOffice('seattle', { tags: ['amer'] }))
})
afterAll(async () => {
  await store.close()
  await folders.remove()
})

/** Zoe is a viewer for both tags before each row, so that there is something to take away. */
beforeEach(async () => {
  for (const tag of ['emea', 'amer']) await give(tag)
})

async function give(tag: string) {
  const by = { objectId: ANA.objectId, name: ANA.name }
  const grant = { objectId: ZOE, role: 'viewer' as const, tag, name: 'Zoe', by, at: 0 }
  await grantStore(store, () => undefined).change(() => ({ kind: 'put', grant }))
}

function open() {
  // Ids are made of the time.
  clock.advance(1_000)
  const configured = {
    grants: PEOPLE.flatMap(({ role, tag }, at) => (role === null ? [] : [{ objectId: idOf(at), role, tag }])),
    everyone: 'member' as const,
    guests: LISTED.map(idOf),
  }
  const member = async (_conversation: unknown, id: string): Promise<Person | null> => {
    const is = PEOPLE.find((_person, at) => idOf(at) === id)?.is
    if (is === 'unknown') return null
    return { objectId: id, name: 'On the roster', ...(is === undefined ? {} : { outsider: is }) }
  }
  return openConversation({
    desk: { store, clock, seed: ++turn },
    roles: { configured, member, signIn: true },
  })
}

const DENIED = / takes (a|an) (member|viewer|operator|admin)$|^You may not use Doorstep here$/m

/** The letter that a turn comes to: what was answered, and whether anything was done all the same. */
async function cell(
  [verb, say]: (typeof EXPECTED)[number],
  at: number,
  kind: ConversationKind,
  via: 'message' | 'click',
): Promise<string> {
  const { conversation, actions, speaker, desk } = open()
  const person = { objectId: idOf(at), name: 'Somebody' }
  const where = { ...aConversation(), kind, conversationId: `c-${turn}` }
  const grants = grantStore(store, () => undefined)
  const before = JSON.stringify(await grants.all())
  const common = { at: clock.now(), person, conversation: where, timeZone: null }
  if (via === 'message') {
    await conversation.message({ ...common, id: '1', text: say, mentions: [] })
  } else {
    const until = clock.now() + 60_000
    const action = { verb, command: say, conversationId: where.conversationId, uses: 'many', until } as const
    await actions.put(`act-${turn}`, { ...action, onlyFor: null, kept: null })
    const click = { id: '1', actionId: `act-${turn}`, inputs: {}, cardId: null, via: 'invoke' } as const
    await conversation.click({ ...common, ...click })
  }
  await settle()
  const said = speaker.posts.map(({ card }) => cardLines(card as unknown as object).join('\n'))
  expect(said, `${PEOPLE[at]?.who} says ${say}`).toHaveLength(1)
  const denied = DENIED.test(said[0] ?? '')
  if (denied) {
    expect(said[0], 'a refusal has a reference').toMatch(/Reference [0-9a-f]{8}/)
    expect([desk.size, JSON.stringify(await grants.all())]).toEqual([0, before])
  }
  await desk.stop()
  if (!denied) for (const tag of ['emea', 'amer']) await give(tag)
  return denied ? 'n' : 'y'
}

describe.each(['personal', 'group', 'channel'] as const)('who may what in a %s conversation', (kind) => {
  describe.each(['message', 'click'] as const)('by %s', (via) => {
    it.each(EXPECTED)('%s: %s', async (verb, say, may) => {
      const letters: string[] = []
      for (const [at] of PEOPLE.entries()) letters.push(await cell([verb, say, may], at, kind, via))
      expect(letters.join('')).toBe(may.replaceAll(' ', ''))
    })
  })
})

it('the matrix has at least 300 cells', () => {
  expect(EXPECTED.every(([, , may]) => may.replaceAll(' ', '').length === PEOPLE.length)).toBe(true)
  expect(EXPECTED.length * PEOPLE.length * 6).toBeGreaterThanOrEqual(300)
})
