import { formCard } from '../cards/form-card.ts'
import { countText } from '../cards/formats.ts'
import { t } from '../core/t.ts'
import type { Command } from './command.ts'

/** `forget my checks`: removes every self-check of the person, at once and for good. */
export const forget: Command<null> = {
  name: 'forget',
  forms: ['forget my checks'],
  summary: t`Removes all your self-checks at once, also from their cards. Checks of offices stay.`,
  examples: [{ say: 'forget my checks', get: t`your self-checks are gone` }],
  group: 'Check',
  verb: 'forget',
  card: 'form',
  read({ folded }) {
    if (folded[0] !== 'forget') return { kind: 'not-mine' }
    return /^forget( all)? my (self-?)?checks?$/.test(folded.join(' '))
      ? { kind: 'args', args: null }
      : { kind: 'misread', hint: t`Say forget my checks: that is all that can be forgotten` }
  },
  async handle(_args, context) {
    const count = await context.selfChecks.forget()
    const card = formCard({
      title: count === 0 ? t`There was nothing to forget` : t`Your self-checks are forgotten`,
      lead:
        count === 0
          ? t`No self-check of yours is kept.`
          : t`${countText(count, 'self-check')} removed, with links that were not used yet. The audit still says that you asked.`,
      buttons: [await context.offer(t`Check my connection`, 'me', 'me', { onlyMe: true })],
    })
    return { kind: 'card', card }
  },
}
