import type { Verb } from '../core/authority.ts'

/** What somebody who pressed a button reads at once. */
export const BELOW = 'See the answer below.'
export const IN_PLACE = 'Done: see the card.'
export const IN_PLACE_REFUSED = 'Nothing was changed: see the card.'

/** The same, by what the button does. */
export const TOASTS: Readonly<Record<Verb, string>> = {
  check: 'The check has begun.',
  status: 'See the status below.',
  why: 'See the evidence below.',
  offices: 'See the offices below.',
  help: 'See the help below.',
  about: 'See below.',
  me: BELOW,
  forget: BELOW,
  history: 'See the history below.',
  compare: 'See the comparison below.',
  evidence: 'See the evidence below.',
  'what-if': BELOW,
  endpoints: 'See the endpoint list below.',
  runners: 'See the runners below.',
  digest: BELOW,
  alert: BELOW,
  freeze: BELOW,
  cancel: 'The check is being stopped.',
  'edit-office': BELOW,
  'export-offices': BELOW,
  limit: BELOW,
  attest: BELOW,
  'add-runner': BELOW,
  role: BELOW,
  audit: BELOW,
  'count-self-checks': BELOW,
}
