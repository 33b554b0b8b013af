import { aboutCard } from '../cards/about-card.ts'
import { t } from '../core/t.ts'
import type { Command } from './command.ts'

/** `about`: which version this is; who may look at offices sees how the hub itself is doing. */
export const about: Command<null> = {
  name: 'about',
  forms: ['about'],
  summary: t`Says what Doorstep is, its version, and how it is doing itself.`,
  examples: [{ say: 'about', get: t`version and own health` }],
  group: 'Help',
  verb: 'about',
  card: 'about',
  read({ folded }) {
    return folded.join(' ') === 'about' ? { kind: 'args', args: null } : { kind: 'not-mine' }
  },
  async handle(_args, context) {
    const facts = await context.about()
    const maySee = context.may('status', null).ok || context.mayForSome('status')
    const card = aboutCard({
      version: facts.version,
      ...(maySee ? { health: facts } : {}),
      at: context.now,
      timeZone: context.timeZone,
      buttons: [await context.offer(t`Help`, 'help', 'help')],
    })
    return { kind: 'card', card }
  },
}
