import { formCard } from '../cards/form-card.ts'
import { momentText, zoneText } from '../cards/formats.ts'
import { outside } from '../cards/text.ts'
import type { Command } from './command.ts'
import { notAllowed, officeOr, personalOnly } from './refusals.ts'
import { restOf } from './words.ts'

/** `runner add Seattle`: a one-time code for a new runner, and what to do with it. In a personal chat alone. */
export const runnerAdd: Command<{ readonly typed: string }> = {
  name: 'runner add',
  forms: ['runner add <office>'],
  summary: 'Makes a one-time code with which a new runner joins an office. In a personal chat only.',
  examples: [{ say: 'runner add Seattle', get: 'a code, and the two lines to type on the machine' }],
  group: 'Offices',
  verb: 'add-runner',
  card: 'form',
  read(words) {
    if (words.folded[0] !== 'runner' || words.folded[1] !== 'add') return { kind: 'not-mine' }
    const typed = restOf(words, words.folded[2] === 'office' ? 3 : 2)
    return typed === ''
      ? { kind: 'misread', hint: 'Name the office, for example: runner add Seattle' }
      : { kind: 'args', args: { typed } }
  },
  async handle({ typed }, context) {
    const found = await officeOr(typed, await context.offices(), context, {
      verb: 'add-runner',
      nothing: 'No code was made.',
      title: (name) => `Add to ${name}`,
      command: (name) => `runner add office ${name}`,
    })
    if ('answer' in found) return found.answer
    const { office } = found
    const allowed = context.may('add-runner', office)
    if (!allowed.ok) return notAllowed(allowed)
    // Asked before the code is made: one that nobody may see would only lie in the store.
    const elsewhere = personalOnly(context, 'A one-time code')
    if (elsewhere !== null) return elsewhere
    const { code, expiresAt, hub } = await context.newEnrolmentCode(office.id)
    const card = formCard({
      title: `A new runner for ${outside(office.name)}`,
      lead: 'Copy the runner to a machine in the office that has Node, then type these two lines there.',
      facts: [
        {
          label: 'Good until',
          value: `${momentText(expiresAt, context.timeZone)}, ${zoneText(context.timeZone)}; once`,
        },
        { label: 'Who has it', value: 'can join as a runner of this office: keep it to yourself' },
      ],
      fields: [
        { id: 'code', label: 'One-time code', kind: 'copy', value: code },
        {
          id: 'lines',
          label: 'On the machine',
          kind: 'copy',
          value: `node runner.mjs enroll --hub ${hub}\nnode runner.mjs run`,
        },
      ],
      foot: ['the first line asks for the code'],
      buttons: [
        await context.offer('Is it there?', 'runners', `runners office ${office.name}`, { onlyMe: true }),
      ],
    })
    return { kind: 'card', card }
  },
}
