import { formCard } from '../cards/form-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'

/** `dashboard`: one card per channel or chat that changes by itself; `dashboard stop` ends that. */
export const dashboard: Command<'pin' | 'stop'> = {
  name: 'dashboard',
  forms: ['dashboard', 'dashboard stop'],
  summary: t`Puts a card here that shows all offices and changes by itself after every check.`,
  examples: [
    { say: 'dashboard', get: t`all offices, worst first, kept up to date` },
    { say: 'dashboard stop', get: t`the card here says that it has ended, and changes no more` },
  ],
  group: 'Look',
  verb: 'status',
  card: 'dashboard',
  read({ folded }) {
    const said = folded.join(' ')
    if (said === 'dashboard' || said === 'pin dashboard') return { kind: 'args', args: 'pin' }
    if (said === 'dashboard stop') return { kind: 'args', args: 'stop' }
    return folded[0] === 'dashboard'
      ? { kind: 'misread', hint: t`Say dashboard, or dashboard stop` }
      : { kind: 'not-mine' }
  },
  async handle(args, context) {
    return args === 'pin' ? { kind: 'dashboard' } : stop(context)
  },
}

async function stop(context: CommandContext): Promise<Answer> {
  const again = await context.offer(t`New dashboard`, 'status', 'dashboard')
  if (!(await context.endDashboard())) {
    const card = refusalCard({
      happened: t`There is no dashboard here`,
      why: t`Nothing was changed.`,
      buttons: [again],
    })
    return { kind: 'card', card, refused: true }
  }
  const card = formCard({
    title: t`The dashboard here has ended`,
    lead: t`Its card says so and changes no more.`,
    foot: [t`by ${outside(context.person.name)}`],
    buttons: [again],
  })
  return { kind: 'card', card }
}
