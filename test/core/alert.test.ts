import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Alert,
  type AlertOrder,
  type Condition,
  isOver,
  isQuiet,
  JOIN_MS,
  ledger,
} from '../../src/core/alert.ts'
import { ANA, aConversation, NOON } from '../support/check-kit.ts'

const MINUTE = 60_000

const ORDER: AlertOrder = {
  id: 'a1',
  plan: { selector: 'all', kinds: ['silent'], quiet: null, timeZone: 'UTC' },
  conversation: aConversation('19:ops'),
  madeBy: ANA,
  madeAt: NOON,
}

const silent = (id: string, since = NOON + MINUTE): Condition => ({
  subject: id,
  cause: 'silent',
  since,
  facts: { kind: 'silent', office: { id, name: id }, runner: `${id}-1`, all: false },
})

const look = (
  open: readonly Alert[],
  conditions: readonly Condition[],
  now: number,
  muted: readonly string[] = [],
  left: readonly string[] = [],
) =>
  ledger({
    order: ORDER,
    open,
    conditions,
    isMuted: ({ subject }) => muted.includes(subject),
    isWatched: ({ subject }) => !left.includes(subject),
    now,
  })

const standing = (alert: Alert | undefined): Alert => {
  if (!alert) throw new Error('there is no alert')
  return { ...alert, state: 'standing', activityId: '1', isBehind: false }
}

describe('the ledger of alerts', () => {
  it('opens an alert once for what is wrong, and says nothing more while it stays so', () => {
    const [alert] = look([], [silent('seattle')], NOON + 5 * MINUTE)
    expect(alert).toMatchObject({
      kind: 'silent',
      state: 'waiting',
      rows: [{ subject: 'seattle', resolvedAt: null }],
    })
    expect(look([standing(alert)], [silent('seattle')], NOON + 9 * MINUTE)).toEqual([])
  })

  it('does not tell of what was so before anybody asked', () => {
    expect(look([], [silent('seattle', NOON - MINUTE)], NOON + MINUTE)).toEqual([])
  })

  it('puts what one cause does within ten minutes on one card, and what comes later on another', () => {
    const at = NOON + 5 * MINUTE
    const [first] = look([], [silent('seattle')], at)
    const open = standing(first)
    const [joined, ...none] = look([open], [silent('seattle'), silent('lyon')], at + MINUTE)
    expect(none).toEqual([])
    expect(joined).toMatchObject({
      id: open.id,
      isBehind: true,
      rows: [{ subject: 'seattle' }, { subject: 'lyon' }],
    })
    const [later] = look([open], [silent('seattle'), silent('lyon', at + JOIN_MS)], at + JOIN_MS)
    expect(later).toMatchObject({ state: 'waiting', rows: [{ subject: 'lyon' }] })
  })

  it('resolves each row at its time, and the alert with the last of them', () => {
    const [first] = look([], [silent('seattle'), silent('lyon')], NOON + 5 * MINUTE)
    const [half] = look([standing(first)], [silent('lyon')], NOON + 6 * MINUTE)
    expect(half && isOver(half)).toBe(false)
    const [over] = look([standing(half)], [], NOON + 7 * MINUTE)
    expect(over).toMatchObject({ state: 'standing', isBehind: true })
    expect(over?.rows.map(({ resolvedAt }) => resolvedAt).toSorted()).toEqual([
      NOON + 6 * MINUTE,
      NOON + 7 * MINUTE,
    ])
  })

  it('tells nobody of what came and went before it was posted', () => {
    const open = look([], [silent('seattle')], NOON + 5 * MINUTE)
    expect(look(open, [], NOON + 6 * MINUTE)).toMatchObject([{ state: 'closed' }])
  })

  it('neither resolves nor changes what is muted', () => {
    const [first] = look([], [silent('seattle')], NOON + 5 * MINUTE)
    expect(look([standing(first)], [], NOON + 6 * MINUTE, ['seattle'])).toEqual([])
  })

  it('lets go of what nobody watches any more, muted or not, and does not call it over', () => {
    const [first] = look([], [silent('seattle'), silent('lyon')], NOON + 5 * MINUTE)
    const [after] = look([standing(first)], [silent('lyon')], NOON + 6 * MINUTE, ['seattle'], ['seattle'])
    expect(after?.rows).toMatchObject([
      { subject: 'lyon', resolvedAt: null },
      { subject: 'seattle', isLeft: true, resolvedAt: NOON + 6 * MINUTE },
    ])
  })

  it('opens the same alert whoever looks, so that of two hubs one inserts it', () => {
    const open = (now: number) => look([], [silent('seattle')], now).map(({ id }) => id)
    expect(open(NOON + 5 * MINUTE)).toEqual(open(NOON + 6 * MINUTE))
  })

  it('has each subject on one open row at most, whatever comes and goes', () => {
    const step = fc.uniqueArray(fc.constantFrom<string>('seattle', 'lyon', 'london', 'tokyo'))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (rounds) => {
        const kept = new Map<string, Alert>()
        const since = new Map<string, number>()
        for (const [round, names] of rounds.entries()) {
          const now = NOON + (round + 1) * 4 * MINUTE
          for (const name of [...since.keys()]) if (!names.includes(name)) since.delete(name)
          for (const name of names) since.set(name, since.get(name) ?? now)
          const open = [...kept.values()].filter(({ state }) => state !== 'closed')
          const conditions = names.map((name) => silent(name, since.get(name)))
          for (const alert of look(open, conditions, now)) {
            kept.set(
              alert.id,
              alert.state === 'waiting'
                ? standing(alert)
                : isOver(alert)
                  ? { ...alert, state: 'closed' }
                  : alert,
            )
          }
          const rows = [...kept.values()].flatMap((alert) =>
            alert.rows.filter(({ resolvedAt }) => resolvedAt === null),
          )
          expect(rows.map(({ subject }) => subject).toSorted()).toEqual(names.toSorted())
        }
      }),
    )
  })
})

describe('quiet hours', () => {
  const quiet = { quiet: { from: '22:00', to: '07:00' } }

  it('reach over midnight, and end on the minute', () => {
    expect(
      ['21:59', '22:00', '23:59', '00:00', '06:59', '07:00'].map((clock) => isQuiet(quiet, clock)),
    ).toEqual([false, true, true, true, true, false])
  })

  it('are none when they were not asked for, or end where they begin', () => {
    expect(isQuiet({ quiet: null }, '03:00')).toBe(false)
    expect(isQuiet({ quiet: { from: '08:00', to: '08:00' } }, '08:00')).toBe(false)
  })
})
