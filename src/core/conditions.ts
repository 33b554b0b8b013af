import type { Condition, OwnTrouble } from './alert.ts'
import { anyHolds } from './cidr.ts'
import { decidedBetween } from './decided.ts'
import type { Latest } from './latest.ts'
import { type ListChange, needsLetThrough } from './list-change.ts'
import type { Office } from './office.ts'
import { failingNow, notReadySince, type OfficeWatch } from './watch.ts'

/** A change of an admin's mind explains a verdict that turned within a day of it. */
const DECIDED_MS = 24 * 3600_000

/** A list that was not refreshed for a day is told of: Microsoft's service is asked every hour. */
const LIST_OLD_MS = 24 * 3600_000

/** A digest that is later than this waits for something that does not come: it makes up for most by itself. */
const DIGEST_LATE_MS = 15 * 60_000

/** A runner that polls no more. */
export interface SilentRunner {
  readonly id: string
  readonly officeId: string
  /** Outside text. */
  readonly name: string
  /** When it was last heard of, epoch ms. */
  readonly since: number
}

/** What is known of everything, as of `now`. */
export interface Known {
  readonly offices: readonly Office[]
  readonly watches: ReadonlyMap<string, OfficeWatch>
  readonly latest: ReadonlyMap<string, Latest>
  readonly silent: readonly SilentRunner[]
  /** Ids of the runners that are counted on, the silent ones included. */
  readonly runners: ReadonlySet<string>
  readonly listChanges: readonly ListChange[]
  /** The list held for an office, by its version. */
  readonly listVersionFor: (office: Office) => string
  /** When that list was last known to be the newest, or was first waited for; epoch ms. */
  readonly listFreshAt: number
  /** When each digest is due next, epoch ms. */
  readonly digestsDue: readonly number[]
  /** What else is wrong with the hub, as it knows itself. */
  readonly own: readonly OwnTrouble[]
  /** Subjects of which nobody can say yet, as right after a start: what a card says of them stays. */
  readonly undecided: ReadonlySet<string>
  /** Epoch ms. */
  readonly now: number
}

/** Everything that is wrong now with these offices, and with the bot itself. Pure; nothing is remembered here. */
export function conditionsOf(known: Known): readonly Condition[] {
  return [
    ...known.offices.flatMap((office) => [...notReady(office, known), ...egressChanged(office, known)]),
    ...silentRunners(known),
    ...listChanges(known),
    ...ownTrouble(known),
  ]
}

/** Reports whether what a condition is about is still there, among these offices and runners. */
export function isStillThere(
  { facts, subject }: Condition,
  { offices, runners }: Pick<Known, 'offices' | 'runners'>,
): boolean {
  if (facts.kind === 'silent' && !runners.has(subject)) return false
  return !('office' in facts) || offices.some(({ id }) => id === facts.office.id)
}

function notReady(office: Office, { watches, latest }: Known): readonly Condition[] {
  const watch = watches.get(office.id)
  const since = watch === undefined ? null : notReadySince(watch)
  if (watch === undefined || since === null) return []
  const failing = failingNow(watch)
  const ruling = latest.get(office.id)?.rulings.find(({ criterion }) => criterion === failing[0])
  return [
    {
      subject: office.id,
      cause: failing.join(' '),
      since,
      facts: {
        kind: 'not-ready',
        office: named(office),
        failing,
        because: ruling?.verdict === 'fail' ? ruling.because : '',
        decided: failing.flatMap((criterion) => decidedBetween(office, criterion, since - DECIDED_MS, since)),
      },
    },
  ]
}

/** Addresses that nobody registered and that were not there before: rules that go by address stop to hold. */
function egressChanged(office: Office, { watches }: Known): readonly Condition[] {
  const { addresses, change } = watches.get(office.id)?.egress ?? { addresses: null, change: null }
  if (!addresses?.value || change === null) return []
  const fresh = addresses.value.filter(
    (address) => !change.from.includes(address) && !anyHolds(office.egress, address.split('/')[0] ?? ''),
  )
  if (fresh.length === 0) return []
  const facts = { kind: 'egress', office: named(office), from: change.from, to: fresh } as const
  return [{ subject: office.id, cause: fresh.join(' '), since: change.at, facts }]
}

function silentRunners({ offices, silent, runners }: Known): readonly Condition[] {
  const all = runners.size > 1 && silent.length === runners.size
  return silent.flatMap(({ id, officeId, name, since }) => {
    const office = offices.find((one) => one.id === officeId)
    return office === undefined
      ? []
      : [
          {
            subject: id,
            cause: 'silent',
            since,
            facts: { kind: 'silent', office: named(office), runner: name, all },
          } as const,
        ]
  })
}

/**
 * New lists with something to be let through from a day that was to come when they were taken, until every office was
 * checked with them. When the day passes meanwhile it is more urgent, not less.
 */
function listChanges({
  offices,
  latest,
  listChanges: changes,
  listVersionFor,
  now,
}: Known): readonly Condition[] {
  const dayOf = (when: number) => new Date(when).toISOString().slice(0, 10)
  return changes.flatMap(({ version, at, sets }) => {
    const dated = sets.filter((one) => needsLetThrough(one) && (one.effectiveOn ?? '') >= dayOf(at))
    const days = dated.flatMap(({ effectiveOn }) => effectiveOn ?? []).toSorted()
    const unchecked = offices.filter(
      (office) => latest.get(office.id)?.listVersion.startsWith(listVersionFor(office)) !== true,
    ).length
    const effectiveOn = days.find((day) => day >= dayOf(now)) ?? days.at(-1)
    if (effectiveOn === undefined || unchecked === 0) return []
    const facts = { kind: 'endpoints', version, sets: dated.length, effectiveOn, unchecked } as const
    return [{ subject: version, cause: version, since: at, facts }]
  })
}

function ownTrouble(known: Known): readonly Condition[] {
  return troublesOf(known).map(({ word, count, since }) => ({
    subject: word,
    cause: word,
    since,
    facts: { kind: 'trouble', word, count },
  }))
}

/** Everything that is wrong with the hub itself. */
export function troublesOf({
  listFreshAt,
  digestsDue,
  own,
  now,
}: Pick<Known, 'listFreshAt' | 'digestsDue' | 'own' | 'now'>): readonly OwnTrouble[] {
  const old = listFreshAt + LIST_OLD_MS
  const late = digestsDue.map((due) => due + DIGEST_LATE_MS).filter((due) => due < now)
  return [
    ...(now > old ? [{ word: 'list-old', count: 1, since: old } as const] : []),
    ...(late.length > 0
      ? [{ word: 'digests-late', count: late.length, since: Math.min(...late) } as const]
      : []),
    ...own,
  ]
}

function named({ id, name }: Office): Pick<Office, 'id' | 'name'> {
  return { id, name }
}
