import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Authority,
  type Grant,
  may,
  mayForSome,
  mayGrant,
  ROLES,
  type Role,
  roleOf,
  VERBS,
} from '../../src/core/authority.ts'
import { ANA, anOffice, BO } from '../support/check-kit.ts'

/** What the rules say, by hand: the least role for each verb. A new verb must be written here too. */
const EXPECTED: Record<keyof typeof VERBS, Role> = {
  help: 'member',
  about: 'member',
  me: 'member',
  forget: 'member',
  offices: 'viewer',
  status: 'viewer',
  why: 'viewer',
  history: 'viewer',
  compare: 'viewer',
  evidence: 'viewer',
  'what-if': 'viewer',
  endpoints: 'viewer',
  runners: 'viewer',
  check: 'operator',
  digest: 'operator',
  alert: 'operator',
  freeze: 'operator',
  cancel: 'operator',
  'edit-office': 'admin',
  'export-offices': 'admin',
  limit: 'admin',
  attest: 'admin',
  'add-runner': 'admin',
  role: 'admin',
  audit: 'admin',
  'count-self-checks': 'admin',
}
/** The roles that suffice for a least role, by hand. */
const SUFFICES: Record<Role, readonly Role[]> = {
  member: ['member', 'viewer', 'operator', 'admin'],
  viewer: ['viewer', 'operator', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
}

const VERB_NAMES = Object.keys(EXPECTED) as (keyof typeof VERBS)[]
const LYON = anOffice('lyon', { tags: ['emea', 'small'] })
const TOKYO = anOffice('tokyo', { tags: ['apac'] })
const authority = (grants: readonly Grant[], everyone: Role = 'member'): Authority => ({ grants, everyone })
const grant = (role: Role, tag: string | null = null, objectId = ANA.objectId): Grant => ({
  objectId,
  role,
  tag,
})

/** How a grant reaches what is asked about: the tag of the grant, the office, and whether the grant then counts. */
const REACH = [
  ['for all offices, asked about none', null, null, true],
  ['for all offices, asked about one', null, LYON, true],
  ['for a tag, asked about an office that has it', 'emea', LYON, true],
  ['for a tag, asked about an office without it', 'emea', TOKYO, false],
  ['for a tag, asked about none', 'emea', null, false],
] as const

const cells = REACH.flatMap(([how, tag, office, counts]) =>
  ROLES.flatMap((role) => VERB_NAMES.map((verb) => ({ how, tag, office, counts, role, verb }))),
)

describe('what a person may', () => {
  it('covers every verb there is', () => {
    expect(Object.keys(VERBS).toSorted()).toEqual(VERB_NAMES.toSorted())
    expect(cells.length).toBeGreaterThanOrEqual(100)
  })

  it.each(cells)('as $role $how: $verb', ({ tag, office, counts, role, verb }) => {
    const held: Role = counts ? role : 'member'
    const allowed = SUFFICES[EXPECTED[verb]].includes(held)
    expect(may(authority([grant(role, tag)]), ANA, verb, office)).toMatchObject(
      allowed ? { ok: true } : { ok: false, needs: EXPECTED[verb], has: held },
    )
  })

  it.each(ROLES.flatMap((role) => VERB_NAMES.map((verb) => [role, verb] as const)))(
    'when everybody is %s and nothing is granted: %s',
    (role, verb) => {
      expect(may(authority([], role), ANA, verb, LYON).ok).toBe(SUFFICES[EXPECTED[verb]].includes(role))
    },
  )

  it.each(VERB_NAMES)('without an object id is what a member may, whatever everybody is: %s', (verb) => {
    const allowed = may(authority([grant('admin', null, '')], 'admin'), { objectId: null }, verb, LYON)
    expect(allowed.ok).toBe(EXPECTED[verb] === 'member')
  })

  it('is not somebody else’s, and the best of several grants', () => {
    expect(may(authority([grant('admin', null, BO.objectId)]), ANA, 'check', LYON).ok).toBe(false)
    expect(may(authority([grant('viewer'), grant('operator', 'emea')]), ANA, 'check', LYON).ok).toBe(true)
    expect(may(authority([grant('viewer'), grant('operator', 'emea')]), ANA, 'check', TOKYO)).toEqual({
      ok: false,
      needs: 'operator',
      has: 'viewer',
      verb: 'check',
      office: { name: 'Tokyo', tags: ['apac'] },
      elsewhere: ['emea'],
      outsider: null,
      ask: [],
    })
  })

  it('does not depend on how an object id is written', () => {
    const upper = { objectId: ANA.objectId.toUpperCase() }
    expect(may(authority([grant('operator')]), upper, 'check', null).ok).toBe(true)
    expect(roleOf(authority([grant('operator')]), upper)).toBe('operator')
  })

  it('never grows smaller by another grant', () => {
    const anyGrant = fc.record({
      objectId: fc.constantFrom(ANA.objectId, BO.objectId),
      role: fc.constantFrom(...ROLES),
      tag: fc.constantFrom(null, 'emea', 'apac', ''),
    })
    fc.assert(
      fc.property(
        fc.array(anyGrant),
        anyGrant,
        fc.constantFrom(...VERB_NAMES),
        fc.constantFrom(null, LYON, TOKYO),
        (grants, more, verb, office) => {
          const before = may(authority(grants), ANA, verb, office).ok
          const after = may(authority([...grants, more]), ANA, verb, office).ok
          expect(before && !after).toBe(false)
          if (more.objectId !== ANA.objectId) expect(after).toBe(before)
        },
      ),
    )
  })
})

describe('the role that is shown', () => {
  it.each([
    ['nothing', [], 'member', 'member'],
    ['a grant for all offices', [grant('operator')], 'member', 'operator'],
    ['a grant for a tag alone', [grant('admin', 'emea')], 'member', 'member'],
    ['everybody’s role, when that is more', [grant('viewer')], 'operator', 'operator'],
  ] as const)('with %s', (_name, grants, everyone, expected) => {
    expect(roleOf(authority(grants, everyone), ANA)).toBe(expected)
  })

  it('of somebody without an object id is a member', () => {
    expect(roleOf(authority([], 'operator'), { objectId: null })).toBe('member')
  })
})

describe('whom a refusal names', () => {
  const named = (objectId: string, role: Role, tag: string | null, name: string): Grant => ({
    objectId,
    role,
    tag,
    name,
  })
  const all = authority([
    named('a', 'admin', null, 'Ana'),
    named('b', 'admin', 'emea', 'Ben'),
    named('c', 'admin', 'apac', 'Cho'),
    named('d', 'operator', null, 'Dee'),
    named('e', 'admin', null, ''),
    named('f', 'admin', null, 'Ana'),
  ])

  it('is every admin who can give the role for that office, once, by the last name seen', () => {
    expect(may(all, BO, 'check', LYON)).toMatchObject({ ask: ['Ana', 'Ben'] })
    expect(may(all, BO, 'check', TOKYO)).toMatchObject({ ask: ['Ana', 'Cho'] })
    expect(may(all, BO, 'audit', null)).toMatchObject({ ask: ['Ana'] })
    expect(may(all, { objectId: 'b' }, 'check', TOKYO)).toMatchObject({ ask: ['Ana', 'Cho'] })
    expect(may(all, { objectId: 'b' }, 'limit', TOKYO)).toMatchObject({ elsewhere: ['emea'] })
  })
})

describe('people who are no members of the tenant', () => {
  const OUTSIDERS = ['guest', 'external', 'anonymous', 'unknown'] as const

  it.each(OUTSIDERS.flatMap((outsider) => VERB_NAMES.map((verb) => [outsider, verb] as const)))(
    'may nothing unless they are listed: %s, %s',
    (outsider, verb) => {
      const asker = { ...ANA, outsider }
      const held = authority([grant('admin')], 'operator')
      expect(may(held, asker, verb, LYON)).toMatchObject({ ok: false, outsider })
      expect(mayForSome(authority([grant('admin', 'emea')]), asker, verb)).toBe(false)
      expect(mayGrant(held, asker, null).ok).toBe(false)
      expect(may({ ...held, guests: [ANA.objectId] }, asker, verb, LYON)).toEqual({ ok: true })
    },
  )

  it('have what was given to them alone, never what everybody has', () => {
    const listed: Authority = { grants: [], everyone: 'operator', guests: [ANA.objectId] }
    const guest = { ...ANA, outsider: 'guest' as const }
    expect(may(listed, guest, 'help', null).ok).toBe(true)
    expect(may(listed, guest, 'status', null).ok).toBe(false)
    expect(roleOf(listed, guest)).toBe('member')
    expect(roleOf(listed, ANA)).toBe('operator')
  })
})

describe('giving roles', () => {
  it.each([
    ['an admin, for all', grant('admin'), null, true],
    ['an admin, for a tag', grant('admin'), 'emea', true],
    ['an admin for a tag, for that tag', grant('admin', 'emea'), 'emea', true],
    ['an admin for a tag, for another', grant('admin', 'emea'), 'apac', false],
    ['an admin for a tag, for all', grant('admin', 'emea'), null, false],
    ['an operator, for a tag', grant('operator'), 'emea', false],
    ['somebody else’s admin', grant('admin', null, BO.objectId), 'emea', false],
  ] as const)('is for %s: %#', (_who, held, tag, ok) => {
    expect(mayGrant(authority([held]), ANA, tag).ok).toBe(ok)
  })

  it('is never for more than the giver could do', () => {
    const tags = fc.constantFrom(null, 'emea', 'apac')
    const anyGrant = fc.record({
      objectId: fc.constant(ANA.objectId),
      role: fc.constantFrom(...ROLES),
      tag: tags,
    })
    fc.assert(
      fc.property(fc.array(anyGrant), tags, fc.constantFrom(LYON, TOKYO), (grants, tag, office) => {
        const here = authority(grants)
        if (!mayGrant(here, ANA, tag).ok) return
        const reaches = tag === null || office.tags.includes(tag)
        if (reaches) expect(may(here, ANA, 'edit-office', office).ok).toBe(true)
      }),
    )
  })
})
