import type { AlertDesk } from '../../commands/alerts/desk.ts'
import type { AlertOrder } from '../../core/alert.ts'
import type { ConversationRef, Person } from '../../core/chat.ts'
import { newId } from '../../core/ids.ts'
import { homeId } from '../../core/known-conversation.ts'
import type { Clock, Random } from '../../core/ports.ts'
import type { AlertStore } from '../../store/alerts.ts'
import type { FreezeStore } from '../../store/freezes.ts'
import type { WatchStore } from '../../store/watches.ts'

/** Makes the desk of whoever speaks somewhere. Threads of a channel share its alerts. */
export type AlertDesks = (person: Person, conversation: ConversationRef) => AlertDesk

/** Alerts and freezes as commands see them, over the store. */
export function alertDesks(deps: {
  readonly alerts: AlertStore
  readonly freezes: FreezeStore
  readonly watches: WatchStore
  readonly clock: Clock
  readonly random: Random
  readonly onChanged: () => void
}): AlertDesks {
  const { alerts, freezes, watches, clock, random, onChanged } = deps
  return (person, conversation) => {
    const here = async (): Promise<readonly AlertOrder[]> =>
      (await alerts.orders())
        .filter(
          (order) =>
            order.conversation.tenantId === conversation.tenantId &&
            homeId(order.conversation) === homeId(conversation),
        )
        .toSorted((a, b) => a.madeAt - b.madeAt || (a.id < b.id ? -1 : 1))
    const put = async (order: AlertOrder): Promise<AlertOrder> => {
      await alerts.putOrder(order)
      onChanged()
      return order
    }
    return {
      here,
      add: (plan) =>
        put({ id: newId(clock.now(), random), plan, conversation, madeBy: person, madeAt: clock.now() }),
      async change(id, plan) {
        const order = (await here()).find((one) => one.id === id)
        return order === undefined ? null : put({ ...order, plan, madeBy: person })
      },
      async stop(id) {
        if (!(await here()).some((one) => one.id === id)) return false
        return alerts.removeOrder(id)
      },
      watch: (officeId) => watches.get(officeId),
      freezes: async () => (await freezes.all()).filter(({ until }) => until > clock.now()),
      async freeze(officeId, until, reason) {
        const freeze = { officeId, until, reason, by: person, at: clock.now(), conversation }
        await freezes.put(freeze)
        onChanged()
        return freeze
      },
      async unfreeze(officeId) {
        const gone = await freezes.remove(officeId)
        onChanged()
        return gone
      },
    }
  }
}
