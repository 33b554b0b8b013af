import { outside } from '../../cards/text.ts'
import { CRITERION_TITLES } from '../../cards/wording.ts'
import { LIMIT_MOST, OVERRIDABLE } from '../../core/overridable.ts'
import { t } from '../../core/t.ts'
import { CRITERIA, type CriterionId } from '../../core/verdict.ts'
import { fold } from '../words.ts'

/** A limit as a person reads it, e.g. `300 km`. */
export function limitText(criterion: CriterionId, value: number): string {
  return `${value} ${OVERRIDABLE[criterion] ?? ''}`.trim()
}

/** The limits that can be set, for sentences: `local-egress (km), ...`. */
export function settableText(): string {
  return CRITERIA.flatMap((id) => (OVERRIDABLE[id] === undefined ? [] : [`${id} (${OVERRIDABLE[id]})`])).join(
    ', ',
  )
}

/** Reads a limit in the criterion's own unit, with it or without; a sentence where it is none. */
export function readLimit(criterion: CriterionId, text: string): number | { readonly problem: string } {
  const unit = OVERRIDABLE[criterion]
  if (unit === undefined) {
    const problem = t`${CRITERION_TITLES[criterion]} has no limit in numbers. These have one: ${settableText()}.`
    return { problem }
  }
  const typed = fold(text).trim()
  const [, digits = '', named = ''] = /^(\d{1,6}(?:\.\d{1,3})?)\s*(\p{L}*)$/u.exec(typed) ?? []
  if (digits === '') {
    return {
      problem:
        text === ''
          ? t`Say which limit, in ${unit}, for example ${example(unit)}.`
          : t`${outside(text)} is no limit I know. Write it in ${unit}, for example ${example(unit)}.`,
    }
  }
  if (named !== '' && named !== unit) {
    return {
      problem: t`This limit is in ${unit}, not in ${outside(named)}. Write ${example(unit)}, for example.`,
    }
  }
  const value = Number(digits)
  return value > 0 && value <= LIMIT_MOST[unit]
    ? value
    : { problem: t`The limit must be above 0 and at most ${LIMIT_MOST[unit]} ${unit}.` }
}

function example(unit: 'km' | 'ms'): string {
  return unit === 'km' ? '300 km' : '25 ms'
}

/** The criterion that words name from `from` on, by its id or title; the longest wins. `words`: how many they are. */
export function criterionAt(
  folded: readonly string[],
  from: number,
): { readonly criterion: CriterionId; readonly words: number } | null {
  const found = CRITERIA.flatMap((criterion) =>
    [criterion, fold(CRITERION_TITLES[criterion])].flatMap((name) => {
      const parts = name.split(/[\s-]+/u)
      const said = folded.slice(from, from + parts.length)
      if (folded[from] === name) return [{ criterion, words: 1 }]
      return said.join(' ') === parts.join(' ') ? [{ criterion, words: parts.length }] : []
    }),
  )
  return found.sort((a, b) => b.words - a.words)[0] ?? null
}
