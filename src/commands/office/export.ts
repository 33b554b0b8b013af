import { formCard } from '../../cards/form-card.ts'
import { refusalCard } from '../../cards/refusal-card.ts'
import { countText } from '../../cards/wording.ts'
import { t } from '../../core/t.ts'
import type { Answer, Command, CommandContext } from '../command.ts'
import { HEADER, lineOf } from './columns.ts'

/** UTF-8 bytes of the file on one card: a card has 24 KB, and one letter more is one part more. */
const PART_BYTES = 12_000

/** `office export`: the registry as a file, in a personal chat, in parts that are files of their own. */
export const officeExport: Command<{ readonly part: number }> = {
  name: 'office export',
  forms: ['office export'],
  summary: t`Gives the offices as a CSV that office import and Microsoft’s admin centre take. In a personal chat.`,
  examples: [{ say: 'office export', get: t`a text to copy into a file` }],
  group: 'Offices',
  verb: 'export-offices',
  card: 'form',
  read(words) {
    if (words.folded[0] !== 'office' || words.folded[1] !== 'export') return { kind: 'not-mine' }
    const part = words.folded[2] === 'part' ? Number(words.folded[3]) : 1
    return Number.isInteger(part) && part > 0
      ? { kind: 'args', args: { part } }
      : { kind: 'misread', hint: t`Say office export` }
  },
  async handle({ part }, context) {
    if (context.conversationKind !== 'personal') return notHere()
    const parts = exportParts(
      (await context.offices()).filter(
        (office) => !office.onlyWhenNamed && context.may('export-offices', office).ok,
      ),
    )
    const at = Math.min(part, parts.length)
    const shown = parts[at - 1]
    return shown === undefined ? nothing(context) : exported(shown, at, parts.length, context)
  },
}

interface Part {
  readonly text: string
  readonly offices: number
}

/** The registry as files of at most {@link PART_BYTES}, each with its header: any of them can be imported alone. */
export function exportParts(offices: readonly Parameters<typeof lineOf>[0][]): readonly Part[] {
  const parts: { lines: string[]; bytes: number }[] = []
  for (const office of offices) {
    const line = lineOf(office)
    const bytes = new TextEncoder().encode(JSON.stringify(line)).length
    const last = parts.at(-1)
    if (last && last.bytes + bytes <= PART_BYTES) {
      last.lines.push(line)
      last.bytes += bytes
    } else parts.push({ lines: [line], bytes })
  }
  return parts.map(({ lines }) => ({ text: [HEADER, ...lines].join('\n'), offices: lines.length }))
}

async function exported(part: Part, at: number, of: number, context: CommandContext): Promise<Answer> {
  const more = of > 1
  const card = formCard({
    title: more ? t`Offices, part ${at} of ${of}` : t`Offices`,
    lead: t`${countText(part.offices, 'office')}. Copy the text into a file whose name ends in .csv, as UTF-8.`,
    fields: [{ id: 'csv', label: t`The file (CSV)`, kind: 'copy', value: part.text }],
    foot: [
      more ? t`each part has the header and is a file of its own` : '',
      t`limits and attestations are not part of it`,
    ],
    buttons:
      at < of ? [await context.offer(t`Next part`, 'export-offices', `office export part ${at + 1}`)] : [],
  })
  return { kind: 'card', card }
}

function notHere(): Answer {
  const card = refusalCard({
    happened: t`I export offices in a personal chat only`,
    why: t`The file has the addresses of all offices, and everybody here would read it.`,
    todo: t`Open a chat with me and say office export there.`,
  })
  return { kind: 'card', card, refused: true }
}

async function nothing(context: CommandContext): Promise<Answer> {
  const card = refusalCard({
    happened: t`There is no office to export yet`,
    why: t`Nothing was exported.`,
    buttons: [await context.offer(t`Add an office`, 'edit-office', 'office add')],
  })
  return { kind: 'card', card, refused: true }
}
