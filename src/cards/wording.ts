import { FAILURES, type Failure } from '../core/failure.ts'
import type { Offer, Ruling } from '../core/ruling.ts'
import type { RunnerStatus } from '../core/runner.ts'
import { LOCALE, t } from '../core/t.ts'
import { CRITERIA, type CriterionId, type Level, type Readiness, type Verdict } from '../core/verdict.ts'
import { NBSP } from './formats.ts'

export * from './finding-sentences.ts'
export * from './formats.ts'

/** Colours that Adaptive Cards know. Only a glyph has one: yellow words cannot be read on white. */
export type Color = 'Good' | 'Attention' | 'Warning' | 'Accent' | 'Default'

/** A sign beside a word. None has an emoji form, so phones do not swap them. */
export interface Glyph {
  readonly glyph: string
  readonly color: Color
}

const GOOD: Glyph = { glyph: '✓', color: 'Good' }
const BAD: Glyph = { glyph: '✕', color: 'Attention' }
const OPEN: Glyph = { glyph: '?', color: 'Warning' }
const NONE: Glyph = { glyph: '–', color: 'Default' }

/** How cards name the criteria. */
export const CRITERION_TITLES: Readonly<Record<CriterionId, string>> = {
  'local-egress': t`Local egress`,
  'local-dns': t`Local DNS`,
  'nearest-front-door': t`Nearest front door`,
  'no-hairpin': t`No hairpin`,
  'no-proxy-or-inspection': t`No proxy or inspection`,
  'network-ready': t`Network ready`,
  'network-plan': t`Network plan`,
  'endpoint-changes': t`Endpoint changes`,
  'tcp-tuned': t`TCP tuned`,
}

/** The levels that hold where nobody configured another: for rows that have no ruling yet. */
export const USUAL_LEVELS: Readonly<Record<CriterionId, Level>> = {
  'local-egress': 'required',
  'local-dns': 'required',
  'nearest-front-door': 'required',
  'no-hairpin': 'optional',
  'no-proxy-or-inspection': 'optional',
  'network-ready': 'required',
  'network-plan': 'required',
  'endpoint-changes': 'optional',
  'tcp-tuned': 'optional',
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: t`pass`,
  fail: t`fail`,
  unproven: t`unproven`,
  'not-applicable': t`not applicable`,
}

export const VERDICT_GLYPHS: Readonly<Record<Verdict, Glyph>> = {
  pass: GOOD,
  fail: BAD,
  unproven: OPEN,
  'not-applicable': NONE,
}

/** Verdicts from worst to best: the order in which they are counted and chosen. */
export const WORST_FIRST: readonly Verdict[] = ['fail', 'unproven', 'pass', 'not-applicable']

export const READINESS_WORDS: Readonly<Record<Readiness, string>> = {
  ready: t`ready`,
  'not-ready': t`not ready`,
  unproven: t`unproven`,
}

export const READINESS_GLYPHS: Readonly<Record<Readiness, Glyph>> = {
  ready: GOOD,
  'not-ready': BAD,
  unproven: OPEN,
}

/** Styles of a band. They are decoration: newer Teams tints are nearly white. */
export const READINESS_STYLES: Readonly<Record<Readiness, string>> = {
  ready: 'good',
  'not-ready': 'attention',
  unproven: 'warning',
}

export const VERDICT_STYLES: Readonly<Record<Verdict, string>> = {
  pass: 'good',
  fail: 'attention',
  unproven: 'warning',
  'not-applicable': 'emphasis',
}

/** Readiness from worst to best; an office that was never checked stands beside the unproven ones. */
export const READINESS_WORST_FIRST: readonly (Readiness | null)[] = ['not-ready', 'unproven', null, 'ready']

export const PENDING: Readonly<Record<'waiting' | 'measuring', Glyph & { readonly word: string }>> = {
  waiting: { glyph: '○', color: 'Default', word: t`waiting` },
  measuring: { glyph: '◔', color: 'Accent', word: t`measuring` },
}

export const NEVER_CHECKED = { ...NONE, word: t`never checked` }
export const TOO_OLD = { ...OPEN, word: t`too old` }
export const MEASURING = PENDING.measuring

/** Life cycle of a runner, never written as a verdict. */
export const RUNNER_WORDS: Readonly<Record<RunnerStatus, string>> = {
  pending: t`pending`,
  'never-seen': t`never seen`,
  'self-test-failed': t`self-test failed`,
  online: t`online`,
  busy: t`busy`,
  silent: t`silent`,
  outdated: t`outdated`,
  locked: t`locked`,
  revoked: t`revoked`,
  expired: t`expired`,
}

/** Titles of the buttons that a ruling offers. */
export const OFFER_TITLES: Readonly<Record<Offer, string>> = {
  'accept-door': t`Accept this door`,
  'set-target': t`Set target`,
  attest: t`Attest`,
  'register-egress': t`Register egress`,
}

export const CHECK_AGAIN = t`Check again`
export const NEITHER = t`That is neither a pass nor a fail.`

/** First words of the criteria's signals that speak for the office, and against it. */
const GOOD_WORDS = [
  t`near`,
  t`inside`,
  t`local`,
  t`registered`,
  t`bounded`,
  t`direct`,
  t`clean`,
  t`pass`,
  t`attested`,
]
const BAD_WORDS = [
  t`far`,
  t`farther`,
  t`outside`,
  t`security`,
  t`inspected`,
  t`impostor`,
  t`proxy`,
  t`private`,
  t`fail`,
  t`unanswered`,
]

/** The sign for a signal's word; a word that says neither gets the dash. */
export function signalGlyph(word: string): Glyph {
  const first = word.toLowerCase().split(/[^a-z]+/u)[0] ?? ''
  if (GOOD_WORDS.includes(first)) return GOOD
  return BAD_WORDS.includes(first) ? BAD : NONE
}

/** The sentence for a failure word. */
export function failureSentence(failure: Failure): string {
  const text = FAILURES[failure]
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/**
 * Titles in a running sentence: `local DNS`, but `TCP tuned`, and as they are in a language whose nouns begin with a
 * capital. No title breaks over two lines.
 */
export function titleInSentence(criterion: CriterionId): string {
  const title = CRITERION_TITLES[criterion]
  const inside =
    /^[A-Z]{2}/u.test(title) || !LOCALE.startsWith('en')
      ? title
      : `${title.charAt(0).toLowerCase()}${title.slice(1)}`
  return inside.replaceAll(' ', NBSP)
}

/** The label of a section that counts: `Required: 5 of 5 pass`, `Optional: 1 fail, 3 pass`. */
export function countingLabel(name: string, verdicts: readonly Verdict[]): string {
  const counts = WORST_FIRST.map((verdict) => ({
    word: VERDICT_WORDS[verdict],
    count: verdicts.filter((entry) => entry === verdict).length,
  })).filter(({ count }) => count > 0)
  const [only] = counts
  if (only === undefined) return name
  if (counts.length === 1) return t`${name}: ${only.count} of ${verdicts.length} ${only.word}`
  return `${name}: ${counts.map(({ word, count }) => `${count} ${word}`).join(', ')}`
}

/** Rulings from worst to best: fail before unproven, required before optional, then in the order of the criteria. */
export function worstFirst(rulings: readonly Ruling[]): readonly Ruling[] {
  const rank = (ruling: Ruling): number =>
    WORST_FIRST.indexOf(ruling.verdict) * 100 +
    (ruling.level === 'required' ? 0 : 50) +
    CRITERIA.indexOf(ruling.criterion)
  return [...rulings].sort((a, b) => rank(a) - rank(b))
}

/**
 * The criterion that `Why` opens: the worst, so an optional one that fails goes before a required one that is unproven
 * (it is often the cause). Null when nothing fails and nothing is unproven.
 */
export function worstCriterion(rulings: readonly Ruling[]): CriterionId | null {
  const open = rulings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unproven')
  return worstFirst(open)[0]?.criterion ?? null
}
