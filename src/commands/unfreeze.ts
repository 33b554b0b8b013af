import { formCard } from '../cards/form-card.ts'
import { outside } from '../cards/text.ts'
import { t } from '../core/t.ts'
import type { Command } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { restOf } from './words.ts'

/** `unfreeze Seattle`: alerts of an office are on again. */
export const unfreeze: Command<{ readonly typed: string }> = {
  name: 'unfreeze',
  forms: ['unfreeze <office>'],
  summary: t`Takes a freeze back before its time.`,
  examples: [{ say: 'unfreeze Seattle', get: t`its alerts again` }],
  group: 'Look',
  verb: 'freeze',
  card: 'form',
  read(words) {
    if (words.folded[0] !== 'unfreeze') return { kind: 'not-mine' }
    const typed = restOf(words, words.folded[1] === 'office' ? 2 : 1)
    return typed === ''
      ? { kind: 'misread', hint: t`Say unfreeze and an office; freeze list shows which are frozen` }
      : { kind: 'args', args: { typed } }
  },
  async handle({ typed }, context) {
    const found = await officeOr(typed, await context.offices(), context, {
      verb: 'freeze',
      nothing: t`Nothing was changed.`,
      title: (name) => name,
      command: (name) => `unfreeze ${name}`,
    })
    if ('answer' in found) return found.answer
    const { office } = found
    const allowed = context.may('freeze', office)
    if (!allowed.ok) return notAllowed(allowed)
    const gone = await context.alerts.unfreeze(office.id)
    const name = outside(office.name)
    const card = formCard({
      title: gone ? t`${name} is no longer frozen` : t`${name} is not frozen`,
      lead: gone ? t`Its alerts are on again.` : t`Nothing was changed: its alerts are on.`,
      foot: gone ? [t`by ${outside(context.person.name)}`] : [],
      buttons: [await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`)],
    })
    return { kind: 'card', card, inPlace: gone }
  },
}
