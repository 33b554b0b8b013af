import type { ConversationRef, Person } from './chat.ts'
import type { Measurement, Owed } from './measurement.ts'

/** Life cycle only, never quality. */
export const CHECK_STATUSES = [
  'accepted',
  'placed',
  'dispatched',
  'collecting',
  'complete',
  'expired',
  'cancelled',
  'delivered',
] as const
export type CheckStatus = (typeof CHECK_STATUSES)[number]

/** A conversation in which the check's one living card stands. */
export interface CardPlace {
  readonly conversation: ConversationRef
  readonly askedBy: Person
  /** The message to answer under; null for a message of its own. */
  readonly replyTo: string | null
  /** The card's message; null until the channel has confirmed it. */
  readonly activityId: string | null
  /** A post was begun whose outcome is not known: the next one says "re-sent". */
  readonly posting: boolean
  /** The channel said that this conversation is gone: it is not asked again. */
  readonly dead: boolean
  /** Offices that were selected here and left out, because whoever asked may not check them; absent: none. */
  readonly leftOut?: number
}

/** One request with all its measurements. */
export interface Check {
  readonly id: string
  readonly status: CheckStatus
  /** Counts up with every stored change. */
  readonly version: number
  readonly officeIds: readonly string[]
  /** A download was asked for too; absent: it was not. */
  readonly download?: boolean
  readonly places: readonly CardPlace[]
  /** Epoch ms. */
  readonly createdAt: number
  readonly deadline: number
  readonly closedAt: number | null
  /** Who stopped it before its end; absent: nobody. What was measured by then is shown, and is no verdict. */
  readonly cancelledBy?: Person
  readonly owed: readonly Owed[]
  /** By measurement id. */
  readonly measurements: Readonly<Record<string, Measurement>>
}

/** A check as the list of a conversation remembers it. */
export interface CheckAsked {
  readonly id: string
  readonly officeIds: readonly string[]
  /** When it was asked for there, epoch ms. */
  readonly at: number
}

/** What can happen to a check. */
export type CheckEvent =
  | { readonly type: 'posting'; readonly place: number }
  | { readonly type: 'posted'; readonly place: number; readonly activityId: string }
  | { readonly type: 'post-refused'; readonly place: number; readonly gone: boolean }
  | { readonly type: 'card-lost'; readonly place: number }
  /** `already`: what is known to fail before anything is sent; it goes in with the plan, so that no crash parts them. */
  | {
      readonly type: 'planned'
      readonly owed: readonly Owed[]
      readonly already: readonly Measurement[]
      readonly at: number
    }
  | { readonly type: 'handed-out' }
  | { readonly type: 'measured'; readonly measurements: readonly Measurement[]; readonly at: number }
  | { readonly type: 'joined'; readonly place: CardPlace }
  | { readonly type: 'deadline'; readonly at: number }
  | { readonly type: 'cancelled'; readonly by: Person; readonly at: number }
  | { readonly type: 'told' }

/** What is to be done once the new state is stored. Effects may be repeated after a crash; each is idempotent. */
export type CheckEffect =
  | { readonly type: 'post'; readonly place: number }
  | { readonly type: 'plan' }
  | { readonly type: 'dispatch' }
  | { readonly type: 'edit' }
  | { readonly type: 'close' }
  | { readonly type: 'forget' }

export interface Step {
  readonly check: Check
  readonly effects: readonly CheckEffect[]
}

/** Reports whether nothing can be added to the check any more: late measurements are kept beside it. */
export function isClosed(check: Check): boolean {
  return CLOSED.has(check.status)
}

const CLOSED: ReadonlySet<CheckStatus> = new Set(['complete', 'expired', 'cancelled', 'delivered'])

/** Reports whether it is known what the check owes. Before that nothing can be measured, and a check that was stopped owes no plan. */
export function isPlanned(check: Check): boolean {
  return check.status !== 'accepted' && check.status !== 'placed'
}

/** The measurements that are owed and not in. */
export function outstanding(check: Check): readonly Owed[] {
  return check.owed.filter((owed) => check.measurements[owed.measurementId] === undefined)
}

/** A check as it is first stored, before anything is sent. */
export function acceptCheck(
  request: Pick<Check, 'id' | 'officeIds' | 'download' | 'createdAt' | 'deadline'> & {
    readonly place: CardPlace
  },
): Step {
  const { place, ...rest } = request
  const check: Check = {
    ...rest,
    status: 'accepted',
    version: 1,
    places: [place],
    closedAt: null,
    owed: [],
    measurements: {},
  }
  return { check, effects: [{ type: 'post', place: 0 }, { type: 'plan' }] }
}

function withPlace(check: Check, index: number, change: Partial<CardPlace>): Check {
  return {
    ...check,
    places: check.places.map((place, at) => (at === index ? { ...place, ...change } : place)),
  }
}

function next(check: Check, change: Partial<Check>, effects: readonly CheckEffect[]): Step {
  return { check: { ...check, ...change, version: check.version + 1 }, effects }
}

/** The first measurement under an owed id counts; foreign ones and repeats change nothing. */
function withMeasurements(check: Check, came: readonly Measurement[]): Check {
  const owed = new Set(outstanding(check).map((entry) => entry.measurementId))
  const measurements = { ...check.measurements }
  for (const entry of came) if (owed.has(entry.measurementId)) measurements[entry.measurementId] ??= entry
  return { ...check, measurements }
}

function closeIfAllIn(check: Check, at: number, effects: readonly CheckEffect[]): Step {
  if (outstanding(check).length > 0) return next(check, {}, effects)
  return next(check, { status: 'complete', closedAt: at }, [{ type: 'close' }])
}

/**
 * The life cycle as a pure function: the state and what happened in, the next state and what to do out. An event that
 * no longer means anything (a second placeholder, a deadline after the close) changes nothing.
 */
export function stepCheck(check: Check, event: CheckEvent): Step {
  const unchanged: Step = { check, effects: [] }
  switch (event.type) {
    case 'posting':
    case 'posted':
    case 'post-refused':
    case 'card-lost':
      return check.places[event.place] === undefined ? unchanged : stepPlace(check, event)
    case 'planned': {
      if (isPlanned(check)) return unchanged
      const planned = withMeasurements({ ...check, status: 'dispatched', owed: event.owed }, event.already)
      return closeIfAllIn(planned, event.at, [{ type: 'dispatch' }, { type: 'edit' }])
    }
    case 'handed-out':
      return check.status === 'dispatched' ? next(check, { status: 'collecting' }, []) : unchanged
    case 'measured': {
      if (isClosed(check) || !isPlanned(check)) return unchanged
      const left = outstanding(check).length
      const measured = withMeasurements({ ...check, status: 'collecting' }, event.measurements)
      if (left > 0 && outstanding(measured).length === left) return unchanged
      return closeIfAllIn(measured, event.at, [{ type: 'edit' }])
    }
    case 'joined':
      if (isClosed(check)) return unchanged
      return next(check, { places: [...check.places, event.place] }, [
        { type: 'post', place: check.places.length },
      ])
    case 'deadline':
      if (isClosed(check)) return unchanged
      return next(check, { status: 'expired', closedAt: event.at }, [{ type: 'close' }])
    case 'cancelled':
      if (isClosed(check)) return unchanged
      return next(check, { status: 'cancelled', closedAt: event.at, cancelledBy: event.by }, [
        { type: 'close' },
      ])
    case 'told':
      if (!isClosed(check) || check.status === 'delivered') return unchanged
      return next(check, { status: 'delivered' }, [{ type: 'forget' }])
  }
}

/** What happens to the card of one place. A second card of a place that has one is not followed. */
function stepPlace(check: Check, event: Extract<CheckEvent, { readonly place: number }>): Step {
  switch (event.type) {
    case 'posting':
      return next(withPlace(check, event.place, { posting: true }), {}, [])
    case 'posted': {
      if (check.places[event.place]?.activityId !== null) return { check, effects: [] }
      const placed = withPlace(check, event.place, { activityId: event.activityId, posting: false })
      return next(placed, check.status === 'accepted' ? { status: 'placed' } : {}, [{ type: 'edit' }])
    }
    case 'post-refused':
      return next(withPlace(check, event.place, { posting: false, dead: event.gone }), {}, [])
    case 'card-lost':
      // Two edits may miss the same card.
      if (check.places[event.place]?.activityId === null) return { check, effects: [] }
      return next(withPlace(check, event.place, { activityId: null }), {}, [
        { type: 'post', place: event.place },
      ])
  }
}

/** What to do with a check found in the store at a start: the effects that a crash may have swallowed. */
export function resumeCheck(check: Check): readonly CheckEffect[] {
  if (check.status === 'delivered') return [{ type: 'forget' }]
  const posts = check.places.flatMap((place, index): readonly CheckEffect[] =>
    place.activityId === null && !place.dead ? [{ type: 'post', place: index }] : [],
  )
  if (isClosed(check)) return [...posts, { type: 'close' }]
  if (!isPlanned(check)) return [...posts, { type: 'plan' }]
  return [...posts, { type: 'dispatch' }, { type: 'edit' }]
}
