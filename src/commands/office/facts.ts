import { t } from '../../core/t.ts'

/** A line of a dry run. */
export interface Fact {
  readonly label: string
  readonly value: string
}

/** Rows of the dry run's lists: the card counts the rest. */
const SHOWN_MAX = 12

/** The first of a list as lines, and a line that counts the rest. */
export function some<T>(all: readonly T[], factOf: (one: T) => Fact): readonly Fact[] {
  const facts = all.slice(0, SHOWN_MAX).map(factOf)
  const rest = all.length - facts.length
  return rest > 0 ? [...facts, { label: facts[0]?.label ?? '', value: t`and ${rest} more` }] : facts
}
