import { formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { CRITERION_TITLES, dateText, listText, RUNNER_WORDS } from '../../cards/wording.ts'
import type { Office } from '../../core/office.ts'
import { t } from '../../core/t.ts'
import type { Answer, Command, CommandContext } from '../command.ts'
import { limitText } from '../limits/units.ts'
import { notAllowed, officeOr } from '../refusals.ts'
import { restOf } from '../words.ts'
import { factsOf } from './form.ts'

/** Words after `office` that are commands of their own; no office may be called so. */
const OTHERS: readonly string[] = ['add', 'edit', 'remove', 'import', 'export']

/** `office Seattle`: what is registered about one office. */
export const office: Command<{ readonly typed: string }> = {
  name: 'office',
  forms: ['office <office>'],
  summary: t`Shows what is registered about an office: place, ranges, front doors, targets, limits.`,
  examples: [{ say: 'office Seattle', get: t`what is registered about it` }],
  group: 'Look',
  verb: 'offices',
  card: 'form',
  read(words) {
    if (words.folded[0] !== 'office' || OTHERS.includes(words.folded[1] ?? '')) return { kind: 'not-mine' }
    const typed = restOf(words, 1)
    return typed === ''
      ? { kind: 'misread', hint: t`Name an office, for example: office Seattle. To add one: office add Lyon` }
      : { kind: 'args', args: { typed } }
  },
  async handle({ typed }, context) {
    const found = await officeOr(typed, await context.offices(), context, {
      verb: 'offices',
      nothing: t`Nothing was looked up.`,
      title: (name) => name,
      command: (name) => `office ${name}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('offices', found.office)
    return allowed.ok ? shown(found.office, context) : notAllowed(allowed)
  },
}

async function shown(one: Office, context: CommandContext): Promise<Answer> {
  const runners = (await context.runners()).get(one.id) ?? []
  const limits = one.overrides
    .filter(({ expiresAt }) => expiresAt > context.now)
    .map(
      ({ criterion, value, author, expiresAt }) =>
        t`${CRITERION_TITLES[criterion]} ${limitText(criterion, value)} until ${dateText(expiresAt, one.timeZone)}, by ${outside(author)}`,
    )
  const vouched = one.attestations
    .filter(({ until }) => until > context.now)
    .map(
      ({ criterion, by, until }) =>
        t`${CRITERION_TITLES[criterion]} until ${dateText(until, one.timeZone)}, by ${outside(by)}`,
    )
  const buttons = [await context.offer(t`Check ${one.name}`, 'check', `check office ${one.name}`)]
  if (context.may('edit-office', one).ok) {
    buttons.push(await context.offer(t`Edit`, 'edit-office', `office edit ${one.name}`))
  }
  const card = formCard({
    title: outside(one.name),
    lead: one.onlyWhenNamed ? t`It is checked only when it is named.` : t`What is registered.`,
    facts: [
      ...factsOf(one).filter(({ label }) => label !== 'Name'),
      { label: t`Limits`, value: limits.length === 0 ? t`Microsoft’s numbers` : limits.join('; ') },
      { label: t`Vouched for`, value: vouched.length === 0 ? 'nothing' : vouched.join('; ') },
      {
        label: t`Runners`,
        value:
          runners.length === 0
            ? 'none'
            : listText(runners.map(({ name, status }) => `${outside(name)} ${RUNNER_WORDS[status]}`)),
      },
    ],
    foot: [t`id ${outside(one.id)}`, one.world === null ? '' : t`demo world`],
    buttons,
  })
  return { kind: 'card', card }
}
