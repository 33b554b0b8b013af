import { type FormField, formCard } from '../../cards/form-card.ts'
import { ALERT_KINDS, type AlertPlan } from '../../core/alert.ts'
import { t } from '../../core/t.ts'
import type { Answer, CommandContext } from '../command.ts'
import { FIELD_CHARS, officesField, zoneField } from '../plan-fields.ts'
import type { AlertSaid } from './read-plan.ts'

/** What asks for alerts, with what was said so far and what was wrong with it. `id`: the order to be changed. */
export async function alertForm(
  said: AlertSaid,
  problems: readonly string[],
  id: string | null,
  context: CommandContext,
): Promise<Answer> {
  const fields: readonly FormField[] = [
    officesField(said.which),
    {
      id: 'kinds',
      label: t`About`,
      kind: 'text',
      value: said.kinds === '' ? 'everything' : said.kinds,
      placeholder: ALERT_KINDS.join(', '),
      required: true,
      maxLength: FIELD_CHARS,
    },
    {
      id: 'quiet',
      label: t`Quiet hours`,
      kind: 'text',
      value: said.quiet,
      placeholder: t`22:00-07:00, or nothing`,
      maxLength: FIELD_CHARS,
    },
    zoneField(said.zone, context.timeZone),
  ]
  const submit =
    id === null
      ? await context.offer(t`Alert me here`, 'alert', 'alert set')
      : await context.offer(t`Change`, 'alert', 'alert set', { keep: id })
  const stop =
    id === null ? [] : [await context.offer(t`Stop`, 'alert', 'alert stop', { keep: id, uses: 'once' })]
  const card = formCard({
    title: id === null ? t`Alerts for this conversation` : t`Change these alerts`,
    lead: t`About everything, or some of ${ALERT_KINDS.join(', ')}. Offices are checked now and then for it.`,
    problems,
    fields,
    buttons: [submit, ...stop],
  })
  // A first form must not take the place of the alert whose button was pressed.
  return { kind: 'card', card, ...(problems.length > 0 ? { inPlace: true, refused: true } : {}) }
}

/** A plan as its form shows it. */
export function alertSaidOf({ selector, kinds, quiet, timeZone }: AlertPlan): AlertSaid {
  return {
    which: selector,
    kinds: kinds.length === ALERT_KINDS.length ? 'everything' : kinds.join(', '),
    quiet: quiet === null ? '' : `${quiet.from}-${quiet.to}`,
    zone: timeZone,
  }
}
