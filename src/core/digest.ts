import type { ConversationRef, Person } from './chat.ts'
import { type Decided, decidedBetween } from './decided.ts'
import type { Latest } from './latest.ts'
import type { Office } from './office.ts'
import { type CriterionId, isCriterionId, type Readiness, verdictOf } from './verdict.ts'

/** Days of a week as ISO 8601 counts them: Monday is 1, Sunday 7. */
export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7]
export const WORK_DAYS: readonly number[] = [1, 2, 3, 4, 5]

/** When and about what a digest is sent: everything that people choose. */
export interface DigestPlan {
  /** Offices in words, as typed, read anew for each digest: an office that gets a tag later is in. Outside text. */
  readonly selector: string
  /** {@link EVERY_DAY} numbers, in order, at least one. */
  readonly days: readonly number[]
  /** `HH:MM` on the clocks of the zone. */
  readonly time: string
  /** IANA name. */
  readonly timeZone: string
  /** `changes`: one line when nothing changed. `full`: what still fails and has no data is listed each time. */
  readonly mode: 'changes' | 'full'
}

/** A digest that somebody wants in a conversation. */
export interface DigestSchedule {
  readonly id: string
  readonly plan: DigestPlan
  /** Where it is posted, with the thread in which it was asked for. */
  readonly conversation: ConversationRef
  /** It shows the offices that this person may see: they are asked about again at each digest. */
  readonly madeBy: Person
  /** Epoch ms. */
  readonly madeAt: number
}

/** What a digest knew of one office. */
export interface OfficeMemory {
  readonly readiness: Readiness
  /** Required criteria that failed. */
  readonly failing: readonly CriterionId[]
}

/** What the digest before this one said. */
export interface DigestMemory {
  /** When it was made, epoch ms. */
  readonly at: number
  /** By office id. An office without data keeps what was known of it before. */
  readonly offices: Readonly<Record<string, OfficeMemory>>
}

/**
 * How an office stands beside the digest before. `newly-failing`: not ready, and some required criterion fails that did
 * not. `newly-fixed`: ready, and was not. `newly-unproven`: was ready or not ready and is neither now. `still-failing` and
 * `still-unproven`: as before. `no-data`: never judged, or too long ago. `still-ready`: nothing to say.
 */
export type DigestKind =
  | 'newly-failing'
  | 'newly-fixed'
  | 'newly-unproven'
  | 'still-failing'
  | 'still-unproven'
  | 'no-data'
  | 'still-ready'

/** One office in a digest. */
export interface DigestRow {
  readonly office: Pick<Office, 'id' | 'name'>
  readonly kind: DigestKind
  /** Since when it is so, epoch ms; null: it was never judged. */
  readonly since: number | null
  /** When it was last judged, epoch ms; null: never. */
  readonly checkedAt: number | null
  /** Required criteria that fail now and did not at the digest before. */
  readonly fresh: readonly CriterionId[]
  readonly latest: Latest | null
  /** Limits and attestations behind a change that changed since the digest before. */
  readonly decided: readonly Decided[]
}

/** What changed for a set of offices since the digest before. */
export interface Digest {
  /** When the digest before was made, epoch ms; null: this is the first. */
  readonly sinceAt: number | null
  readonly offices: number
  /** Offices that are newly failing, newly fixed or newly unproven. */
  readonly changed: number
  /** In the order in which they are shown: by kind, and those that stand longest so first. */
  readonly rows: readonly DigestRow[]
  /** Offices that are ready and were. */
  readonly unchanged: number
  /** The oldest verdict that this rests on, epoch ms; null: there is none. */
  readonly oldestAt: number | null
  /** What the next one is compared with. */
  readonly memory: DigestMemory
}

/** Kinds that tell of a change. */
export const CHANGES: readonly DigestKind[] = ['newly-failing', 'newly-fixed', 'newly-unproven']

const ORDER: readonly DigestKind[] = [
  'newly-failing',
  'newly-fixed',
  'newly-unproven',
  'still-failing',
  'no-data',
  'still-unproven',
  'still-ready',
]

/** What a digest is made from. */
export interface DigestInput {
  /** Null: there was no digest before. */
  readonly before: DigestMemory | null
  readonly offices: readonly Pick<Office, 'id' | 'name' | 'overrides' | 'attestations'>[]
  readonly latest: readonly Latest[]
  /** Epoch ms. */
  readonly now: number
  /** Verdicts older than this, ms, are no data. */
  readonly tooOldMs: number
}

/** Compares what is known now with what the digest before said; pure. The first digest knows no change. */
export function digestOf({ before, offices, latest, now, tooOldMs }: DigestInput): Digest {
  const byId = new Map(latest.map((entry) => [entry.officeId, entry]))
  const rows = offices.map((office) => {
    const last = byId.get(office.id) ?? null
    const isFresh = last !== null && now - last.at <= tooOldMs
    const known = before?.offices[office.id] ?? null
    const row = rowOf({ id: office.id, name: office.name }, last, isFresh, known)
    return { ...row, decided: before === null ? [] : decidedBehind(row, known, office, before.at) }
  })
  const judged = rows.flatMap(({ kind, checkedAt }) =>
    kind === 'no-data' || checkedAt === null ? [] : [checkedAt],
  )
  return {
    sinceAt: before?.at ?? null,
    offices: rows.length,
    changed: rows.filter(({ kind }) => CHANGES.includes(kind)).length,
    rows: rows.filter(({ kind }) => kind !== 'still-ready').toSorted(inOrder),
    unchanged: rows.filter(({ kind }) => kind === 'still-ready').length,
    oldestAt: judged.length === 0 ? null : Math.min(...judged),
    memory: { at: now, offices: remembered(rows, before) },
  }
}

/** Who changed what it is judged by, where that may be why it changed. */
function decidedBehind(
  { kind, latest, fresh }: Omit<DigestRow, 'decided'>,
  before: OfficeMemory | null,
  office: DigestInput['offices'][number],
  since: number,
): readonly Decided[] {
  if (latest === null || !CHANGES.includes(kind)) return []
  const turned: Readonly<Partial<Record<DigestKind, readonly CriterionId[]>>> = {
    'newly-failing': fresh,
    'newly-fixed': latest.rulings.map(({ criterion }) => criterion),
    'newly-unproven': latest.rulings.flatMap(({ criterion, verdict }) =>
      verdict === 'unproven' || before?.failing.includes(criterion) ? [criterion] : [],
    ),
  }
  return (turned[kind] ?? []).flatMap((criterion) => decidedBetween(office, criterion, since, latest.at))
}

function rowOf(
  office: DigestRow['office'],
  latest: Latest | null,
  isFresh: boolean,
  before: OfficeMemory | null,
): Omit<DigestRow, 'decided'> {
  const row = { office, latest, since: latest?.since ?? null, checkedAt: latest?.at ?? null, fresh: [] }
  if (latest === null || !isFresh) return { ...row, kind: 'no-data', since: latest?.at ?? null }
  switch (latest.readiness) {
    case 'not-ready': {
      const fresh =
        before === null ? [] : failingOf(latest).filter((criterion) => !before.failing.includes(criterion))
      const isNew = before !== null && (before.readiness !== 'not-ready' || fresh.length > 0)
      return { ...row, kind: isNew ? 'newly-failing' : 'still-failing', fresh }
    }
    case 'unproven': {
      const isNew = before !== null && before.readiness !== 'unproven'
      return { ...row, kind: isNew ? 'newly-unproven' : 'still-unproven' }
    }
    case 'ready': {
      const isNew = before !== null && before.readiness !== 'ready'
      return { ...row, kind: isNew ? 'newly-fixed' : 'still-ready' }
    }
  }
}

/** Required criteria that fail, of the rulings; of the letters where the rulings are not at hand. */
function failingOf({ rulings, verdicts, criteria }: Latest): readonly CriterionId[] {
  if (rulings.length > 0) {
    return rulings
      .filter(({ level, verdict }) => level === 'required' && verdict === 'fail')
      .map(({ criterion }) => criterion)
  }
  return criteria.flatMap(({ id }, at) =>
    isCriterionId(id) && verdictOf(verdicts[at] ?? '') === 'fail' ? [id] : [],
  )
}

function inOrder(a: DigestRow, b: DigestRow): number {
  return (
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    // What was never judged has been without data for longest.
    (a.since ?? 0) - (b.since ?? 0) ||
    (a.office.name < b.office.name ? -1 : a.office.name > b.office.name ? 1 : 0)
  )
}

function remembered(rows: readonly DigestRow[], before: DigestMemory | null): DigestMemory['offices'] {
  const entries = rows.flatMap(({ office, kind, latest }): readonly [string, OfficeMemory][] => {
    const known = before?.offices[office.id]
    if (kind === 'no-data' || latest === null) return known ? [[office.id, known]] : []
    return [[office.id, { readiness: latest.readiness, failing: failingOf(latest) }]]
  })
  return Object.fromEntries(entries)
}
