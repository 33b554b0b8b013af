import { describe, expect, it } from 'vitest'
import { conditionsOf, type Known } from '../../src/core/conditions.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { ListChange } from '../../src/core/list-change.ts'
import { aFailingWatch } from '../support/alert-kit.ts'
import { anOffice, NOON } from '../support/check-kit.ts'

const HOUR = 3_600_000

const NOTHING: Known = {
  offices: [anOffice('seattle'), anOffice('lyon')],
  watches: new Map(),
  latest: new Map(),
  silent: [],
  runners: new Set(['seattle-1', 'lyon-1']),
  listChanges: [],
  listVersionFor: () => '2026112600',
  listFreshAt: NOON,
  digestsDue: [],
  own: [],
  undecided: new Set(),
  now: NOON + HOUR,
}

const latest = (officeId: string, listVersion: string) =>
  [officeId, { officeId, listVersion, rulings: [] as Latest['rulings'] } as Latest] as const

const of = (over: Partial<Known>) => conditionsOf({ ...NOTHING, ...over })

describe('what is wrong now', () => {
  it('is nothing while nothing is known to be', () => {
    expect(of({})).toEqual([])
  })

  it('is an office that fails for certain, since its first failure, with who changed its limit the day before', () => {
    const seattle = anOffice('seattle', {
      overrides: [
        {
          criterion: 'local-dns',
          value: 300,
          author: 'Ana',
          reason: 'x',
          setAt: NOON - HOUR,
          expiresAt: NOON + 900 * HOUR,
        },
      ],
      attestations: [{ criterion: 'local-dns', by: 'Bo', reason: 'x', until: NOON - 2 * HOUR }],
    })
    const found = of({ offices: [seattle], watches: new Map([['seattle', aFailingWatch('seattle')]]) })
    expect(found).toMatchObject([
      {
        subject: 'seattle',
        since: NOON,
        facts: {
          kind: 'not-ready',
          failing: ['local-dns'],
          decided: [
            { what: 'limit-set', by: 'Ana', value: 300 },
            { what: 'attestation-ended', by: 'Bo' },
          ],
        },
      },
    ])
  })

  it('is each trouble of the hub’s own, as the hub knows it', () => {
    const own = [{ word: 'store-failing', count: 7, since: NOON }] as const
    expect(of({ own })).toMatchObject([
      { subject: 'store-failing', since: NOON, facts: { kind: 'trouble', word: 'store-failing', count: 7 } },
    ])
  })

  it('does not blame a limit that was set a week before', () => {
    const override = { criterion: 'local-dns', value: 300, author: 'Ana', reason: 'x' } as const
    const seattle = anOffice('seattle', {
      overrides: [{ ...override, setAt: NOON - 170 * HOUR, expiresAt: NOON + 900 * HOUR }],
    })
    const found = of({ offices: [seattle], watches: new Map([['seattle', aFailingWatch('seattle')]]) })
    expect(found[0]?.facts).toMatchObject({ decided: [] })
  })

  it('is a new address, until somebody registers it', () => {
    const watch = {
      ...aFailingWatch('seattle'),
      criteria: {},
      egress: {
        addresses: { value: ['203.0.113.9'], since: NOON, candidate: null },
        change: { from: ['192.0.2.1'], at: NOON },
      },
    }
    const watches = new Map([['seattle', watch]])
    expect(of({ watches })).toMatchObject([
      {
        subject: 'seattle',
        since: NOON,
        facts: { kind: 'egress', from: ['192.0.2.1'], to: ['203.0.113.9'] },
      },
    ])
    expect(of({ watches, offices: [anOffice('seattle', { egress: ['203.0.113.0/24'] })] })).toEqual([])
  })

  it('says of silent runners when they are all of them, and tells of none in offices that are not asked for', () => {
    const silent = ['seattle', 'lyon', 'elsewhere'].map((officeId) => ({
      id: `${officeId}-1`,
      officeId,
      name: officeId,
      since: NOON,
    }))
    expect(of({ silent, runners: new Set(['a', 'b', 'c']) })).toMatchObject([
      { subject: 'seattle-1', cause: 'silent', facts: { all: true } },
      { subject: 'lyon-1', cause: 'silent', facts: { all: true } },
    ])
    expect(of({ silent, runners: new Set(['a', 'b', 'c', 'd']) })[0]?.facts).toMatchObject({ all: false })
  })

  it('is a list with something to let through from a day to come, until every office was checked with it', () => {
    const change = (effectiveOn: string | null): ListChange => ({
      version: '2026112600',
      before: '2026110200',
      at: NOON,
      sets: [
        {
          set: 1,
          serviceArea: 'Exchange',
          kind: 'changed',
          added: ['a.example'],
          removed: [],
          category: null,
          required: true,
          effectiveOn,
        },
      ],
    })
    const listChanges = [change('2026-12-28')]
    expect(of({ listChanges })).toMatchObject([
      { subject: '2026112600', facts: { sets: 1, effectiveOn: '2026-12-28', unchecked: 2 } },
    ])
    const half = new Map([latest('seattle', '2026112600'), latest('lyon', '2026110200')])
    expect(of({ listChanges, latest: half })[0]?.facts).toMatchObject({ unchecked: 1 })
    const both = new Map([latest('seattle', '2026112600'), latest('lyon', '2026112600')])
    expect(of({ listChanges, latest: both })).toEqual([])
    expect(of({ listChanges: [change('2026-10-01'), change(null)] })).toEqual([])
    // The day has passed, and nobody looked: it is not over.
    const later = NOON + 60 * 24 * HOUR
    expect(of({ listChanges, now: later, listFreshAt: later })).toMatchObject([
      { facts: { effectiveOn: '2026-12-28', unchecked: 2 } },
    ])
  })

  it('is Doorstep itself: a list that was not refreshed for a day, and digests that are late', () => {
    expect(of({ now: NOON + 25 * HOUR })).toMatchObject([{ subject: 'list-old', since: NOON + 24 * HOUR }])
    expect(of({ digestsDue: [NOON, NOON + 0.9 * HOUR] })).toMatchObject([
      { subject: 'digests-late', facts: { count: 1 } },
    ])
  })
})
