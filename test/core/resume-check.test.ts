import { describe, expect, it } from 'vitest'
import {
  acceptCheck,
  type Check,
  type CheckEvent,
  isClosed,
  outstanding,
  resumeCheck,
  stepCheck,
} from '../../src/core/check.ts'
import { failed } from '../../src/core/failure.ts'
import { aCheck, aPlace, measurementOf, NOON, owedBy } from '../support/check-kit.ts'

const OWED = [owedBy('m1'), owedBy('m2')] as const

describe('a check that a crash interrupts', () => {
  interface Crash {
    /** After how many stored events the hub dies. */
    readonly after: number
  }

  /** Plays the hub: effects in order, posts and measurements as a hub would make them. */
  function play(crash: Crash | null, silent: boolean, refused: boolean): Check {
    const events: CheckEvent[] = []
    const first = acceptCheck({
      id: 'c1',
      officeIds: ['seattle'],
      createdAt: NOON,
      deadline: NOON + 60_000,
      place: aPlace(),
    })
    let check = first.check
    let stored = 0
    let effects = [...first.effects]
    const apply = (event: CheckEvent): void => {
      const step = stepCheck(check, event)
      events.push(event)
      if (step.check !== check) stored += 1
      check = step.check
      effects.push(...step.effects)
    }
    const already = silent
      ? OWED.map((owed) => measurementOf(owed, 'c1', { outcome: failed('runner-silent') }))
      : []
    for (let turns = 0; effects.length > 0 && turns < 100; turns++) {
      if (crash && stored === crash.after) {
        effects = [...resumeCheck(check)]
        stored = Number.NaN
      }
      const effect = effects.shift()
      switch (effect?.type) {
        case 'post': {
          const at = effect.place
          const spot = check.places[at]
          if (!spot || spot.activityId !== null || spot.dead) break
          if (!spot.posting) apply({ type: 'posting', place: at })
          if (refused) apply({ type: 'post-refused', place: at, gone: true })
          else apply({ type: 'posted', place: at, activityId: 'card-1' })
          if (isClosed(check)) effects.push({ type: 'close' })
          break
        }
        case 'plan':
          apply({ type: 'planned', owed: OWED, already, at: NOON + 1 })
          break
        case 'dispatch':
          apply({ type: 'handed-out' })
          apply({
            type: 'measured',
            measurements: outstanding(check).map((owed) => measurementOf(owed)),
            at: NOON + 1,
          })
          break
        case 'close':
          if (check.places.every((spot) => spot.dead || spot.activityId !== null)) apply({ type: 'told' })
          break
        default:
      }
    }
    return check
  }

  const cases = [false, true].flatMap((silent) => [false, true].map((refused) => [silent, refused] as const))

  it.each(cases)(
    'ends as if nothing had happened, wherever the crash comes (runner silent: %s, chat gone: %s)',
    (silent, refused) => {
      const whole = play(null, silent, refused)
      expect(whole.status).toBe('delivered')
      expect(whole.places[0]?.activityId).toBe(refused ? null : 'card-1')
      for (let after = 0; after < whole.version; after++) {
        expect({ ...play({ after }, silent, refused), version: 0 }).toEqual({ ...whole, version: 0 })
      }
    },
  )

  it('that is told to the end only has its reminder taken away', () => {
    expect(resumeCheck(aCheck({ status: 'delivered', closedAt: NOON }))).toEqual([{ type: 'forget' }])
  })

  it('posts again where no card is confirmed, and not where the conversation is gone', () => {
    const places = [
      aPlace('a', { activityId: 'x' }),
      aPlace('b', { posting: true }),
      aPlace('c', { dead: true }),
    ]
    expect(resumeCheck(aCheck({ places }))).toEqual([{ type: 'post', place: 1 }, { type: 'plan' }])
  })
})
