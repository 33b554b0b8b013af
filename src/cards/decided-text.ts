import type { Decided } from '../core/decided.ts'
import { OVERRIDABLE } from '../core/overridable.ts'
import { t } from '../core/t.ts'
import { outside } from './text.ts'
import { CRITERION_TITLES, momentText } from './wording.ts'

/** Who changed a limit or an attestation shortly before. */
export function decidedText({ what, criterion, by, value, at }: Decided, timeZone: string): string {
  const when = momentText(at, timeZone)
  const limit = t`the limit of ${CRITERION_TITLES[criterion]}${
    value === undefined ? '' : t` of ${value} ${OVERRIDABLE[criterion] ?? ''}`.trimEnd()
  }`
  switch (what) {
    case 'limit-set':
      return t`${outside(by)} set ${limit} on ${when}.`
    case 'limit-ended':
      return t`On ${when} ${limit} ended, which ${outside(by)} had set.`
    case 'attested':
      return t`${outside(by)} vouched for ${CRITERION_TITLES[criterion]} on ${when}.`
    case 'attestation-ended':
      return t`On ${when} ended what ${outside(by)} vouched for: ${CRITERION_TITLES[criterion]}.`
  }
}
