import type { Random } from '../core/ports.ts'
import { FIRST_PAUSE_MS, MAX_PAUSE_MS, MAX_TRIES } from './limits.ts'

/** What one try came to, whatever was tried. */
export interface Tried {
  readonly outcome: 'sent' | 'found' | 'refused' | 'unknown'
  readonly status?: number
  readonly retryAfterMs?: number | null
}

/** What to do after a try. */
export interface Next {
  /** Nothing is sent to this conversation for so long, ms. */
  readonly holdMs: number
  /** The same again after so long, ms; null: that was the last try. */
  readonly againMs: number | null
}

/**
 * Statuses with which Teams asks to try again and says that nothing was posted: 412 (two wrote at once) and 429 (too
 * many); 0 is ours, no connection was made. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
const NOT_NOW: ReadonlySet<number | undefined> = new Set([0, 412, 429])

/**
 * Decides after a try. What was refused for now is tried again, whatever it is. What nobody knows (502, 504 and other
 * 5xx, a cut, no answer) is tried again where that changes nothing (an edit, a question), and never where it would post a
 * second time. `tries` counts the one just made. A Retry-After holds the whole conversation, as do refusals for now.
 */
export function nextAfter(
  tried: Tried,
  kind: 'post' | 'edit' | 'read',
  tries: number,
  random: Pick<Random, 'unit'>,
): Next {
  if (tried.outcome === 'sent' || tried.outcome === 'found') return { holdMs: 0, againMs: null }
  const named = tried.retryAfterMs ?? 0
  const notNow = tried.outcome === 'refused' && NOT_NOW.has(tried.status)
  const unsure = tried.outcome === 'unknown'
  const most = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1))
  const pause = Math.max(named, most * (0.5 + random.unit() / 2))
  const may = (notNow || (unsure && kind !== 'post')) && tries < MAX_TRIES
  return { holdMs: notNow ? pause : named, againMs: may ? pause : null }
}
