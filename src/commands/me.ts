import { refusalCard } from '../cards/refusal-card.ts'
import { selfInviteCard, selfListCard } from '../cards/self-check-card.ts'
import { outside } from '../cards/text.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { matchOffice } from './match-office.ts'
import { personalOnly } from './refusals.ts'
import { restOf } from './words.ts'

/** Suggested offices: what Teams shows without a menu. */
const MAX_SUGGESTED = 5

type Args = { readonly kind: 'invite'; readonly typed: string | null } | { readonly kind: 'history' }

/** `me`: a link by which somebody checks their own connection, in a personal chat; `me history`: what came of it. */
export const me: Command<Args> = {
  name: 'me',
  forms: ['me', 'me <office>', 'me history'],
  summary: t`Checks your own connection: a one-time link to a page, or one command. In a personal chat; only you see it.`,
  examples: [
    { say: 'me', get: t`a link that checks your own connection, beside your office` },
    { say: 'me Seattle', get: t`the same, compared with an office that you name` },
    { say: 'me history', get: t`your self-checks of the last day` },
  ],
  group: 'Check',
  verb: 'me',
  card: 'self-check',
  read(words) {
    const [first, second] = words.folded
    if (first !== 'me' || words.folded.join(' ') === 'me counts') return { kind: 'not-mine' }
    if (second === undefined) return { kind: 'args', args: { kind: 'invite', typed: null } }
    if (second === 'history' && words.folded.length === 2) return { kind: 'args', args: { kind: 'history' } }
    const typed = restOf(words, second === 'office' && words.folded.length > 2 ? 2 : 1)
    return { kind: 'args', args: { kind: 'invite', typed } }
  },
  async handle(args, context) {
    // Asked before a code is made: one that nobody may see would only lie in the store.
    const elsewhere = personalOnly(
      context,
      args.kind === 'invite' ? 'A self-check' : t`Your list of self-checks`,
    )
    if (elsewhere !== null) return elsewhere
    if (args.kind === 'history') return history(context)
    if (args.typed === null) return invite(null, context)
    const match = matchOffice(await context.offices(), args.typed)
    return match.kind === 'one'
      ? invite(match.office, context)
      : which(args.typed, match.kind === 'several' ? match.offices : match.suggestions, context)
  },
}

async function invite(office: Office | null, context: CommandContext): Promise<Answer> {
  const { selfChecks, person, timeZone } = context
  const invited = await selfChecks.invite(office?.id ?? null)
  const card = selfInviteCard({
    ...invited,
    name: person.name,
    timeZone,
    keptHours: selfChecks.hours,
    runnerSum: selfChecks.runnerSum,
    office: office?.name ?? null,
    world: office?.world ?? null,
    ...(office === null ? aloneOf(await context.offices()) : {}),
  })
  return { kind: 'card', card, posted: (cardId) => selfChecks.posted(invited.id, cardId) }
}

/** Why no office would be found; nothing where one is: a browser is on the real Internet, and some are asked for by name. */
function aloneOf(offices: readonly Office[]): Pick<Parameters<typeof selfInviteCard>[0], 'alone'> {
  const real = offices.filter(({ world }) => world === null)
  if (real.some(({ onlyWhenNamed }) => !onlyWhenNamed)) return {}
  const why = offices.length === real.length ? 'no-office' : 'other-worlds'
  // Without a place nothing is far or near.
  return { alone: { why, named: real.find(({ placed }) => placed)?.name ?? null } }
}

async function history(context: CommandContext): Promise<Answer> {
  const { selfChecks, person, timeZone, now } = context
  const results = await selfChecks.mine()
  const again = await context.offer(t`Check my connection`, 'me', 'me', { onlyMe: true })
  const forget = await context.offer(t`Forget them`, 'forget', 'forget my checks', {
    uses: 'once',
    onlyMe: true,
  })
  const card = selfListCard({
    results,
    now,
    name: person.name,
    timeZone,
    keptHours: selfChecks.hours,
    buttons: results.length === 0 ? [again] : [again, forget],
  })
  return { kind: 'card', card }
}

/** Anybody may compare with any office, so all of them may be suggested; what stands in them is not told. */
async function which(typed: string, found: readonly Office[], context: CommandContext): Promise<Answer> {
  const offered = found
    .slice(0, MAX_SUGGESTED)
    .map(({ name }) => context.offer(t`Compare with ${name}`, 'me', `me office ${name}`, { onlyMe: true }))
  const buttons = await Promise.all(offered)
  const card = refusalCard({
    happened: t`No one office is called “${outside(typed)}”`,
    why: t`No link was made.`,
    todo: found.length > 0 ? t`Did you mean one of these?` : t`Say me alone: I look for your office.`,
    buttons: found.length > 0 ? buttons : [await context.offer(t`Check my connection`, 'me', 'me')],
  })
  return { kind: 'card', card, refused: true }
}
