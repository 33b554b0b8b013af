import type { AlertDesk } from '../../src/commands/alerts/desk.ts'
import { ALERT_KINDS, type AlertOrder, type AlertPlan } from '../../src/core/alert.ts'
import type { Freeze } from '../../src/core/freeze.ts'
import type { OfficeWatch } from '../../src/core/watch.ts'
import { ANA, aConversation, NOON } from './check-kit.ts'

const EVERYTHING: AlertPlan = { selector: 'all', kinds: ALERT_KINDS, quiet: null, timeZone: 'UTC' }

/** Alerts about everything, unless it is said otherwise. */
export function anOrder(
  id: string,
  over: Omit<Partial<AlertOrder>, 'plan'> & { readonly plan?: Partial<AlertPlan> } = {},
): AlertOrder {
  const { plan, ...rest } = over
  return {
    id,
    conversation: aConversation('19:ops'),
    madeBy: ANA,
    madeAt: NOON,
    ...rest,
    plan: { ...EVERYTHING, ...plan },
  }
}

/** What is remembered of an office whose DNS fails for certain. */
export function aFailingWatch(officeId: string): OfficeWatch {
  return {
    officeId,
    checkId: 'c1',
    at: NOON,
    criteria: { 'local-dns': { value: 'fail', since: NOON, candidate: null } },
    troubles: [],
    egress: { addresses: { value: null, since: 0, candidate: null }, change: null },
  }
}

/** The alerts of a conversation in memory. */
export function memoryAlerts(
  first: readonly AlertOrder[] = [anOrder('a1')],
  watches: readonly OfficeWatch[] = [],
): AlertDesk {
  let all = first
  let frozen: readonly Freeze[] = []
  let count = 1
  const put = (order: AlertOrder): AlertOrder => {
    all = [...all.filter((other) => other.id !== order.id), order]
    return order
  }
  return {
    here: async () => all,
    add: async (plan) => put(anOrder(`a${++count}`, { plan })),
    change: async (id, plan) => (all.some((order) => order.id === id) ? put(anOrder(id, { plan })) : null),
    stop: async (id) => {
      const before = all.length
      all = all.filter((order) => order.id !== id)
      return all.length < before
    },
    watch: async (officeId) => watches.find((watch) => watch.officeId === officeId) ?? null,
    freezes: async () => frozen,
    freeze: async (officeId, until, reason) => {
      const freeze = { officeId, until, reason, by: ANA, at: NOON, conversation: aConversation('19:ops') }
      frozen = [...frozen.filter((other) => other.officeId !== officeId), freeze]
      return freeze
    },
    unfreeze: async (officeId) => {
      const before = frozen.length
      frozen = frozen.filter((other) => other.officeId !== officeId)
      return frozen.length < before
    },
  }
}
