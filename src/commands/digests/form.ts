import { type FormField, formCard } from '../../cards/form-card.ts'
import { WEEKDAYS } from '../../cards/wording.ts'
import type { DigestPlan } from '../../core/digest.ts'
import { EVERY_DAY, WORK_DAYS } from '../../core/digest.ts'
import { t } from '../../core/t.ts'
import type { Answer, CommandContext } from '../command.ts'
import { FIELD_CHARS, officesField, zoneField } from '../plan-fields.ts'
import { fold } from '../words.ts'
import type { PlanSaid } from './read-plan.ts'

/** What asks for a digest, with what was said so far and what was wrong with it. `id`: the schedule to be changed. */
export async function planForm(
  said: PlanSaid,
  problems: readonly string[],
  id: string | null,
  context: CommandContext,
): Promise<Answer> {
  const mode = fold(said.mode) === 'full' ? 'full' : 'changes'
  const fields: readonly FormField[] = [
    officesField(said.which),
    {
      id: 'days',
      label: t`Days`,
      kind: 'text',
      value: said.days,
      placeholder: t`daily, weekdays or mon, thu`,
      required: true,
      maxLength: FIELD_CHARS,
    },
    {
      id: 'time',
      label: t`Time`,
      kind: 'text',
      value: said.time,
      placeholder: '08:00',
      required: true,
      maxLength: FIELD_CHARS,
    },
    zoneField(said.zone, context.timeZone),
    {
      id: 'mode',
      label: t`What it tells`,
      kind: 'choice',
      value: mode,
      choices: [
        { title: t`One line when nothing changed`, value: 'changes' },
        { title: t`Everything each time`, value: 'full' },
      ],
    },
  ]
  const submit =
    id === null
      ? await context.offer(t`Schedule`, 'digest', 'digest set')
      : await context.offer(t`Change`, 'digest', 'digest set', { keep: id })
  const card = formCard({
    title: id === null ? t`A digest for this conversation` : t`Change this digest`,
    lead: t`It tells what changed since the one before. Offices are checked shortly before.`,
    problems,
    fields,
    buttons: [
      submit,
      ...(id === null
        ? []
        : [await context.offer(t`Stop`, 'digest', 'digest stop', { keep: id, uses: 'once' })]),
    ],
  })
  // A first form must not take the place of the digest whose button was pressed.
  return { kind: 'card', card, ...(problems.length > 0 ? { inPlace: true, refused: true } : {}) }
}

/** A plan as its form shows it. */
export function saidOf({ selector, days, time, timeZone, mode }: DigestPlan): PlanSaid {
  const are = (some: readonly number[]) =>
    some.length === days.length && some.every((day) => days.includes(day))
  const names = days.map((day) => WEEKDAYS[day - 1] ?? '').join(', ')
  return {
    which: selector,
    days: are(EVERY_DAY) ? 'daily' : are(WORK_DAYS) ? 'weekdays' : names,
    time,
    zone: timeZone,
    mode,
  }
}
