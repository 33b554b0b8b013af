import type { Authority } from '../../src/core/authority.ts'
import type { Clock } from '../../src/core/ports.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { everyRow } from '../../src/core/table-store.ts'
import type { Speaker } from '../../src/hub/check/speaker.ts'
import { openDigests } from '../../src/hub/digests/open-digests.ts'
import { buttonOffers } from '../../src/hub/offer-button.ts'
import { actionStore } from '../../src/store/actions.ts'
import { digestStore } from '../../src/store/digests.ts'
import { latestStore } from '../../src/store/latest.ts'
import { random } from '../store/contract.ts'
import { ANA, anOffice } from './check-kit.ts'
import { testGeography } from './registry-kit.ts'
import { keptLog } from './settle.ts'

const ADMIN: Authority = {
  grants: [{ objectId: ANA.objectId, role: 'admin', tag: null }],
  everyone: 'member',
}
const OFFICES = [anOffice('seattle')]

/** What one hub posted, whoever it was. */
export interface SlotPost {
  readonly conversationId: string
}

/** Hubs that are after the same slots, with clocks of their own, which can be killed at once. */
export function slotKit(store: TableStore) {
  const posts: SlotPost[] = []
  const digests = digestStore(store)
  let seed = 0
  return {
    posts,
    digests,
    /** Starts one. Killed, it never comes back from what it was at; `midPost`: it dies after Teams took the post. */
    hub(clock: Clock) {
      const prefix = (++seed).toString(16).padStart(2, '0')
      const own = { unit: () => 0.5, hex: (bytes: number) => `${prefix}${random.hex(bytes).slice(2)}` }
      const log = keptLog()
      const state = { dead: false, diesAfterPost: false }
      const never = () => new Promise<never>(() => undefined)
      const mine: Clock = {
        ...clock,
        now: () => clock.now(),
        after: (ms, run) => clock.after(ms, () => (state.dead ? undefined : run())),
      }
      const speaker: Pick<Speaker, 'post'> = {
        post: async ({ conversationId }) => {
          if (state.dead) return never()
          posts.push({ conversationId })
          if (state.diesAfterPost) {
            state.dead = true
            return never()
          }
          return { kind: 'sent', activityId: `card-${posts.length}` }
        },
      }
      const hub = openDigests({
        digests,
        offices: { all: async () => OFFICES },
        geography: testGeography,
        latest: latestStore(store),
        authority: async () => ADMIN,
        desk: { newCheckId: () => own.hex(8), running: () => [], begin: async () => ({ kind: 'began' }) },
        speaker,
        offer: buttonOffers(actionStore(store), mine, own),
        isDead: async () => false,
        notSent: () => undefined,
        clock: mine,
        random: own,
        deadline: 1_000,
        log,
      })
      hub.start()
      return {
        log,
        /** Ends at once, in the middle of whatever it does. */
        kill: () => {
          state.dead = true
        },
        dieAfterNextPost: () => {
          state.diesAfterPost = true
        },
        isDead: () => state.dead,
        stop: () => hub.stop(),
      }
    },
    /** Slots of a schedule that were posted, epoch ms. */
    async posted(scheduleId: string): Promise<readonly number[]> {
      const slots: number[] = []
      for await (const { rk, props } of everyRow(store, { table: 'slots', pk: scheduleId })) {
        if (rk.endsWith('.post') && props['state'] === 'done') slots.push(Number(rk.split('.')[0]))
      }
      return slots
    },
  }
}
