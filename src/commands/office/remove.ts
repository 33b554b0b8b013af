import { formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { countText, listText } from '../../cards/wording.ts'
import type { OfficeRow } from '../../core/registry.ts'
import { t } from '../../core/t.ts'
import type { Answer, Command, CommandContext } from '../command.ts'
import { goneMeanwhile, notAllowed, officeOr } from '../refusals.ts'
import { restOf } from '../words.ts'
import { objectIn, textIn } from './kept.ts'

type Args =
  | { readonly kind: 'ask'; readonly typed: string }
  | { readonly kind: 'do'; readonly id: string; readonly etag: string }

/** `office remove Seattle`: says what goes and what stays, and removes it when that is confirmed. */
export const officeRemove: Command<Args> = {
  name: 'office remove',
  forms: ['office remove <office>'],
  summary: t`Takes an office out of the registry, after you confirm it. Its history stays.`,
  examples: [{ say: 'office remove Seattle', get: t`what goes and what stays, then a button` }],
  group: 'Offices',
  verb: 'edit-office',
  card: 'form',
  read(words, { kept }) {
    if (words.folded[0] !== 'office' || words.folded[1] !== 'remove') return { kind: 'not-mine' }
    const asked = objectIn(kept ?? '')
    const [id, etag] = [textIn(asked, 'id'), textIn(asked, 'etag')]
    if (id !== null && etag !== null) return { kind: 'args', args: { kind: 'do', id, etag } }
    const typed = restOf(words, 2)
    return typed === ''
      ? { kind: 'misread', hint: t`Name the office, for example: office remove Seattle` }
      : { kind: 'args', args: { kind: 'ask', typed } }
  },
  async handle(args, context) {
    if (args.kind === 'do') {
      const row = await context.registry.row(args.id)
      if (row === null) return goneMeanwhile(args.id)
      const allowed = context.may('edit-office', row.office)
      if (!allowed.ok) return notAllowed(allowed)
      const done = row.etag === args.etag && (await context.registry.retire(args.id, args.etag, context.now))
      return done ? removed(row, context) : confirmAgain(args.id, context)
    }
    const found = await officeOr(args.typed, await context.offices(), context, {
      verb: 'edit-office',
      nothing: t`Nothing was removed.`,
      title: (name) => t`Remove ${name}`,
      command: (name) => `office remove ${name}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('edit-office', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    const row = await context.registry.row(found.office.id)
    return row === null ? goneMeanwhile(found.office.name) : confirm(row, context, [])
  },
}

async function confirmAgain(id: string, context: CommandContext): Promise<Answer> {
  const row = await context.registry.row(id)
  if (row === null) return goneMeanwhile(id)
  return confirm(row, context, [t`Somebody changed this office meanwhile. Nothing was removed.`])
}

async function confirm(
  { office, etag }: OfficeRow,
  context: CommandContext,
  problems: readonly string[],
): Promise<Answer> {
  const runners = (await context.runners()).get(office.id) ?? []
  const last = (await context.latest()).find((entry) => entry.officeId === office.id)
  const remove = await context.offer(
    t`Remove ${office.name}`,
    'edit-office',
    `office remove ${office.name}`,
    {
      uses: 'once',
      onlyMe: true,
      keep: JSON.stringify({ id: office.id, etag }),
    },
  )
  const names = runners.map(({ name }) => outside(name))
  const card = formCard({
    title: t`Remove ${outside(office.name)}?`,
    lead: t`Nothing is removed yet.`,
    problems,
    facts: [
      {
        label: t`Goes`,
        value: t`its place, ranges, front doors and targets, ${countText(office.overrides.length, 'limit')}, ${countText(office.attestations.length, 'attestation')}`,
      },
      {
        label: t`Runners`,
        value:
          names.length === 0
            ? 'none'
            : t`${listText(names)}: enrolled as before, but without work. Stop them there.`,
      },
      {
        label: t`History`,
        value: last === undefined ? t`it was never checked` : t`stays until it expires, without the office`,
      },
      { label: t`Its id`, value: t`${outside(office.id)} is never given to another office` },
    ],
    buttons: [remove],
  })
  return { kind: 'card', card, inPlace: true, ...(problems.length > 0 ? { refused: true } : {}) }
}

function removed({ office }: OfficeRow, context: CommandContext): Answer {
  const card = formCard({
    title: t`${outside(office.name)} is removed`,
    lead: t`It is not checked any more. An office of the same name can be added as a new one.`,
    foot: [t`by ${outside(context.person.name)}`],
    buttons: [],
  })
  return { kind: 'card', card, inPlace: true }
}
