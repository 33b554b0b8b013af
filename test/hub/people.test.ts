import { describe, expect, it } from 'vitest'
import type { Outsider, Person } from '../../src/core/chat.ts'
import { peopleOf } from '../../src/hub/people.ts'
import { readMember } from '../../src/teams/member.ts'
import { ANA, aConversation } from '../support/check-kit.ts'
import { settle } from '../support/settle.ts'
import { testClock } from '../support/test-clock.ts'

const HOUR_MS = 3600_000

function setup(signIn: boolean, answers: (Person | null | 'never' | 'fails')[]) {
  const clock = testClock()
  let asked = 0
  const member = async (): Promise<Person | null> => {
    const answer = answers[Math.min(asked++, answers.length - 1)]
    if (answer === 'never') return new Promise(() => undefined)
    if (answer === 'fails' || answer === undefined) throw new Error('no roster')
    return answer
  }
  const people = peopleOf({ chat: { member }, clock, signIn })
  return { people, clock, asked: () => asked, outsider: () => people.outsider(ANA, aConversation()) }
}
const as = (outsider: Outsider): Person => ({ ...ANA, outsider })

describe('who somebody is', () => {
  it.each<[string, boolean, Person | null | 'fails', Outsider | null]>([
    ['a member of the roster is one', true, ANA, null],
    ['a guest is none', true, as('guest'), 'guest'],
    ['a person of another tenant is none', true, as('external'), 'external'],
    ['whom the roster does not know is none', true, null, 'unknown'],
    ['where the roster fails, nobody is one', true, 'fails', 'unknown'],
    ['of whom the roster says no role is none', true, as('unknown'), 'unknown'],
    ['without sign-in, a silent roster turns nobody away', false, null, null],
    ['without sign-in, a guest is still a guest', false, as('guest'), 'guest'],
  ])('%s', async (_name, signIn, answer, is) => {
    expect(await setup(signIn, [answer]).outsider()).toBe(is)
  })

  it('is asked once an hour, and once for many at a time', async () => {
    const { clock, asked, outsider } = setup(true, [ANA])
    await Promise.all([outsider(), outsider(), outsider()])
    clock.advance(HOUR_MS - 1)
    await outsider()
    expect(asked()).toBe(1)
    clock.advance(1)
    await outsider()
    expect(asked()).toBe(2)
  })

  it('is believed for a day while the roster is away, and not longer; nobody is learnt to be unknown', async () => {
    const { clock, outsider } = setup(true, [ANA, null])
    expect(await outsider()).toBeNull()
    clock.advance(23 * HOUR_MS)
    expect(await outsider()).toBeNull()
    clock.advance(HOUR_MS)
    expect(await outsider()).toBe('unknown')
    const later = setup(true, [null, ANA])
    expect(await later.outsider()).toBe('unknown')
    expect(await later.outsider()).toBeNull()
  })

  it('is not waited for longer than a click can wait', async () => {
    const { clock, outsider } = setup(true, ['never'])
    const answer = outsider()
    await settle()
    clock.advance(1_200)
    expect(await answer).toBe('unknown')
    expect(clock.waiting).toBe(0)
  })
})

describe('what a roster says', () => {
  const HERE = '5d0c1f3a-6f0e-4a57-9d5b-0b1f5a3c7e10'
  const base = {
    id: '29:x',
    name: 'Ana Diaz',
    aadObjectId: ANA.objectId.toUpperCase(),
    userRole: 'user',
    tenantId: HERE,
  }

  it.each<[string, object, Outsider | undefined]>([
    ['a user of this tenant', {}, undefined],
    ['a user whose tenant is not named', { tenantId: undefined }, undefined],
    ['a user of this tenant in capitals', { tenantId: HERE.toUpperCase(), userRole: 'User' }, undefined],
    ['a guest', { userRole: 'guest' }, 'guest'],
    ['an anonymous visitor', { userRole: 'anonymous' }, 'anonymous'],
    ['a user of another tenant', { tenantId: '11111111-2222-4333-8444-555555555555' }, 'external'],
    ['nothing of the role', { userRole: undefined }, 'unknown'],
    ['a role that nobody knows', { userRole: 'owner' }, 'unknown'],
  ])('%s', (_name, over, outsider) => {
    const person = { objectId: ANA.objectId, name: 'Ana Diaz' }
    expect(readMember({ ...base, ...over }, HERE)).toEqual(outsider ? { ...person, outsider } : person)
  })

  it.each([[null], [undefined], ['x'], [{}], [{ aadObjectId: 'ana' }], [[]]])('%j is nobody', (answer) => {
    expect(readMember(answer, HERE)).toBeNull()
  })
})
