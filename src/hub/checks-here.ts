import type { ChecksHere } from '../commands/checks-here.ts'
import { homeId } from '../core/known-conversation.ts'
import type { ContextDeps, Who } from './command-context.ts'

/** Checks as a person sees them from a conversation. */
export function checksHere(
  { desk, checks, clock }: Pick<ContextDeps, 'desk' | 'checks' | 'clock'>,
  { person, conversation: { conversationId } }: Who,
): ChecksHere {
  return {
    underWay: () =>
      desk.running().flatMap((check) => {
        const [first] = check.places
        if (first === undefined) return []
        const here = check.places.some((place) => homeId(place.conversation) === homeId({ conversationId }))
        return { id: check.id, officeIds: check.officeIds, askedBy: first.askedBy, here }
      }),
    cancel: (checkId) => desk.cancel(checkId, person),
    last: () => checks.lastAsked(conversationId, clock.now()),
    page: (checkId, page, mayShow) => desk.page(checkId, { conversationId, page, mayShow }),
  }
}
