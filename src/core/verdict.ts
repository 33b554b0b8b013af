/** What a criterion says about one check. Nothing measured, or evidence that disagrees, is `unproven`, never `pass`. */
export type Verdict = 'pass' | 'fail' | 'unproven' | 'not-applicable'

/** What an office is: see {@link readinessOf}. */
export type Readiness = 'ready' | 'not-ready' | 'unproven'

/** The exit criteria, in the order in which they are shown and stored. The order is part of the storage format. */
export const CRITERIA = [
  'local-egress',
  'local-dns',
  'nearest-front-door',
  'no-hairpin',
  'no-proxy-or-inspection',
  'network-ready',
  'network-plan',
  'endpoint-changes',
  'tcp-tuned',
] as const

/** The id of an exit criterion. */
export type CriterionId = (typeof CRITERIA)[number]

/** Required criteria decide readiness; optional ones are shown beside it. Levels are Microsoft's. */
export type Level = 'required' | 'optional'

const LETTERS: Readonly<Record<Verdict, string>> = {
  pass: 'p',
  fail: 'f',
  unproven: 'u',
  'not-applicable': 'n',
}

/** One stored letter per verdict: p f u n. */
export function letterOf(verdict: Verdict): string {
  return LETTERS[verdict]
}

/** The verdict of a stored letter; `unproven` for a letter from a newer version. */
export function verdictOf(letter: string): Verdict {
  const found = (Object.keys(LETTERS) as Verdict[]).find((verdict) => LETTERS[verdict] === letter)
  return found ?? 'unproven'
}

/** Reports whether a text is the id of an exit criterion. */
export function isCriterionId(text: string): text is CriterionId {
  return (CRITERIA as readonly string[]).includes(text)
}

/**
 * The readiness of an office: not-ready when one required criterion fails, ready when every one passes or is not
 * applicable, else unproven. No required ruling at all is unproven.
 */
export function readinessOf(rulings: readonly { level: Level; verdict: Verdict }[]): Readiness {
  const required = rulings.filter((ruling) => ruling.level === 'required')
  if (required.some((ruling) => ruling.verdict === 'fail')) return 'not-ready'
  const settled = required.every((ruling) => ruling.verdict === 'pass' || ruling.verdict === 'not-applicable')
  return settled && required.length > 0 ? 'ready' : 'unproven'
}
