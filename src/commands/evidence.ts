import { formCard } from '../cards/form-card.ts'
import { countText, momentText } from '../cards/formats.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { restOf } from './words.ts'

/** Characters of the file on one card: a card has 24 KB, and the file is of letters that take one byte each. */
const PART_CHARS = 18_000

interface Args {
  readonly office: string
  readonly part: number
}

/**
 * `evidence Seattle`: the latest check as a file that `doorstep judge` judges again, in a personal chat. It names
 * addresses and chains of other offices, by which it was judged, so a role for some offices alone does not suffice.
 */
export const evidence: Command<Args> = {
  name: 'evidence',
  forms: ['evidence <office>'],
  summary: t`Gives the latest check as a file with all measurements, to judge again offline. In a personal chat.`,
  examples: [{ say: 'evidence Seattle', get: t`a text to copy into a file for doorstep judge` }],
  group: 'Look',
  verb: 'evidence',
  card: 'form',
  read(words) {
    const { folded } = words
    if (folded[0] !== 'evidence') return { kind: 'not-mine' }
    const at = folded.indexOf('part', 2)
    const part = at > 0 && at === folded.length - 2 ? Number(folded[at + 1]) : 1
    const office = at > 0 ? words.words.slice(1, at).join(' ') : restOf(words, 1)
    if (office === '' || !Number.isInteger(part) || part < 1) {
      return { kind: 'misread', hint: t`Name an office, for example: evidence Seattle` }
    }
    return { kind: 'args', args: { office, part } }
  },
  async handle({ office: typed, part }, context) {
    const found = await officeOr(typed, await context.offices(), context, {
      verb: 'evidence',
      title: (name) => t`Evidence of ${name}`,
      command: (name) => `evidence ${name}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('evidence', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    if (context.conversationKind !== 'personal') return notHere()
    const latest = (await context.latest()).find(({ officeId }) => officeId === found.office.id)
    const text = latest ? await context.evidence.file(latest) : null
    if (!latest || text === null) return nothingKept(found.office, context)
    return partOf({ office: found.office, at: latest.at, text, part }, context)
  },
}

interface Shown {
  readonly office: Office
  /** When the check was closed, epoch ms. */
  readonly at: number
  readonly text: string
  readonly part: number
}

async function partOf({ office, at, text, part: shown }: Shown, context: CommandContext): Promise<Answer> {
  const parts = Math.ceil(text.length / PART_CHARS)
  if (shown > parts) return noSuchPart(office, parts, context)
  const more = parts > 1
  const card = formCard({
    title: t`Evidence of ${outside(office.name)}${more ? t`, part ${shown} of ${parts}` : ''}`,
    lead: more
      ? t`Copy the parts one after the other into one file.`
      : t`Copy the text into a file. It holds the check in a short form.`,
    facts: [
      { label: t`Check`, value: t`closed at ${momentText(at, context.timeZone)}` },
      { label: t`Judge it`, value: t`doorstep judge FILE` },
      { label: t`Read it`, value: t`doorstep judge --json FILE` },
    ],
    fields: [
      {
        id: 'evidence',
        label: more ? t`The file, part ${shown}` : t`The file`,
        kind: 'copy',
        value: text.slice((shown - 1) * PART_CHARS, shown * PART_CHARS),
      },
    ],
    foot: [t`${countText(text.length, 'character')} in all`, t`it names addresses of the office`],
    buttons:
      shown < parts
        ? [await context.offer(t`Next part`, 'evidence', `evidence ${office.name} part ${shown + 1}`)]
        : [],
  })
  return { kind: 'card', card }
}

/** A part that the file does not have: the last check may be another, and shorter, than that of the parts before. */
async function noSuchPart(office: Office, parts: number, context: CommandContext): Promise<Answer> {
  const card = refusalCard({
    happened: t`The evidence of ${outside(office.name)} has ${countText(parts, 'part')}`,
    why: t`It is that of the latest check, which may be a newer one than that of other parts.`,
    todo: t`Begin with the first part.`,
    buttons: [await context.offer(t`First part`, 'evidence', `evidence ${office.name}`)],
  })
  return { kind: 'card', card, refused: true }
}

function notHere(): Answer {
  const card = refusalCard({
    happened: t`I give evidence in a personal chat only`,
    why: t`It names addresses of the office, and everybody here would read them.`,
    todo: t`Open a chat with me and say it there.`,
  })
  return { kind: 'card', card, refused: true }
}

/** The card for an office of which no check is kept that could be judged again. */
export async function nothingKept(office: Office, context: CommandContext): Promise<Answer> {
  const card = refusalCard({
    happened: t`No evidence of ${outside(office.name)} is kept`,
    why: t`It was never checked, or its last check is older than this Doorstep.`,
    todo: t`Check it first.`,
    buttons: [await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`)],
  })
  return { kind: 'card', card, refused: true }
}
