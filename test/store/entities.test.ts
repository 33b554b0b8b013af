import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Latest } from '../../src/core/latest.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { actionStore } from '../../src/store/actions.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { actionKey, historyKey, officeKey, runnerKey, statusKey } from '../../src/store/keys.ts'
import { latestStore } from '../../src/store/latest.ts'
import { officeStore } from '../../src/store/offices.ts'
import { pack, unpack } from '../../src/store/packed.ts'
import { rememberedOffices } from '../../src/store/remembered.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { ANA, anOffice, aRunner, NOON } from '../support/check-kit.ts'
import { noEvidence } from '../support/past.ts'
import { scratch } from '../support/scratch.ts'
import { testClock } from '../support/test-clock.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-entities-')
let store: TableStore
let damaged: string[]
const onDamaged = (id: string) => void damaged.push(id)

beforeEach(async () => {
  damaged = []
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const GARBAGE = { d: new Uint8Array([9, 9, 9]) }

describe('offices', () => {
  it('come back whole and by name, and the newest version of each', async () => {
    const offices = officeStore(store, onDamaged)
    const full = anOffice('zurich', {
      name: 'Zürich',
      aliases: ['zrh'],
      tags: ['emea'],
      egress: ['203.0.113.0/24'],
      resolvers: ['10.0.0.53'],
      doors: ['ZRH'],
      targets: { rttMs: 40 },
      overrides: [{ criterion: 'local-egress', value: 300, author: 'ana', reason: 'r', expiresAt: NOON }],
      attestations: [{ criterion: 'tcp-tuned', by: 'ana', reason: 'r', until: NOON }],
      world: 'demo',
    })
    await offices.put(anOffice('seattle', { name: 'Old' }))
    for (const office of [full, anOffice('seattle'), anOffice('aachen')]) await offices.put(office)
    expect(await offices.all()).toEqual([anOffice('aachen'), anOffice('seattle'), full])
  })

  it('that cannot be read are named and harm no other', async () => {
    const offices = officeStore(store, onDamaged)
    await offices.put(anOffice('seattle'))
    await store.upsert(officeKey('gone'), GARBAGE, 'replace')
    await store.upsert(
      officeKey('wrong'),
      pack({ ...anOffice('wrong'), at: { latitude: 91, longitude: 0 } }),
      'replace',
    )
    await store.upsert(officeKey('future'), pack({ ...anOffice('future'), tags: 'emea' }), 'replace')
    expect((await offices.all()).map(({ id }) => id)).toEqual(['seattle'])
    expect(damaged.toSorted()).toEqual(['future', 'gone', 'wrong'])
  })
})

describe('runners', () => {
  it('come back whole, in a list and by their key', async () => {
    const runners = runnerStore(store, onDamaged)
    const [one, two] = [aRunner('seattle'), aRunner('london', { seenAt: null, hello: null, state: 'locked' })]
    await runners.put(one)
    await runners.put(two)
    expect((await runners.all()).toSorted((a, b) => (a.id > b.id ? -1 : 1))).toEqual([one, two])
    expect(await runners.byKid(two.kid)).toEqual(two)
    expect(await runners.byKid('nobody')).toBeNull()
  })

  it('that cannot be read are named and harm no other', async () => {
    const runners = runnerStore(store, onDamaged)
    await runners.put(aRunner('seattle'))
    await runners.put(aRunner('london'))
    await store.upsert(runnerKey('london', 'london-1'), GARBAGE, 'replace')
    expect((await runners.all()).map(({ id }) => id)).toEqual(['seattle-1'])
    expect(await runners.byKid('kid-of-london-1')).toBeNull()
    expect(damaged).toEqual(['london.london-1', 'london.london-1'])
  })

  it('spend a code once, however many try', async () => {
    const runners = runnerStore(store, onDamaged)
    const code = { officeId: 'seattle', createdBy: 'ana', expiresAt: NOON, usedBy: null, runnerId: null }
    await runners.putCode('hash', code)
    const read = await runners.code('hash')
    expect(read).toMatchObject(code)
    const tries = Array.from({ length: 10 }, (_, at) =>
      runners.spendCode('hash', read?.etag ?? '', `kid-${at}`, `r-${at}`),
    )
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1)
    expect(await runners.code('hash')).toMatchObject({ usedBy: 'kid-0', runnerId: 'r-0' })
    expect(await runners.code('other')).toBeNull()
  })
})

function aLatest(over: Partial<Latest> = {}): Latest {
  return {
    officeId: 'seattle',
    checkId: 'c1',
    at: NOON,
    readiness: 'ready',
    verdicts: 'ppppppppp',
    criteria: CRITERIA.map((id) => ({ id, version: 1 })),
    since: NOON,
    rulings: [
      {
        criterion: 'local-dns',
        level: 'required',
        verdict: 'pass',
        because: 'It is.',
        signals: [],
        findings: [],
      },
    ],
    listVersion: '2026110200',
    runners: [{ id: 'seattle-1', name: 'seattle-1', silent: false }],
    egress: ['203.0.113.18'],
    chains: [{ host: 'outlook.office365.com', authorityKey: 'k', clean: true }],
    reach: { answered: ['outlook.office365.com'], failed: [] },
    ...over,
  }
}

describe('the latest verdicts', () => {
  it('of before reach was measured come back with none', async () => {
    const latest = latestStore(store, onDamaged)
    const { reach: _, ...older } = aLatest()
    await latest.put(older as Latest)
    expect((await latest.get('seattle'))?.reach).toEqual({ answered: [], failed: [] })
  })

  it('come back whole, and an older check never replaces a newer one', async () => {
    const latest = latestStore(store, onDamaged)
    await latest.put(aLatest())
    await latest.put(aLatest({ checkId: 'c0', at: NOON - 1, readiness: 'not-ready' }))
    expect(await latest.get('seattle')).toEqual(aLatest())
    await latest.put(aLatest({ checkId: 'c2', at: NOON + 1 }))
    expect((await latest.all()).map(({ checkId }) => checkId)).toEqual(['c2'])
    expect(await latest.get('london')).toBeNull()
  })

  it('that cannot be read are named and harm no other', async () => {
    const latest = latestStore(store, onDamaged)
    await latest.put(aLatest())
    await store.upsert(statusKey('lyon'), { at: 1, ...GARBAGE }, 'replace')
    await store.upsert(statusKey('tokyo'), pack({ ...aLatest(), readiness: 'perhaps' }), 'replace')
    expect(await latest.all()).toEqual([aLatest()])
    expect(await latest.get('lyon')).toBeNull()
    expect(new Set(damaged)).toEqual(new Set(['lyon', 'tokyo']))
  })

  it('leave one row of history per check, however often it is written', async () => {
    const latest = latestStore(store, onDamaged)
    const evidence = noEvidence(aLatest())
    const entry = {
      latest: aLatest({ at: NOON + 4_000 }),
      startedAt: NOON,
      measurements: [{ a: 1 }],
      evidence,
    }
    await latest.addHistory(entry)
    await latest.addHistory({ ...entry, measurements: [] })
    const row = await store.get(historyKey('seattle', NOON, 'c1'))
    expect(row?.props).toMatchObject({ c: 'c1', r: 'r', v: 'ppppppppp', ms: 4_000 })
    expect(unpack(row?.props ?? {})).toEqual({
      rulings: entry.latest.rulings,
      measurements: [{ a: 1 }],
      evidence,
    })
  })
})

describe('actions', () => {
  const action = {
    verb: 'check',
    command: 'check office Seattle',
    conversationId: 'a:ana',
    uses: 'once',
    until: NOON,
    onlyFor: null,
    kept: null,
  } as const

  it('come back whole, and one that is for once is spent once', async () => {
    const actions = actionStore(store)
    await actions.put('id', action)
    expect(await actions.get('id')).toEqual(action)
    const long = { ...action, below: true, onlyFor: 'ana', kept: 'Zürich, "8001"\n'.repeat(5_000) }
    await actions.put('long', long)
    expect(await actions.get('long')).toEqual(long)
    const tries = await Promise.all(Array.from({ length: 20 }, () => actions.spend('id')))
    expect(tries.filter(Boolean)).toHaveLength(1)
    expect(await actions.spend('id')).toBe(false)
    expect(await actions.spend('other')).toBe(false)
    expect(await actions.get('other')).toBeNull()
  })

  it.each([
    ['a verb that this version does not have', { verb: 'revoke-all' }],
    ['a verb that every object has', { verb: 'constructor' }],
    ['no command', { command: null }],
    ['no time', { until: null }],
  ])('with %s are none', async (_name, change) => {
    await store.upsert(actionKey('id'), { ...action, ...change }, 'replace')
    expect(await actionStore(store).get('id')).toBeNull()
  })

  it('are for once where that is not known', async () => {
    await store.upsert(actionKey('id'), { ...action, uses: 'thrice' }, 'replace')
    expect(await actionStore(store).get('id')).toMatchObject({ uses: 'once' })
  })

  it('keep two audit lines of one millisecond', async () => {
    const actions = actionStore(store)
    const line = {
      at: NOON,
      objectId: ANA.objectId,
      name: ANA.name,
      verb: 'check',
      command: 'check',
      conversationId: 'a:ana',
      where: 'personal',
      click: false,
      offices: [],
      outcome: 'done',
    } as const
    await actions.audit(line, 'aaaa')
    await actions.audit({ ...line, outcome: 'refused' }, 'bbbb')
    const { rows } = await store.query({ table: 'audit202611', pk: '20261120' })
    expect(rows.map((row) => row.props['outcome'])).toEqual(['done', 'refused'])
  })
})

describe('the registry of offices', () => {
  it('takes one of two changes that were made from the same row', async () => {
    const offices = officeStore(store, onDamaged)
    const added = await offices.add(anOffice('seattle'))
    if (added === 'taken') throw new Error('the id is free')
    const [one, two] = await Promise.all([
      offices.change(anOffice('seattle', { tags: ['one'] }), added.etag),
      offices.change(anOffice('seattle', { tags: ['two'] }), added.etag),
    ])
    expect([one, two].filter((done) => done === 'stale')).toHaveLength(1)
    const kept = one === 'stale' ? two : one
    expect(await offices.row('seattle')).toEqual(kept)
  })

  it('never gives the id of a removed office again', async () => {
    const offices = officeStore(store, onDamaged)
    const added = await offices.add(anOffice('seattle'))
    if (added === 'taken') throw new Error('the id is free')
    expect(await offices.add(anOffice('seattle'))).toBe('taken')
    expect(await offices.retire('seattle', 'an older row', NOON)).toBe(false)
    expect(await offices.retire('seattle', added.etag, NOON)).toBe(true)
    expect(await offices.all()).toEqual([])
    expect(await offices.row('seattle')).toBeNull()
    expect(await offices.add(anOffice('seattle'))).toBe('taken')
    expect(await offices.retire('seattle', added.etag, NOON)).toBe(false)
    expect(damaged).toEqual([])
  })

  it('shows every change in its copy in memory at once', async () => {
    const offices = rememberedOffices(officeStore(store, onDamaged), testClock(), Number.POSITIVE_INFINITY)
    expect(await offices.all()).toEqual([])
    const added = await offices.add(anOffice('lyon'))
    if (added === 'taken') throw new Error('the id is free')
    expect(await offices.all()).toEqual([anOffice('lyon')])
    const changed = await offices.change(anOffice('lyon', { tags: ['emea'] }), added.etag)
    expect((await offices.all()).map(({ tags }) => tags)).toEqual([['emea']])
    expect(await offices.retire('lyon', changed === 'stale' ? '' : changed.etag, NOON)).toBe(true)
    expect(await offices.all()).toEqual([])
  })
})
