import { refusalCard } from '../cards/refusal-card.ts'
import type { Verb } from '../core/authority.ts'
import type { Answer, AnyCommand, CommandContext } from './command.ts'
import { slipsBetween } from './match-office.ts'
import { misread, notAllowed } from './refusals.ts'
import { MAX_COMMAND_LENGTH, readWords } from './words.ts'

/** An answer, with what was asked, for the audit. */
export interface Answered {
  readonly answer: Answer
  readonly verb: Verb | null
}

/** Reads a message and answers it: the one way in for what was typed and for what a button stands for. */
export async function answerText(text: string, context: CommandContext): Promise<Answered> {
  const read = readWords(text)
  if (read.kind === 'too-long') {
    const card = refusalCard({
      happened: 'That is too long for me',
      why: `A command has ${MAX_COMMAND_LENGTH} characters at most. Nothing was done.`,
      buttons: [await context.offer('Help', 'help', 'help')],
    })
    return { answer: { kind: 'card', card, refused: true }, verb: null }
  }
  if (read.kind === 'empty') return answerText('help', context)
  for (const command of context.commands()) {
    const taken = command.take(read.words)
    if (taken.kind === 'not-mine') continue
    if (taken.kind === 'misread') return { answer: await misread(taken.hint, context), verb: command.verb }
    const allowed = mayAnywhere(command, context)
    if (!allowed.ok) return { answer: notAllowed(allowed), verb: command.verb }
    return { answer: await taken.run(context), verb: command.verb }
  }
  return { answer: await notUnderstood(read.words.folded[0] ?? '', context), verb: null }
}

/** A role that is held for some offices only is looked at again by the handler, office by office. */
function mayAnywhere(command: AnyCommand, context: CommandContext) {
  const permission = context.may(command.verb, null)
  const perOffice: readonly Verb[] = ['check', 'status', 'why', 'offices']
  return permission.ok || !perOffice.includes(command.verb) || !context.mayForSome(command.verb)
    ? permission
    : { ok: true as const }
}

/** Says what can be said instead; a near miss of a command is offered as a button. */
async function notUnderstood(first: string, context: CommandContext): Promise<Answer> {
  const near = context
    .commands()
    .filter(({ name }) => first.length > 2 && slipsBetween(first, name) <= 2)
    .map(({ name }) => name)
  const buttons = await Promise.all(
    near.slice(0, 2).map((name) => context.offer(`Help ${name}`, 'help', `help ${name}`)),
  )
  const card = refusalCard({
    happened: 'I did not understand that',
    why: 'Nothing was done.',
    todo: 'Say help to see what you can ask, or for example: check office and its name.',
    buttons: [...buttons, await context.offer('Help', 'help', 'help')],
  })
  return { kind: 'card', card, refused: true }
}
