import type { ConversationRef, Person } from './chat.ts'
import type { Decided } from './decided.ts'
import type { Office } from './office.ts'
import type { CriterionId } from './verdict.ts'

/** What alerts are about. The words are what people type. */
export const ALERT_KINDS = ['not-ready', 'silent', 'egress', 'endpoints', 'trouble'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** What people choose of their alerts. */
export interface AlertPlan {
  /** Offices in words, as typed, read anew each time. Outside text. */
  readonly selector: string
  /** In the order of {@link ALERT_KINDS}, at least one. */
  readonly kinds: readonly AlertKind[]
  /** Hours in which nothing is posted, `HH:MM` on the clocks of the zone; null: none. May reach over midnight. */
  readonly quiet: { readonly from: string; readonly to: string } | null
  /** IANA name, for the quiet hours and the times on the cards. */
  readonly timeZone: string
}

/** Alerts that somebody wants in a conversation. */
export interface AlertOrder {
  readonly id: string
  readonly plan: AlertPlan
  readonly conversation: ConversationRef
  /** They tell of the offices that this person may see: they are asked about again at each alert. */
  readonly madeBy: Person
  /** Epoch ms: what was so before is nothing new. */
  readonly madeAt: number
}

/** What is wrong with the bot itself. */
export const TROUBLES = [
  'list-old',
  'digests-late',
  'store-failing',
  'messages-late',
  'places-closed',
  'beacon-silent',
  'hub-clock',
] as const
export type TroubleWord = (typeof TROUBLES)[number]

/** Trouble of the bot itself, as of now. */
export interface OwnTrouble {
  readonly word: TroubleWord
  /** How many digests, failures, messages, conversations or runners, by the word. */
  readonly count: number
  /** Epoch ms. */
  readonly since: number
}

type OfficeNamed = Pick<Office, 'id' | 'name'>

/** What a condition says beside its subject, by kind. Names and addresses are outside text. */
export type ConditionFacts =
  | {
      readonly kind: 'not-ready'
      readonly office: OfficeNamed
      readonly failing: readonly CriterionId[]
      /** The sentence of the first of them. */
      readonly because: string
      /** Limits and attestations of these criteria that changed shortly before. */
      readonly decided: readonly Decided[]
    }
  | {
      readonly kind: 'silent'
      readonly office: OfficeNamed
      readonly runner: string
      /** Every runner is: then the network of the hub is to be suspected first. */
      readonly all: boolean
    }
  | {
      readonly kind: 'egress'
      readonly office: OfficeNamed
      readonly from: readonly string[]
      readonly to: readonly string[]
    }
  | {
      readonly kind: 'endpoints'
      readonly version: string
      /** Sets to which something was added, and the earliest day on which it may be used. */
      readonly sets: number
      readonly effectiveOn: string
      /** Offices that no check has looked at with this list yet. */
      readonly unchecked: number
    }
  | { readonly kind: 'trouble'; readonly word: TroubleWord; readonly count: number }

/** Something that is wrong now. */
export interface Condition {
  /** The office, the runner, the list version or the word: at most one condition of a kind has it. */
  readonly subject: string
  /** Conditions of a kind with the same cause belong on one card. */
  readonly cause: string
  /** Epoch ms. */
  readonly since: number
  readonly facts: ConditionFacts
}

/** A condition on a card, and when it was over; null: it is not. Epoch ms. */
export interface AlertRow extends Condition {
  readonly resolvedAt: number | null
  /** Nobody looks at it any more: its office or runner is gone, or the order is about others now. */
  readonly isLeft?: boolean
}

/** One card about one or more conditions of one kind and cause. */
export interface Alert {
  readonly orderId: string
  /** Unique within the order, and the same whoever opens it. */
  readonly id: string
  readonly kind: AlertKind
  readonly cause: string
  /** Epoch ms. */
  readonly openedAt: number
  readonly rows: readonly AlertRow[]
  /**
   * `waiting`: not posted, so far. `posting`: it may have been, nobody knows. `standing`: it is there. `closed`: nothing
   * is to be done any more.
   */
  readonly state: 'waiting' | 'posting' | 'standing' | 'closed'
  /** The message, once it stands. */
  readonly activityId: string | null
  /** What the message says is older than this row. */
  readonly isBehind: boolean
}

/** Within this, what happens for one cause joins the card that is there; later it is news and a card of its own. */
export const JOIN_MS = 10 * 60_000

/** What the ledger is told. */
export interface LedgerInput {
  readonly order: AlertOrder
  /** Alerts of this order that are not closed. */
  readonly open: readonly Alert[]
  /** What is wrong now and this order is about. */
  readonly conditions: readonly Condition[]
  /** Reports whether nobody can say now whether a row's condition holds, or nobody wants to know. */
  readonly isMuted: (row: Condition) => boolean
  /** Reports whether the order is still about a row's office, runner and kind. */
  readonly isWatched: (row: Condition) => boolean
  /** Epoch ms. */
  readonly now: number
}

/** Which alerts are new or changed. Pure: what is wrong goes in, what is to be kept and told comes out. */
export function ledger(input: LedgerInput): readonly Alert[] {
  const { order, open, conditions, now } = input
  const kept = open.map((alert) => lookedAt(alert, input))
  const known = new Set(
    kept.flatMap(({ kind, rows }) =>
      rows.filter(({ resolvedAt }) => resolvedAt === null).map(({ subject }) => `${kind} ${subject}`),
    ),
  )
  const fresh = conditions
    .filter((one) => one.since > order.madeAt && !known.has(`${one.facts.kind} ${one.subject}`))
    .toSorted((a, b) => a.since - b.since || (a.subject < b.subject ? -1 : 1))
  const after = [...kept]
  for (const condition of fresh) {
    const { kind } = condition.facts
    const at = after.findIndex(
      (alert) =>
        alert.kind === kind &&
        alert.cause === condition.cause &&
        alert.state !== 'closed' &&
        (alert.state === 'waiting' || now - alert.openedAt < JOIN_MS) &&
        !isOver(alert),
    )
    const joined = after[at]
    if (joined) after[at] = withRow(joined, condition)
    else after.push(opened(order.id, condition, now))
  }
  return after.filter((alert, at) => alert !== open[at])
}

/** Reports whether nothing of an alert holds any more. */
export function isOver({ rows }: Pick<Alert, 'rows'>): boolean {
  return rows.every(({ resolvedAt }) => resolvedAt !== null)
}

/** When the last condition of an alert that is over ended, epoch ms. */
export function overAt({ rows }: Pick<Alert, 'rows'>): number {
  return Math.max(...rows.map(({ resolvedAt }) => resolvedAt ?? 0))
}

function opened(orderId: string, condition: Condition, now: number): Alert {
  const { subject, since, cause, facts } = condition
  return {
    orderId,
    // The same whoever opens it, so that of two hubs one inserts it.
    id: `${facts.kind}.${subject}.${since}`,
    kind: facts.kind,
    cause,
    openedAt: now,
    rows: [{ ...condition, resolvedAt: null }],
    state: 'waiting',
    activityId: null,
    isBehind: false,
  }
}

function withRow(alert: Alert, condition: Condition): Alert {
  return { ...alert, rows: [...alert.rows, { ...condition, resolvedAt: null }], isBehind: true }
}

/** The rows of an alert as they are now; the alert itself where nothing is different. */
function lookedAt(alert: Alert, { conditions, isMuted, isWatched, now }: LedgerInput): Alert {
  const rows = alert.rows.map((row) => {
    if (row.resolvedAt !== null) return row
    if (!isWatched(row)) return { ...row, resolvedAt: now, isLeft: true }
    if (isMuted(row)) return row
    const still = conditions.find(
      ({ facts, subject }) => facts.kind === alert.kind && subject === row.subject,
    )
    if (still === undefined) return { ...row, resolvedAt: now }
    return sayTheSame(still.facts, row.facts) ? row : { ...row, facts: still.facts }
  })
  if (rows.every((row, at) => row === alert.rows[at])) return alert
  // What came and went before anybody was told is not worth a card, nor a line on one.
  const untold = alert.state === 'waiting'
  if (untold && isOver({ rows })) return { ...alert, rows, state: 'closed' }
  const left = untold ? rows.filter(({ resolvedAt }) => resolvedAt === null) : rows
  return { ...alert, rows: left, isBehind: true }
}

/** Numbers in a sentence differ from check to check: that alone is not worth an edit. */
function sayTheSame(a: ConditionFacts, b: ConditionFacts): boolean {
  const without = (facts: ConditionFacts) => ({ ...facts, because: '' })
  return JSON.stringify(without(a)) === JSON.stringify(without(b))
}

/** Reports whether an instant (epoch ms) falls into the quiet hours of a plan. `clock`: `HH:MM` in its zone. */
export function isQuiet({ quiet }: Pick<AlertPlan, 'quiet'>, clock: string): boolean {
  if (quiet === null || quiet.from === quiet.to) return false
  return quiet.from < quiet.to
    ? clock >= quiet.from && clock < quiet.to
    : clock >= quiet.from || clock < quiet.to
}
