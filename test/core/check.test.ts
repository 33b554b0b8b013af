import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CHECK_STATUSES,
  type Check,
  type CheckEvent,
  type CheckStatus,
  isClosed,
  isPlanned,
  outstanding,
  stepCheck,
} from '../../src/core/check.ts'
import { failed } from '../../src/core/failure.ts'
import { ANA, aCheck, aPlace, BO, measurementOf, NOON, owedBy } from '../support/check-kit.ts'

const OWED = [owedBy('m1'), owedBy('m2')] as const
const [M1, M2] = OWED.map((owed) => measurementOf(owed)) as [
  ReturnType<typeof measurementOf>,
  ReturnType<typeof measurementOf>,
]
const FOREIGN = measurementOf(owedBy('elsewhere'))

/** A check in each status, as the machine itself makes it. */
function inStatus(status: CheckStatus): Check {
  const posted = { places: [aPlace('a:ana', { activityId: 'card-1' })] }
  const planned = { ...posted, owed: OWED }
  const closed = { ...planned, closedAt: NOON + 5 }
  switch (status) {
    case 'accepted':
      return aCheck()
    case 'placed':
      return aCheck({ status, ...posted })
    case 'dispatched':
      return aCheck({ status, ...planned })
    case 'collecting':
      return aCheck({ status, ...planned, measurements: { m1: M1 } })
    case 'expired':
      return aCheck({ status, ...closed, measurements: { m1: M1 } })
    case 'cancelled':
      return aCheck({ status, ...closed, cancelledBy: ANA, measurements: { m1: M1 } })
    case 'complete':
    case 'delivered':
      return aCheck({ status, ...closed, measurements: { m1: M1, m2: M2 } })
  }
}

const EVENTS = {
  posting: { type: 'posting', place: 0 },
  posted: { type: 'posted', place: 0, activityId: 'card-9' },
  'post-refused': { type: 'post-refused', place: 0, gone: true },
  'card-lost': { type: 'card-lost', place: 0 },
  planned: { type: 'planned', owed: OWED, already: [], at: NOON + 1 },
  'handed-out': { type: 'handed-out' },
  'measured one': { type: 'measured', measurements: [M1], at: NOON + 2 },
  'measured all': { type: 'measured', measurements: [M1, M2], at: NOON + 2 },
  'measured foreign': { type: 'measured', measurements: [FOREIGN], at: NOON + 2 },
  joined: { type: 'joined', place: aPlace('19:other') },
  deadline: { type: 'deadline', at: NOON + 60_000 },
  cancelled: { type: 'cancelled', by: BO, at: NOON + 3 },
  told: { type: 'told' },
} as const satisfies Record<string, CheckEvent>
type EventName = keyof typeof EVENTS

/** What is asked for, in words: the status afterwards and the effects; `-` where nothing changes at all. */
const TABLE: Record<EventName, Record<CheckStatus, string>> = {
  posting: row('same', 'same', 'same', 'same', 'same', 'same', 'same', 'same'),
  posted: row('placed edit', '-', '-', '-', '-', '-', '-', '-'),
  'post-refused': row('same', 'same', 'same', 'same', 'same', 'same', 'same', 'same'),
  // Before a card stands none can be lost; nor can the same one be lost twice.
  'card-lost': row(
    '-',
    'same post',
    'same post',
    'same post',
    'same post',
    'same post',
    'same post',
    'same post',
  ),
  planned: row('dispatched dispatch edit', 'dispatched dispatch edit', '-', '-', '-', '-', '-', '-'),
  'handed-out': row('-', '-', 'collecting', '-', '-', '-', '-', '-'),
  'measured one': row('-', '-', 'collecting edit', '-', '-', '-', '-', '-'),
  'measured all': row('-', '-', 'complete close', 'complete close', '-', '-', '-', '-'),
  'measured foreign': row('-', '-', '-', '-', '-', '-', '-', '-'),
  joined: row('same post', 'same post', 'same post', 'same post', '-', '-', '-', '-'),
  deadline: row('expired close', 'expired close', 'expired close', 'expired close', '-', '-', '-', '-'),
  cancelled: row(
    'cancelled close',
    'cancelled close',
    'cancelled close',
    'cancelled close',
    '-',
    '-',
    '-',
    '-',
  ),
  told: row('-', '-', '-', '-', 'delivered forget', 'delivered forget', 'delivered forget', '-'),
}

function row(...cells: readonly string[]): Record<CheckStatus, string> {
  return Object.fromEntries(CHECK_STATUSES.map((status, at) => [status, cells[at] ?? ''])) as Record<
    CheckStatus,
    string
  >
}

const cells = (Object.keys(TABLE) as EventName[]).flatMap((event) =>
  CHECK_STATUSES.map((status) => [event, status, TABLE[event][status]] as const),
)

describe('a step of a check', () => {
  it.each(cells)('%s while %s: %s', (event, status, expected) => {
    const before = inStatus(status)
    const { check, effects } = stepCheck(before, EVENTS[event])
    if (expected === '-') {
      expect(check).toBe(before)
      expect(effects).toEqual([])
      return
    }
    const [after = '', ...wanted] = expected.split(' ')
    expect(check.status).toBe(after === 'same' ? status : after)
    expect(check.version).toBe(before.version + 1)
    expect(effects.map(({ type }) => type)).toEqual(wanted)
    expect(check.closedAt === null).toBe(!isClosed(check))
  })

  it.each(['posting', 'posted', 'post-refused', 'card-lost'] as const)(
    'of a place that there is not changes nothing: %s',
    (event) => {
      const before = aCheck()
      expect(stepCheck(before, { ...EVENTS[event], place: 7 })).toEqual({ check: before, effects: [] })
    },
  )

  it('keeps the first card of a place when a second one turns up', () => {
    const { check } = stepCheck(inStatus('placed'), EVENTS.posted)
    expect(check.places[0]?.activityId).toBe('card-1')
  })

  it('takes the plan and what is known to fail in one step, and closes when that is all', () => {
    const already = OWED.map((owed) => measurementOf(owed, 'c1', { outcome: failed('runner-silent') }))
    const { check, effects } = stepCheck(aCheck(), { ...EVENTS.planned, already })
    expect(check).toMatchObject({ status: 'complete', closedAt: NOON + 1, owed: OWED })
    expect(Object.keys(check.measurements)).toEqual(['m1', 'm2'])
    expect(effects).toEqual([{ type: 'close' }])
  })

  it('closes at once when a plan owes nothing: offices that were removed meanwhile', () => {
    const { check } = stepCheck(aCheck(), { ...EVENTS.planned, owed: [] })
    expect(check.status).toBe('complete')
  })

  it('keeps the first of two measurements under one id, also when both come together', () => {
    const other = { ...M1, outcome: failed('timeout') }
    const both = stepCheck(inStatus('dispatched'), { ...EVENTS['measured one'], measurements: [M1, other] })
    expect(both.check.measurements['m1']).toBe(M1)
    const later = stepCheck(both.check, { ...EVENTS['measured one'], measurements: [other] })
    expect(later.check).toBe(both.check)
  })

  it('closes a check that a crash left with everything in', () => {
    const before = aCheck({ status: 'collecting', owed: OWED, measurements: { m1: M1, m2: M2 } })
    const { check } = stepCheck(before, { type: 'measured', measurements: [], at: NOON + 9 })
    expect(check).toMatchObject({ status: 'complete', closedAt: NOON + 9 })
  })
})

describe('any run of events', () => {
  const place = fc.nat(2)
  const measurement = fc
    .tuple(fc.constantFrom('m1', 'm2', 'm3', 'strange'), fc.nat(3))
    .map(([id, ms]) => measurementOf(owedBy(id), 'c1', { durationMs: ms }))
  const event: fc.Arbitrary<CheckEvent> = fc.oneof(
    fc.record({ type: fc.constant('posting' as const), place }),
    fc.record({
      type: fc.constant('posted' as const),
      place,
      activityId: fc.nat(9).map((at) => `card-${at}`),
    }),
    fc.record({ type: fc.constant('post-refused' as const), place, gone: fc.boolean() }),
    fc.record({ type: fc.constant('card-lost' as const), place }),
    fc.record({
      type: fc.constant('planned' as const),
      owed: fc.subarray([owedBy('m1'), owedBy('m2'), owedBy('m3')]),
      already: fc.array(measurement, { maxLength: 2 }),
      at: fc.constant(NOON + 1),
    }),
    fc.constant({ type: 'handed-out' as const }),
    fc.record({
      type: fc.constant('measured' as const),
      measurements: fc.array(measurement, { maxLength: 3 }),
      at: fc.constant(NOON + 2),
    }),
    fc.constant({ type: 'joined' as const, place: aPlace('19:other') }),
    fc.constant({ type: 'deadline' as const, at: NOON + 60_000 }),
    fc.constant({ type: 'cancelled' as const, by: BO, at: NOON + 3 }),
    fc.constant({ type: 'told' as const }),
  )

  it('only goes forward: versions, statuses, plans and measurements never change back', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let check = aCheck()
        for (const one of events) {
          const before = check
          check = stepCheck(before, one).check
          expect(check.version - before.version).toBe(check === before ? 0 : 1)
          expect(CHECK_STATUSES.indexOf(check.status)).toBeGreaterThanOrEqual(
            CHECK_STATUSES.indexOf(before.status),
          )
          expect(isClosed(before) && !isClosed(check)).toBe(false)
          if (isPlanned(before)) expect(check.owed).toBe(before.owed)
          for (const [id, stored] of Object.entries(before.measurements)) {
            expect(check.measurements[id]).toBe(stored)
          }
          if (isClosed(before)) {
            expect(check.measurements).toBe(before.measurements)
            expect(check.closedAt).toBe(before.closedAt)
            expect(check.cancelledBy).toBe(before.cancelledBy)
          }
          const owed = new Set(check.owed.map(({ measurementId }) => measurementId))
          expect(Object.keys(check.measurements).every((id) => owed.has(id))).toBe(true)
          if (check.status === 'complete') expect(outstanding(check)).toEqual([])
          if (check.status === 'cancelled') expect(check.cancelledBy).toBe(BO)
          if (check.status === 'complete' || check.status === 'expired') {
            expect(check.cancelledBy).toBeUndefined()
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})
