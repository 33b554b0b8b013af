import type { FormField } from '../cards/form-card.ts'
import { t } from '../core/t.ts'

/** Characters of a field: a command has 200, and none of them needs more. */
export const FIELD_CHARS = 200

/** Which offices, in the words that commands take; nothing said is all of them. */
export function officesField(said: string): FormField {
  return {
    id: 'which',
    label: t`Offices`,
    kind: 'text',
    value: said === '' ? 'all' : said,
    placeholder: t`all, #emea or a name`,
    required: true,
    maxLength: FIELD_CHARS,
  }
}

/** On whose clocks; nothing said is the speaker's own zone. */
export function zoneField(said: string, localZone: string): FormField {
  return {
    id: 'zone',
    label: t`Time zone`,
    kind: 'text',
    value: said === '' ? localZone : said,
    placeholder: t`Europe/London`,
    required: true,
    maxLength: FIELD_CHARS,
  }
}
