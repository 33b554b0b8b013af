import type { Command } from './command.ts'

/** `dashboard`: one card per channel or chat that changes by itself. */
export const dashboard: Command<null> = {
  name: 'dashboard',
  forms: ['dashboard'],
  summary: 'Puts a card here that shows all offices and changes by itself after every check.',
  examples: [{ say: 'dashboard', get: 'all offices, worst first, kept up to date' }],
  group: 'Look',
  verb: 'status',
  card: 'dashboard',
  read({ folded }) {
    if (folded.join(' ') !== 'dashboard' && folded.join(' ') !== 'pin dashboard') return { kind: 'not-mine' }
    return { kind: 'args', args: null }
  },
  async handle() {
    return { kind: 'dashboard' }
  },
}
