import { runnerCodeCard } from '../cards/runners-card.ts'
import { t } from '../core/t.ts'
import type { Command } from './command.ts'
import { notAllowed, officeOr, personalOnly } from './refusals.ts'
import { restOf } from './words.ts'

/** `runner add Seattle`: a one-time code for a new runner, and what to do with it. In a personal chat alone. */
export const runnerAdd: Command<{ readonly typed: string }> = {
  name: 'runner add',
  forms: ['runner add <office>'],
  summary: t`Makes a one-time code with which a new runner joins an office. In a personal chat only.`,
  examples: [{ say: 'runner add Seattle', get: t`a code, and the two lines to type on the machine` }],
  group: 'Offices',
  verb: 'add-runner',
  card: 'form',
  read(words) {
    if (words.folded[0] !== 'runner' || words.folded[1] !== 'add') return { kind: 'not-mine' }
    const typed = restOf(words, words.folded[2] === 'office' ? 3 : 2)
    return typed === ''
      ? { kind: 'misread', hint: t`Name the office, for example: runner add Seattle` }
      : { kind: 'args', args: { typed } }
  },
  async handle({ typed }, context) {
    const found = await officeOr(typed, await context.offices(), context, {
      verb: 'add-runner',
      nothing: t`No code was made.`,
      title: (name) => t`Add to ${name}`,
      command: (name) => `runner add office ${name}`,
    })
    if ('answer' in found) return found.answer
    const { office } = found
    const allowed = context.may('add-runner', office)
    if (!allowed.ok) return notAllowed(allowed)
    // Asked before the code is made: one that nobody may see would only lie in the store.
    const elsewhere = personalOnly(context, t`A one-time code`)
    if (elsewhere !== null) return elsewhere
    const card = runnerCodeCard({
      ...(await context.newEnrolmentCode(office.id)),
      office: office.name,
      timeZone: context.timeZone,
      buttons: [
        await context.offer(t`Is it there?`, 'runners', `runners office ${office.name}`, { onlyMe: true }),
      ],
    })
    return { kind: 'card', card }
  },
}
