import { secondText } from '../cards/formats.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import type { Limited } from '../core/turn-limits.ts'

/** Too many messages: how many a minute has, and when the next one works. */
export function tooOftenCard(limited: Limited): RenderedCard {
  return refusalCard({ happened: happened(limited), why: 'Nothing was done.', todo: again(limited) })
}

/** The same for a click, which is answered with one line. */
export function tooOftenText(limited: Limited): string {
  return `${happened(limited)}. Nothing was done. ${again(limited)}`
}

function happened({ whose, burst }: Limited): string {
  return whose === 'person'
    ? `You asked ${burst} times in a minute`
    : `I was asked ${burst} times in a minute in this conversation`
}

/** In UTC, for a limit is told before anything about the reader is looked up; rounded up, so that it is never early. */
function again({ againAt }: Limited): string {
  return `Ask again at ${secondText(againAt)} UTC.`
}
