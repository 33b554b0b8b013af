import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { answerText } from '../../src/commands/answer.ts'
import type { ChecksHere } from '../../src/commands/checks-here.ts'
import type { Extras, Offered } from '../../src/commands/command.ts'
import type { Authority, Role } from '../../src/core/authority.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { Office } from '../../src/core/office.ts'
import { ANA, anOffice } from '../support/check-kit.ts'
import { contextOf } from './context.ts'

/** More offices than are checked at once; three of them are in #emea. */
export const TWELVE: readonly Office[] = Array.from({ length: 12 }, (_, at) =>
  anOffice(`office-${at + 1}`, { name: `Office ${at + 1}`, tags: at < 3 ? ['emea'] : [] }),
)
/** Ana may check #emea and nothing else. */
export const EMEA: Authority = {
  grants: [{ objectId: ANA.objectId, role: 'operator', tag: 'emea' }],
  everyone: 'member',
}

export interface Setting {
  readonly who?: Role | Authority
  readonly offices?: readonly Office[]
  readonly latest?: readonly Latest[]
  readonly checks?: Partial<ChecksHere>
}

/** Says something and keeps what each button was given to keep. */
export async function ask(text: string, setting: Setting = {}, beside: Partial<Extras> = {}) {
  const { who = 'operator', offices = TWELVE, latest = [] } = setting
  const context = contextOf(who, offices, latest)
  const offers = new Map<string, { readonly command: string; readonly how: Offered | undefined }>()
  const { answer } = await answerText(
    text,
    {
      ...context,
      checks: { ...context.checks, underWay: () => [], ...setting.checks },
      runners: async () =>
        new Map([
          ['office-1', [{ name: 'r1', status: 'online' as const }]],
          ['office-2', [{ name: 'r2', status: 'silent' as const }]],
        ]),
      offer: async (title, _verb, command, how) => {
        offers.set(title, { command, how })
        return { title, actionId: title }
      },
    },
    beside,
  )
  const card = answer.kind === 'card' ? answer.card.card : null
  return { answer, offers, kind: card && cardKind(card), text: card ? cardLines(card).join('\n') : '' }
}
