import { expect } from 'vitest'
import { alertStore } from '../../src/store/alerts.ts'
import { freezeStore } from '../../src/store/freezes.ts'
import { watchStore } from '../../src/store/watches.ts'
import { ANA, aConversation, NOON } from '../support/check-kit.ts'
import type { Walk } from './walks.ts'

const damaged = (id: string): never => {
  throw new Error(`the row ${id} cannot be read`)
}
const channel = aConversation('19:ops;messageid=1', { kind: 'channel' })

/** What is remembered for alerts, with a walk through all of its functions. */
export const ALERT_WALKS: Readonly<Record<string, Walk>> = {
  async alerts(table, ours) {
    const alerts = ours(alertStore(table, damaged))
    const plan = {
      selector: 'all',
      kinds: ['silent'],
      quiet: { from: '22:00', to: '06:00' },
      timeZone: 'UTC',
    } as const
    const order = { id: 'o1', plan, conversation: channel, madeBy: ANA, madeAt: NOON }
    await alerts.putOrder(order)
    expect(await alerts.orders()).toEqual([order])
    const condition = {
      subject: 'seattle-1',
      cause: 'seattle',
      since: NOON,
      facts: { kind: 'silent', office: { id: 'seattle', name: 'Seattle' }, runner: 'seattle-1', all: false },
    } as const
    const alert = {
      orderId: 'o1',
      id: `silent.seattle-1.${NOON}`,
      kind: 'silent',
      cause: 'seattle',
      openedAt: NOON,
      rows: [{ ...condition, resolvedAt: null }],
      state: 'waiting',
      activityId: null,
      isBehind: false,
    } as const
    const stored = await alerts.insert(alert)
    expect(await alerts.insert(alert)).toBeNull()
    if (stored === null) return
    const standing = { ...alert, state: 'standing', activityId: '1700' } as const
    expect((await alerts.change(stored, standing))?.alert).toEqual(standing)
    expect(await alerts.change(stored, alert)).toBeNull()
    expect((await alerts.alertsOf('o1')).map((one) => one.alert)).toEqual([standing])
    await alerts.remove(standing)
    expect(await alerts.alertsOf('o1')).toEqual([])
    expect([await alerts.removeOrder('o1'), await alerts.removeOrder('o1')]).toEqual([true, false])
  },

  async freezes(table, ours) {
    const freezes = ours(freezeStore(table, damaged))
    const freeze = {
      officeId: 'seattle',
      until: NOON + 9,
      reason: 'carrier move',
      by: ANA,
      at: NOON,
      conversation: channel,
    }
    await freezes.put(freeze)
    expect(await freezes.all()).toEqual([freeze])
    expect([await freezes.remove('seattle'), await freezes.remove('seattle')]).toEqual([true, false])
  },

  async watches(table, ours) {
    const watches = ours(watchStore(table, damaged))
    const watch = {
      officeId: 'seattle',
      checkId: 'c1',
      at: NOON,
      criteria: {
        'local-dns': {
          value: 'pass',
          since: NOON,
          candidate: { value: 'fail', firstAt: NOON, seen: 1, looked: 1 },
        },
      },
      troubles: [{ criterion: 'local-dns', code: null, firstAt: NOON, lastAt: NOON, resolvedAt: null }],
      egress: {
        addresses: { value: ['203.0.113.1'], since: NOON, candidate: null },
        change: { from: [], at: NOON },
      },
    } as const
    await watches.put(watch)
    expect(await watches.get('seattle')).toEqual(watch)
    expect(await watches.get('london')).toBeNull()
    expect(await watches.all()).toEqual([watch])
  },
}
