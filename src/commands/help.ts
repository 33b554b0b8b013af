import { commandHelpCard, helpCard } from '../cards/help-card.ts'
import { t } from '../core/t.ts'
import type { AnyCommand, Command, CommandContext } from './command.ts'
import { misread } from './refusals.ts'

const GROUPS = ['Check', 'Look', 'Offices', 'People', 'Help'] as const

const GROUP_TITLES: Readonly<Record<(typeof GROUPS)[number], string>> = {
  Check: t`Check`,
  Look: t`Look`,
  Offices: t`Offices`,
  People: t`People`,
  Help: t`Help`,
}

/** `help`, `help check`: generated from the commands, only what the person may do. */
export const help: Command<{ readonly about: string | null }> = {
  name: 'help',
  forms: ['help', 'help <command>'],
  summary: t`Says what you may do here, with examples that work.`,
  examples: [
    { say: 'help', get: t`what you may do here` },
    { say: 'help check', get: t`one command, with examples` },
  ],
  group: 'Help',
  verb: 'help',
  card: 'help',
  read({ folded }) {
    if (folded[0] !== 'help' && folded.join(' ') !== 'hello' && folded.join(' ') !== 'hi')
      return { kind: 'not-mine' }
    return { kind: 'args', args: { about: folded[0] === 'help' ? folded.slice(1).join(' ') || null : null } }
  },
  async handle({ about }, context) {
    const mine = context.commands().filter((command) => mayUse(command, context))
    if (about === null) return { kind: 'card', card: overview(mine, context) }
    const command = context.commands().find(({ name }) => name === about || about.startsWith(`${name} `))
    if (!command) return misread(t`There is no such command. Say help to see all of them.`, context)
    const card = commandHelpCard({
      name: command.name,
      does: command.summary,
      forms: command.forms,
      examples: command.examples,
      foot: mayUse(command, context) ? [] : [t`You may not use it here`],
    })
    return { kind: 'card', card }
  },
}

/** For some offices is enough: what is listed works for somebody who may check #emea alone. */
function mayUse({ verb }: AnyCommand, context: CommandContext): boolean {
  return context.may(verb, null).ok || context.mayForSome(verb)
}

function overview(mine: readonly AnyCommand[], context: CommandContext) {
  return helpCard({
    groups: GROUPS.map((name) => ({
      heading: GROUP_TITLES[name],
      lines: mine.filter(({ group }) => group === name).flatMap(({ examples }) => examples),
    })).filter(({ lines }) => lines.length > 0),
    foot: [
      t`You are ${context.role === 'operator' || context.role === 'admin' ? 'an' : 'a'} ${context.role} here`,
    ],
  })
}
