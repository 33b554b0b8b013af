import { refusalCard } from '../cards/refusal-card.ts'
import { OFFICE_VERBS, type Permission, type Verb } from '../core/authority.ts'
import { t } from '../core/t.ts'
import { type Answer, type AnyCommand, type CommandContext, type Extras, NO_EXTRAS } from './command.ts'
import { slipsBetween } from './match-office.ts'
import { notAllowed } from './not-allowed.ts'
import { misread } from './refusals.ts'
import { fold, MAX_COMMAND_LENGTH, readWords } from './words.ts'

/** An answer, with what was asked, for the audit. */
export interface Answered {
  readonly answer: Answer
  readonly verb: Verb | null
}

/** Reads a message and answers it: the one way in for what was typed and for what a button stands for. */
export async function answerText(
  text: string,
  context: CommandContext,
  beside: Partial<Extras> = {},
): Promise<Answered> {
  // Help is for everybody who may be here at all.
  const door = context.may('help', null)
  if (!door.ok) return { answer: notAllowed(door), verb: null }
  const { first, lines } = linesOf(text, context.commands())
  const extras = { ...NO_EXTRAS, ...beside, lines }
  const read = readWords(first)
  if (read.kind === 'too-long') {
    const card = refusalCard({
      happened: t`That is too long for me`,
      why: t`A command has ${MAX_COMMAND_LENGTH} characters at most. Nothing was done.`,
      buttons: [await context.offer(t`Help`, 'help', 'help')],
    })
    return { answer: { kind: 'card', card, refused: true }, verb: null }
  }
  if (read.kind === 'empty') return answerText('help', context)
  for (const command of context.commands()) {
    const taken = command.take(read.words, extras)
    if (taken.kind === 'not-mine') continue
    if (taken.kind === 'misread') return { answer: await misread(taken.hint, context), verb: command.verb }
    const allowed = mayAnywhere(command.verb, context)
    if (!allowed.ok) return { answer: notAllowed(allowed), verb: command.verb }
    return { answer: await taken.run(context), verb: command.verb }
  }
  return { answer: await notUnderstood(read.words.folded[0] ?? '', context), verb: null }
}

/** The first line alone where a command takes the others; else the text is one line. */
function linesOf(text: string, commands: readonly AnyCommand[]) {
  const [head = '', ...lines] = text.split(/\r\n|\r|\n/)
  const said = fold(head.trim().replace(/\s+/g, ' ').slice(0, MAX_COMMAND_LENGTH))
  const taker = commands.find(({ takesLines }) => takesLines !== undefined && said.startsWith(takesLines))
  return taker && lines.length > 0 ? { first: head, lines } : { first: text, lines: [] }
}

/** A role that is held for some offices only is looked at again by the handler, office by office. */
export function mayAnywhere(verb: Verb, context: Pick<CommandContext, 'may' | 'mayForSome'>): Permission {
  const permission = context.may(verb, null)
  return permission.ok || !OFFICE_VERBS.includes(verb) || !context.mayForSome(verb)
    ? permission
    : { ok: true }
}

/** Says what can be said instead; a near miss of a command is offered as a button. */
async function notUnderstood(first: string, context: CommandContext): Promise<Answer> {
  const near = context
    .commands()
    .filter(({ name }) => first.length > 2 && slipsBetween(first, name) <= 2)
    .map(({ name }) => name)
  const buttons = await Promise.all(
    near.slice(0, 2).map((name) => context.offer(t`Help ${name}`, 'help', `help ${name}`)),
  )
  const card = refusalCard({
    happened: t`I did not understand that`,
    why: t`Nothing was done.`,
    todo: t`Say help to see what you can ask, or for example: check office and its name.`,
    buttons: [...buttons, await context.offer(t`Help`, 'help', 'help')],
  })
  return { kind: 'card', card, refused: true }
}
