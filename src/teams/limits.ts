import type { RateLimit } from '../core/rate-windows.ts'

/**
 * What Teams lets one bot do in one conversation and in one tenant. All from
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit ("Per bot per thread limit", "Bot per data
 * center limit"). They may change, says that page, and an older copy allows the whole app 30 a second; several hubs count
 * each for itself. In all these cases Teams answers 429, and is obeyed.
 */

/** Sending and creating, per conversation. An edit has no number of its own there, and counts as a send. */
export const SEND_LIMITS: readonly RateLimit[] = [
  { count: 7, ms: 1_000 },
  { count: 8, ms: 2_000 },
  { count: 60, ms: 30_000 },
  { count: 1_800, ms: 3_600_000 },
]

/** Asking for members or for the conversation itself, per conversation. */
export const READ_LIMITS: readonly RateLimit[] = [
  { count: 14, ms: 1_000 },
  { count: 16, ms: 2_000 },
  { count: 120, ms: 30_000 },
  { count: 3_600, ms: 3_600_000 },
]

/** Everything the app does in one tenant. */
export const TENANT_LIMITS: readonly RateLimit[] = [{ count: 50, ms: 1_000 }]

/** Tries for one message while Teams says "not now", or while nobody knows what became of an edit. */
export const MAX_TRIES = 5

/** First pause before another try where Teams names none: its shortest window. It doubles, with jitter. */
export const FIRST_PAUSE_MS = 1_000

/** The longest such pause. */
export const MAX_PAUSE_MS = 60_000

/**
 * A message that would have to wait longer than this is given back: who asked has long asked again, and a check's card
 * is better drawn anew than late. It is the wait of the 100 messages that may stand before it, at two a second, and a
 * little.
 */
export const MAX_WAIT_MS = 60_000

/** Messages that wait in one conversation at most. */
export const MAX_WAITING_HERE = 100

/** Messages that wait altogether at most: at 24 KB a card about 50 MB. */
export const MAX_WAITING = 2_000

/**
 * An edit that only shows progress lets everything pass that came within this time after it, then it is its turn: it
 * never waits forever.
 */
export const YIELD_MS = 10_000
