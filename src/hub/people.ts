import type { ChatPort, ConversationRef, Outsider, Person } from '../core/chat.ts'
import type { People } from '../core/people.ts'
import type { Clock } from '../core/ports.ts'

/**
 * How long a person counts as what the roster said. Accounts hardly ever turn from guest to member, and an hour keeps
 * the look-ups far below what Teams allows (3,600 an hour in one conversation).
 */
const FRESH_MS = 60 * 60_000

/** After this nobody is believed without a new look: a day without one answer is more than an outage. */
const STALE_MS = 24 * 60 * 60_000

/** A click must be answered within 2 s; without an answer by then, we do not know. */
const PATIENCE_MS = 1_200

/** People remembered; who is forgotten is looked up again. */
const REMEMBERED = 10_000

interface Known {
  readonly outsider: Outsider | null
  readonly at: number
}

export interface PeopleDeps {
  readonly chat: Pick<ChatPort, 'member'>
  readonly clock: Clock
  /**
   * Without sign-in nobody is vouched for and only this machine can speak: then a roster that says nothing turns
   * nobody away, but one that says guest does.
   */
  readonly signIn: boolean
}

/**
 * Members, guests and others, as the conversation's roster names them, since activities do not say it. A person of whom
 * the roster says nothing is `unknown`, never a member.
 */
export function peopleOf({ chat, clock, signIn }: PeopleDeps): People {
  const known = new Map<string, Known>()
  const asked = new Map<string, Promise<Person | null>>()

  const lookUp = (conversation: ConversationRef, id: string): Promise<Person | null> => {
    const key = `${conversation.conversationId} ${id}`
    const running = asked.get(key)
    if (running) return running
    const answer = within(clock, chat.member(conversation, id)).finally(() => asked.delete(key))
    asked.set(key, answer)
    return answer
  }

  const believed = (person: Person | null): Outsider | null => {
    const said = person === null ? 'unknown' : (person.outsider ?? null)
    return said === 'unknown' && !signIn ? null : said
  }

  return {
    async outsider(person, conversation) {
      // Of two tenants the same object id says nothing; and what is true in one place need not be in another.
      const key = `${conversation.tenantId} ${person.objectId}`
      const last = known.get(key)
      const age = clock.monotonic() - (last?.at ?? Number.NEGATIVE_INFINITY)
      if (last && age < FRESH_MS) return last.outsider
      const outsider = believed(await lookUp(conversation, person.objectId))
      if (outsider === 'unknown') return last && age < STALE_MS ? last.outsider : outsider
      known.delete(key)
      known.set(key, { outsider, at: clock.monotonic() })
      if (known.size > REMEMBERED) known.delete(known.keys().next().value ?? '')
      return outsider
    },
    async find(conversation, id) {
      const person = await lookUp(conversation, id)
      if (person === null) return null
      const { objectId, name } = person
      const outsider = believed(person)
      return outsider === null ? { objectId, name } : { objectId, name, outsider }
    },
  }
}

function within(clock: Clock, answer: Promise<Person | null>): Promise<Person | null> {
  const { promise, resolve } = Promise.withResolvers<Person | null>()
  const cancel = clock.after(PATIENCE_MS, () => resolve(null))
  answer.then(resolve, () => resolve(null)).finally(cancel)
  return promise
}
