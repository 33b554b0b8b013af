import type { CardButton } from '../../cards/buttons.ts'
import type { Alert, Condition } from '../../core/alert.ts'
import { isOver } from '../../core/alert.ts'
import type { Verb } from '../../core/authority.ts'
import { t } from '../../core/t.ts'
import type { Offered } from '../command.ts'

type Offer = (title: string, verb: Verb, command: string, how?: Offered) => Promise<CardButton>

/** Addresses that one button registers: a command has 200 characters. */
const ADDRESSES_MAX = 2

/** What can be done about an alert, and what changes the order that it came of. */
export async function alertButtons(
  alert: Alert,
  orderId: string,
  offer: Offer,
): Promise<readonly CardButton[]> {
  const about = alert.rows.find(({ resolvedAt }) => resolvedAt === null)
  const first = isOver(alert) || about === undefined ? [] : await buttonsFor(about, offer)
  return [...first, await offer(t`Change alerts`, 'alert', 'alert change', { keep: orderId })]
}

async function buttonsFor({ facts }: Condition, offer: Offer): Promise<readonly CardButton[]> {
  switch (facts.kind) {
    case 'not-ready': {
      const { name } = facts.office
      return [
        await offer(t`Why ${name}`, 'why', `why office ${name} ${facts.failing[0] ?? ''}`.trim()),
        await offer(t`Freeze ${name}`, 'freeze', `freeze ${name}`),
      ]
    }
    case 'silent':
      return [
        await offer(t`Runners`, 'runners', 'runners'),
        await offer(t`Freeze ${facts.office.name}`, 'freeze', `freeze ${facts.office.name}`),
      ]
    case 'egress': {
      const { name } = facts.office
      const check = await offer(t`Check again`, 'check', `check office ${name}`)
      if (facts.to.length > ADDRESSES_MAX) return [check]
      const register = `office edit ${name} egress add ${facts.to.join(', ')}`
      return [await offer(t`Register this address`, 'edit-office', register, { below: true }), check]
    }
    case 'endpoints':
      return [await offer(t`Endpoints`, 'endpoints', 'endpoints')]
    case 'trouble':
      return [await offer(t`About`, 'about', 'about')]
  }
}
