import { t } from '../core/t.ts'
import type { Readiness } from '../core/verdict.ts'
import { READINESS_WORDS, READINESS_WORST_FIRST } from './wording.ts'

/** How many offices stand how, worst first: `1 not ready, 2 unproven and 2 ready.` */
export function readinessCounts(offices: readonly { readonly readiness: Readiness | null }[]): string {
  const counts = READINESS_WORST_FIRST.flatMap((readiness) => {
    const count = offices.filter((office) => office.readiness === readiness).length
    return count === 0
      ? []
      : [`${count} ${readiness === null ? t`never checked` : READINESS_WORDS[readiness]}`]
  })
  return counts.length === 0 ? t`Nothing to show.` : `${counts.join(', ')}.`
}
