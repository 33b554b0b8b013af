import type { CardButton } from '../cards/buttons.ts'
import type { Offered } from '../commands/command.ts'
import type { Verb } from '../core/authority.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { ActionStore } from '../store/actions.ts'

/** A button that only reads or checks may be pressed for a month: the card stays in the chat that long. */
const MANY_BUTTON_MS = 30 * 24 * 3600_000

/** What changes something is meant now: a day later nobody remembers what the card was about. */
const ONCE_BUTTON_MS = 24 * 3600_000

/** Makes a button for a conversation that stands for a command as if typed. */
export type OfferButton = (
  conversationId: string,
  title: string,
  verb: Verb,
  command: string,
  how?: Omit<Offered, 'onlyMe'> & { readonly onlyFor?: string },
) => Promise<CardButton>

/** Stores what each button stands for; the card carries only a 128-bit id that nobody can guess. */
export function buttonOffers(actions: ActionStore, clock: Clock, random: Random): OfferButton {
  return async (conversationId, title, verb, command, how = {}) => {
    const actionId = random.hex(16)
    const { uses = 'many', onlyFor = null, keep = null, below = false } = how
    const until = clock.now() + (uses === 'once' ? ONCE_BUTTON_MS : MANY_BUTTON_MS)
    await actions.put(actionId, { verb, command, conversationId, uses, until, onlyFor, kept: keep, below })
    return { title, actionId }
  }
}
