import { secondText, zoneText } from '../cards/formats.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import type { Limited } from '../core/turn-limits.ts'

/** Too many messages: how many a minute has, and when the next one works. */
export function tooOftenCard(limited: Limited, timeZone: string | null): RenderedCard {
  return refusalCard({
    happened: happened(limited),
    why: 'Nothing was done.',
    todo: again(limited, timeZone),
  })
}

/** The same for a click, which is answered with one line. */
export function tooOftenText(limited: Limited, timeZone: string | null): string {
  return `${happened(limited)}. Nothing was done. ${again(limited, timeZone)}`
}

function happened({ whose, burst }: Limited): string {
  return whose === 'person'
    ? `You asked ${burst} times in a minute`
    : `I was asked ${burst} times in a minute in this conversation`
}

/** Rounded up, so that the time is never early. */
function again({ againAt }: Limited, timeZone: string | null): string {
  const zone = timeZone ?? 'UTC'
  return `Ask again at ${secondText(againAt, zone)}, ${zoneText(zone)}.`
}
