import { describe, expect, it } from 'vitest'
import { type DigestMemory, digestOf } from '../../src/core/digest.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { CriterionId, Readiness } from '../../src/core/verdict.ts'
import { anOffice, NOON } from '../support/check-kit.ts'

const HOUR = 3_600_000

const judged = (
  officeId: string,
  readiness: Readiness,
  over: { failing?: readonly CriterionId[]; at?: number; since?: number } = {},
): Latest => ({
  officeId,
  checkId: 'c1',
  at: over.at ?? NOON - 60_000,
  readiness,
  verdicts: '',
  criteria: [],
  since: over.since ?? NOON - 24 * HOUR,
  rulings: (over.failing ?? []).map((criterion) => ({
    criterion,
    level: 'required',
    verdict: 'fail',
    because: `${criterion} fails.`,
    signals: [],
    findings: [],
    runnerId: null,
    limit: null,
    remedy: null,
  })) as unknown as Latest['rulings'],
  listVersion: '1',
  runners: [],
  egress: [],
  chains: [],
  reach: { answered: [], failed: [] },
})

const make = (latest: readonly Latest[], before: DigestMemory | null, ids: readonly string[], now = NOON) =>
  digestOf({ before, offices: ids.map((id) => anOffice(id)), latest, now, tooOldMs: HOUR })

const kindsOf = (digest: ReturnType<typeof make>) =>
  Object.fromEntries(digest.rows.map(({ office, kind }) => [office.id, kind]))

const IDS = ['seattle', 'london', 'tokyo']

describe('a digest', () => {
  it('tells who changed a limit behind a change, since the digest before and up to the check', () => {
    const override = {
      criterion: 'local-dns',
      value: 300,
      author: 'Ana',
      reason: 'x',
      expiresAt: NOON + HOUR,
    } as const
    const before: DigestMemory = {
      at: NOON - 24 * HOUR,
      offices: {
        london: { readiness: 'ready', failing: [] },
        tokyo: { readiness: 'not-ready', failing: ['local-dns'] },
      },
    }
    const latest = ['london', 'tokyo'].map((id) => judged(id, 'not-ready', { failing: ['local-dns'] }))
    const decidedAt = (setAt: number) =>
      digestOf({
        before,
        offices: ['london', 'tokyo'].map((id) => anOffice(id, { overrides: [{ ...override, setAt }] })),
        latest,
        now: NOON,
        tooOldMs: HOUR,
      }).rows.map(({ office, decided }) => [office.id, decided.map(({ by, what }) => `${by} ${what}`)])
    expect(decidedAt(NOON - HOUR)).toEqual([
      ['london', ['Ana limit-set']],
      ['tokyo', []],
    ])
    expect(decidedAt(NOON - 25 * HOUR)).toEqual([
      ['london', []],
      ['tokyo', []],
    ])
    // Set after the check: it judged by another.
    expect(decidedAt(NOON - 1)[0]).toEqual(['london', []])
  })

  it('knows no change the first time: what fails is told with its age, what was never judged has no data', () => {
    const digest = make([judged('seattle', 'ready'), judged('london', 'not-ready')], null, IDS)
    expect(kindsOf(digest)).toEqual({ london: 'still-failing', tokyo: 'no-data' })
    expect(digest).toMatchObject({ sinceAt: null, offices: 3, changed: 0, unchanged: 1 })
  })

  it('tells what fails, is well or cannot be proven since the one before', () => {
    const first = make(
      [
        judged('seattle', 'ready'),
        judged('london', 'not-ready', { failing: ['local-dns'] }),
        judged('tokyo', 'ready'),
      ],
      null,
      IDS,
    )
    const second = make(
      [
        judged('seattle', 'not-ready', { failing: ['local-egress'] }),
        judged('london', 'ready'),
        judged('tokyo', 'unproven'),
      ],
      first.memory,
      IDS,
    )
    expect(kindsOf(second)).toEqual({
      seattle: 'newly-failing',
      london: 'newly-fixed',
      tokyo: 'newly-unproven',
    })
    expect(second.changed).toBe(3)
    expect(second.rows[0]?.fresh).toEqual(['local-egress'])
  })

  it('takes another required criterion that fails for a change, and one that is well again for none', () => {
    const first = make([judged('london', 'not-ready', { failing: ['local-dns'] })], null, ['london'])
    const worse = make(
      [judged('london', 'not-ready', { failing: ['local-dns', 'local-egress'] })],
      first.memory,
      ['london'],
    )
    expect(kindsOf(worse)).toEqual({ london: 'newly-failing' })
    expect(worse.rows[0]?.fresh).toEqual(['local-egress'])
    const better = make([judged('london', 'not-ready', { failing: ['local-dns'] })], worse.memory, ['london'])
    expect(kindsOf(better)).toEqual({ london: 'still-failing' })
  })

  it('lists what still fails oldest first', () => {
    const digest = make(
      [
        judged('seattle', 'not-ready', { since: NOON - HOUR }),
        judged('london', 'not-ready', { since: NOON - 50 * HOUR }),
        judged('tokyo', 'not-ready', { since: NOON - 10 * HOUR }),
      ],
      null,
      IDS,
    )
    expect(digest.rows.map(({ office }) => office.id)).toEqual(['london', 'tokyo', 'seattle'])
  })

  it('counts an old verdict as no data, and compares with what was known before the gap', () => {
    const first = make([judged('london', 'ready')], null, ['london'])
    const gap = make([judged('london', 'ready')], first.memory, ['london'], NOON + 2 * HOUR)
    expect(kindsOf(gap)).toEqual({ london: 'no-data' })
    expect(gap).toMatchObject({ changed: 0, unchanged: 0, oldestAt: null })
    const after = NOON + 24 * HOUR
    const failing = make([judged('london', 'not-ready', { at: after })], gap.memory, ['london'], after)
    expect(kindsOf(failing)).toEqual({ london: 'newly-failing' })
  })

  it('tells of nothing when nothing changed, with the age of the oldest evidence', () => {
    const latest = [judged('seattle', 'ready', { at: NOON - HOUR / 2 }), judged('london', 'ready')]
    const first = make(latest, null, ['seattle', 'london'])
    const second = make(latest, first.memory, ['seattle', 'london'])
    expect(second).toMatchObject({ changed: 0, rows: [], unchanged: 2, oldestAt: NOON - HOUR / 2 })
  })

  it('takes an office that is new here for no change', () => {
    const first = make([judged('seattle', 'ready')], null, ['seattle'])
    const second = make([judged('seattle', 'ready'), judged('london', 'not-ready')], first.memory, IDS)
    expect(kindsOf(second)).toEqual({ london: 'still-failing', tokyo: 'no-data' })
  })
})
