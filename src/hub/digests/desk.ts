import type { DigestDesk, DigestHere } from '../../commands/digests/desk.ts'
import type { ConversationRef, Person } from '../../core/chat.ts'
import type { DigestPlan, DigestSchedule } from '../../core/digest.ts'
import { newId } from '../../core/ids.ts'
import { homeId } from '../../core/known-conversation.ts'
import type { Clock, Random } from '../../core/ports.ts'
import type { DigestStore } from '../../store/digests.ts'
import { nextSlot } from './next-slot.ts'

/** Makes the desk of whoever speaks somewhere. Threads of a channel share its digests. */
export type DigestDesks = (person: Person, conversation: ConversationRef) => DigestDesk

/** Digests as commands see them, over the store. `onChanged`: the next due time may be another one now. */
export function digestDesks(deps: {
  readonly digests: DigestStore
  readonly clock: Clock
  readonly random: Random
  readonly onChanged: () => void
}): DigestDesks {
  const { digests, clock, random, onChanged } = deps
  return (person, conversation) => {
    const here = async (): Promise<readonly DigestHere[]> =>
      (await digests.all())
        .filter(
          ({ schedule }) =>
            schedule.conversation.tenantId === conversation.tenantId &&
            homeId(schedule.conversation) === homeId(conversation),
        )
        .toSorted((a, b) => a.schedule.madeAt - b.schedule.madeAt || (a.schedule.id < b.schedule.id ? -1 : 1))
    const put = async (schedule: DigestSchedule): Promise<DigestHere> => {
      const nextAt = nextSlot(schedule.plan, clock.now())
      await digests.put(schedule, nextAt)
      onChanged()
      return { schedule, nextAt }
    }
    const find = async (id: string) => (await here()).find(({ schedule }) => schedule.id === id)
    return {
      here,
      add: (plan: DigestPlan) =>
        put({
          id: newId(clock.now(), random),
          plan,
          conversation,
          madeBy: person,
          madeAt: clock.now(),
        }),
      async change(id, plan) {
        const found = await find(id)
        return found ? put({ ...found.schedule, plan, conversation, madeBy: person }) : null
      },
      async snooze(id) {
        const found = await find(id)
        if (!found) return null
        const after = nextSlot(found.schedule.plan, Math.max(found.nextAt, clock.now()))
        await digests.moveOn(found, after)
        onChanged()
        return after
      },
      stop: async (id) => (await find(id)) !== undefined && digests.remove(id),
      memory: (id) => digests.memory(id),
    }
  }
}
