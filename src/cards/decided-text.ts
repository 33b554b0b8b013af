import type { Decided } from '../core/decided.ts'
import { OVERRIDABLE } from '../core/overridable.ts'
import { outside } from './text.ts'
import { CRITERION_TITLES, momentText } from './wording.ts'

/** Who changed a limit or an attestation shortly before. */
export function decidedText({ what, criterion, by, value, at }: Decided, timeZone: string): string {
  const when = momentText(at, timeZone)
  const limit = `the limit of ${CRITERION_TITLES[criterion]}${
    value === undefined ? '' : ` of ${value} ${OVERRIDABLE[criterion] ?? ''}`.trimEnd()
  }`
  switch (what) {
    case 'limit-set':
      return `${outside(by)} set ${limit} on ${when}.`
    case 'limit-ended':
      return `On ${when} ${limit} ended, which ${outside(by)} had set.`
    case 'attested':
      return `${outside(by)} vouched for ${CRITERION_TITLES[criterion]} on ${when}.`
    case 'attestation-ended':
      return `On ${when} ended what ${outside(by)} vouched for: ${CRITERION_TITLES[criterion]}.`
  }
}
