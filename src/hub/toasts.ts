import type { Verb } from '../core/authority.ts'
import { t } from '../core/t.ts'

/** What somebody who pressed a button reads at once. */
export const BELOW = t`See the answer below.`
export const IN_PLACE = t`Done: see the card.`
export const IN_PLACE_REFUSED = t`Nothing was changed: see the card.`

/** The same, by what the button does. */
export const TOASTS: Readonly<Record<Verb, string>> = {
  check: t`The check has begun.`,
  status: t`See the status below.`,
  why: t`See the evidence below.`,
  offices: t`See the offices below.`,
  help: t`See the help below.`,
  about: t`See below.`,
  me: BELOW,
  forget: BELOW,
  history: t`See the history below.`,
  compare: t`See the comparison below.`,
  evidence: t`See the evidence below.`,
  'what-if': BELOW,
  endpoints: t`See the endpoint list below.`,
  runners: t`See the runners below.`,
  digest: BELOW,
  alert: BELOW,
  freeze: BELOW,
  cancel: t`The check is being stopped.`,
  'edit-office': BELOW,
  'export-offices': BELOW,
  limit: BELOW,
  attest: BELOW,
  'add-runner': BELOW,
  role: BELOW,
  audit: BELOW,
  'count-self-checks': BELOW,
}
