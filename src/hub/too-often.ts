import { secondText, zoneText } from '../cards/formats.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import { t } from '../core/t.ts'
import type { Limited } from '../core/turn-limits.ts'

/** Too many messages: how many a minute has, and when the next one works. */
export function tooOftenCard(limited: Limited, timeZone: string | null): RenderedCard {
  return refusalCard({
    happened: happened(limited),
    why: t`Nothing was done.`,
    todo: again(limited, timeZone),
  })
}

/** The same for a click, which is answered with one line. */
export function tooOftenText(limited: Limited, timeZone: string | null): string {
  return t`${happened(limited)}. Nothing was done. ${again(limited, timeZone)}`
}

function happened({ whose, burst }: Limited): string {
  return whose === 'person'
    ? t`You asked ${burst} times in a minute`
    : t`I was asked ${burst} times in a minute in this conversation`
}

/** Rounded up, so that the time is never early. */
function again({ againAt }: Limited, timeZone: string | null): string {
  const zone = timeZone ?? 'UTC'
  return t`Ask again at ${secondText(againAt, zone)}, ${zoneText(zone)}.`
}
