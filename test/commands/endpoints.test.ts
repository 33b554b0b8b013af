import { describe, expect, it } from 'vitest'
import type { ListChange, SetTurned } from '../../src/core/list-change.ts'
import { NOON } from '../support/check-kit.ts'
import { pastLatest } from '../support/past.ts'
import { contextOf, HUB_LIST, OFFICES, say, type TestContext } from './context.ts'

const SET: SetTurned = {
  set: 11,
  serviceArea: 'Skype',
  kind: 'changed',
  added: ['192.0.2.0/24'],
  removed: [],
  category: null,
  required: true,
  effectiveOn: '2026-12-31',
}
const CHANGE: ListChange = {
  version: HUB_LIST.version,
  before: '2026102900',
  at: NOON - 86_400_000,
  sets: [
    { ...SET, set: 1, kind: 'gone', added: [], removed: ['old.example'], effectiveOn: null },
    { ...SET, set: 2, effectiveOn: null, added: ['*.new.example'], required: false },
    SET,
  ],
}

/** An operator of offices of which Seattle's evidence is of the list held, and London's of the one before. */
function operator(over: Partial<TestContext> = {}, changes: readonly ListChange[] = [CHANGE]): TestContext {
  const latest = [
    { ...pastLatest({ at: NOON, officeId: 'seattle' }), listVersion: HUB_LIST.version },
    { ...pastLatest({ at: NOON, officeId: 'london' }), listVersion: '2026102900' },
  ]
  const offices = OFFICES.filter(({ id }) => ['seattle', 'london', 'zurich', 'here'].includes(id))
  return {
    ...contextOf('operator', offices, latest),
    endpointLists: { held: () => HUB_LIST, changes: async () => changes },
    ...over,
  }
}

describe('endpoints', () => {
  it('tells version, age and what changed, first what must be let through, by its day', async () => {
    const { text } = await say('endpoints', operator())
    expect(text).toContain('2026110200')
    expect(text).toMatch(
      /Microsoft had no newer one 40\smin earlier\. 2\ssets gained what must be let through\./,
    )
    expect(text).toMatch(/Set 11.*from 31.Dec.2026.*Set 2.*added 1.*Set 1\b.*gone; removed 1/s)
    expect(text).toContain('(not required)')
  })

  it('names the offices whose evidence is older, and checks just those', async () => {
    const context = operator()
    const { text } = await say('endpoints', context)
    expect(text).toMatch(/Older evidence.*London.*Zürich/s)
    expect(text).not.toMatch(/Seattle|here and/)
    expect(context.offered.get('Check these again')).toBe('check London + Zürich')
    expect((await say('check London + Zürich', context)).offices).toEqual(['london', 'zurich'])
  })

  it('offers no check to a viewer', async () => {
    const context = operator(contextOf('viewer'))
    await say('endpoints', { ...context, endpointLists: operator().endpointLists })
    expect(context.offered.has('Check these again')).toBe(false)
  })

  it('says of the shipped snapshot that it was never refreshed', async () => {
    const held = { version: '2026102900', refreshedAt: null, refused: null }
    const { text } = await say(
      'endpoints',
      operator({ endpointLists: { held: () => held, changes: async () => [] } }),
    )
    expect(text).toContain('is of October 2026 and was never refreshed')
    expect(text).toContain('It came with this program')
    expect(text).toContain('none since this hub knows the list')
  })

  it('says that the hub is late when a day has passed', async () => {
    const held = { ...HUB_LIST, refreshedAt: NOON - 25 * 3_600_000 }
    const { text } = await say(
      'endpoints',
      operator({ endpointLists: { held: () => held, changes: async () => [] } }),
    )
    expect(text).toContain('for more than a day')
  })

  it('says which version is not believed, why, and which one stays', async () => {
    const refused = { version: '2026113000', problem: '65 of 72 sets are gone' }
    const held = { ...HUB_LIST, refreshedAt: NOON - 25 * 3_600_000, refused }
    const { text } = await say(
      'endpoints',
      operator({ endpointLists: { held: () => held, changes: async () => [] } }),
    )
    expect(text).toContain(
      `Microsoft’s version 2026113000 is not believed: 65 of 72 sets are gone. Version ${HUB_LIST.version} stays in use.`,
    )
    expect(text).not.toContain('has not reached')
  })

  it('counts the sets that do not fit', async () => {
    const sets = Array.from({ length: 40 }, (_, at) => ({ ...SET, set: at + 1 }))
    const { text } = await say('endpoints', operator({}, [{ ...CHANGE, sets }]))
    expect(text).toMatch(/28\ssets more|more/)
  })
})
