import type { Office } from '../../core/office.ts'
import { t } from '../../core/t.ts'
import type { Answer, Command, CommandContext } from '../command.ts'
import { matchOffice } from '../match-office.ts'
import { goneMeanwhile, notAllowed, officeOr } from '../refusals.ts'
import { preview, save } from './change.ts'
import { draftOf } from './draft.ts'
import { officeForm } from './form.ts'
import { type Kept, readKept } from './kept.ts'
import { changed, fieldAt, filled, firstField, readChanges } from './typed.ts'

type Args =
  | { readonly kind: 'typed'; readonly words: readonly string[] }
  | { readonly kind: 'kept'; readonly kept: Kept; readonly inputs: Readonly<Record<string, string>> }

/** `office edit Seattle`: the form with what is registered; `office edit Seattle egress 203.0.113.0/24`: the preview at once. */
export const officeEdit: Command<Args> = {
  name: 'office edit',
  forms: [
    'office edit <office>',
    'office edit <office> egress add <range>',
    'office edit <office> tags <tags>',
  ],
  summary: t`Changes an office in a form, or by what you type. A preview comes first.`,
  examples: [
    { say: 'office edit Seattle', get: t`a form with what is registered` },
    { say: 'office edit Seattle egress 203.0.113.0/24', get: t`a preview of that change` },
    { say: 'office edit Seattle tags add emea', get: t`the same for one more tag` },
  ],
  group: 'Offices',
  verb: 'edit-office',
  card: 'form',
  read(words, { kept, inputs }) {
    if (words.folded[0] !== 'office' || words.folded[1] !== 'edit') return { kind: 'not-mine' }
    const found = readKept(kept)
    if (found && found.id !== null) return { kind: 'args', args: { kind: 'kept', kept: found, inputs } }
    const rest = words.words.slice(2)
    return rest.length === 0
      ? { kind: 'misread', hint: t`Name the office, for example: office edit Seattle` }
      : { kind: 'args', args: { kind: 'typed', words: rest } }
  },
  async handle(args, context) {
    if (args.kind === 'typed') return typedEdit(args.words, context)
    const { kept, inputs } = args
    const draft = filled(kept.draft, inputs)
    if (kept.step === 'save') return save(context, kept)
    if (kept.step === 'again') return officeForm(context, { ...kept, draft })
    return preview(context, { ...kept, draft })
  },
}

async function typedEdit(words: readonly string[], context: CommandContext): Promise<Answer> {
  const offices = await context.offices()
  const split = splitAt(words, offices)
  const found = await officeOr(words.slice(0, split).join(' '), offices, context, {
    verb: 'edit-office',
    nothing: t`Nothing was changed.`,
    title: (name) => t`Edit ${name}`,
    command: (name) => `office edit ${name}`,
  })
  if ('answer' in found) return found.answer
  const allowed = context.may('edit-office', found.office)
  if (!allowed.ok) return notAllowed(allowed)
  const row = await context.registry.row(found.office.id)
  if (row === null) return goneMeanwhile(found.office.name)
  const changes = readChanges(words.slice(split))
  const { draft, problems } = changed(draftOf(row.office), changes)
  const kept = { step: 'look', id: row.office.id, etag: row.etag, draft } as const
  if (changes.length === 0 || problems.length > 0) return officeForm(context, kept, { problems })
  return preview(context, kept)
}

/** Where the office's name ends: before the first field after which words name an office exactly, else before the first. */
function splitAt(words: readonly string[], offices: readonly Office[]): number {
  if (matchOffice(offices, words.join(' ')).kind === 'one') return words.length
  for (let index = words.length - 1; index > 0; index--) {
    if (!fieldAt(words, index)) continue
    if (matchOffice(offices, words.slice(0, index).join(' ')).kind === 'one') return index
  }
  return firstField(words, 1)
}
