import { formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { CRITERION_TITLES, countText, dateText } from '../../cards/wording.ts'
import { t } from '../../core/t.ts'
import type { Answer, CommandContext } from '../command.ts'
import { officeOr } from '../refusals.ts'
import { limitText } from './units.ts'

/** The limits that are set, for one office or for all that the person may change. */
export async function limitList(typed: string, context: CommandContext): Promise<Answer> {
  const mine = (await context.offices()).filter((office) => context.may('limit', office).ok)
  let shown = mine
  if (typed !== '' && typed !== 'all') {
    const found = await officeOr(typed, mine, context, {
      verb: 'limit',
      nothing: t`Nothing was looked up.`,
      title: (name) => name,
      command: (name) => `limit list ${name}`,
    })
    if ('answer' in found) return found.answer
    shown = [found.office]
  }
  const facts = shown.flatMap((office) =>
    office.overrides.map(({ criterion, value, author, reason, expiresAt }) => {
      const until = dateText(expiresAt, office.timeZone)
      const holds = expiresAt > context.now ? t`until ${until}` : t`ended ${until}`
      return {
        label: outside(office.name),
        value: t`${CRITERION_TITLES[criterion]} ${limitText(criterion, value)} ${holds}, by ${outside(author)}: ${outside(reason)}`,
      }
    }),
  )
  const card = formCard({
    title:
      facts.length === 0 ? t`No limits are set` : t`${countText(facts.length, 'limit is', 'limits are')} set`,
    lead:
      facts.length === 0
        ? t`Microsoft’s numbers hold everywhere.`
        : t`Where nothing stands here, Microsoft’s numbers hold.`,
    facts,
    buttons: [await context.offer(t`Set a limit`, 'limit', 'limit')],
  })
  return { kind: 'card', card }
}
