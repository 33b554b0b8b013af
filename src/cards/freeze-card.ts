import type { Freeze } from '../core/freeze.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import { formCard } from './form-card.ts'
import type { RenderedCard } from './render-card.ts'
import { outside } from './text.ts'
import { momentText, zoneText } from './wording.ts'

/** That a freeze ran out, and why it was; the first result follows it. */
export function freezeOverCard(freeze: Freeze, office: Pick<Office, 'name' | 'timeZone'>): RenderedCard {
  return formCard({
    title: t`The freeze of ${outside(office.name)} is over`,
    lead: t`Its alerts are on again. It is being checked: the first result follows.`,
    facts: freezeFacts(freeze, office),
    buttons: [],
  })
}

/** Until when, why and by whom an office is frozen, as names and values. */
export function freezeFacts(
  { until, reason, by }: Freeze,
  { timeZone }: Pick<Office, 'timeZone'>,
): readonly { readonly label: string; readonly value: string }[] {
  return [
    { label: t`Until`, value: `${momentText(until, timeZone)}, ${zoneText(timeZone)}` },
    { label: t`Because`, value: outside(reason) },
    { label: t`Frozen by`, value: outside(by.name) },
  ]
}
