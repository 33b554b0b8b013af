import type { Authority } from '../../src/core/authority.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import type { Verdict } from '../../src/core/verdict.ts'
import { CONFIRM } from '../../src/core/watch.ts'
import { openAlerts } from '../../src/hub/alerts/open-alerts.ts'
import type { Surroundings } from '../../src/hub/alerts/surroundings.ts'
import type { CheckRequest } from '../../src/hub/check/check-desk.ts'
import type { Speaker } from '../../src/hub/check/speaker.ts'
import { buttonOffers } from '../../src/hub/offer-button.ts'
import { HUB_TIMES } from '../../src/hub/times.ts'
import { actionStore } from '../../src/store/actions.ts'
import { alertStore } from '../../src/store/alerts.ts'
import { freezeStore } from '../../src/store/freezes.ts'
import { latestStore } from '../../src/store/latest.ts'
import { leaseStore } from '../../src/store/leases.ts'
import { watchStore } from '../../src/store/watches.ts'
import { random } from '../store/contract.ts'
import { ANA, anOffice } from './check-kit.ts'
import { ScriptedSpeaker } from './desk-kit.ts'
import { testGeography } from './registry-kit.ts'
import { keptLog, settle } from './settle.ts'
import type { TestClock } from './test-clock.ts'

/** Ana may everything. */
const ADMIN: Authority = {
  grants: [{ objectId: ANA.objectId, role: 'admin', tag: null }],
  everyone: 'member',
}
const OFFICES = [anOffice('seattle'), anOffice('lyon', { tags: ['emea'] })]

/** Hubs that look after alerts over one store, with what they are told of in the hands of the test. */
export function watchKit(store: TableStore, clock: TestClock) {
  let seed = 0
  let count = 0
  const runs: { stop(): Promise<void> }[] = []
  /** A hub whose checks are only written down. */
  function aHub(
    over: { speaker?: ScriptedSpeaker; authority?: () => Authority; around?: Partial<Surroundings> } = {},
  ) {
    const speaker = over.speaker ?? new ScriptedSpeaker(clock)
    const begun: CheckRequest[] = []
    const log = keptLog()
    const prefix = (++seed).toString(16).padStart(2, '0')
    const own = { unit: () => 0.5, hex: (bytes: number) => `${prefix}${random.hex(bytes).slice(2)}` }
    const hub = openAlerts({
      alerts: alertStore(store),
      freezes: freezeStore(store),
      watches: watchStore(store),
      leases: leaseStore(store),
      offices: { all: async () => OFFICES },
      latest: latestStore(store),
      geography: testGeography,
      authority: async () => over.authority?.() ?? ADMIN,
      surroundings: async () => ({
        silent: [],
        runners: new Set(['seattle-1', 'lyon-1']),
        listChanges: [],
        listVersionFor: () => '1',
        listFreshAt: clock.now(),
        digestsDue: [],
        own: [],
        undecided: new Set(),
        ...over.around,
      }),
      desk: {
        newCheckId: () => `n${++count}`,
        running: () => [],
        begin: async (request) => {
          begun.push(request)
          return { kind: 'began' }
        },
      },
      speaker: speaker as Speaker,
      offer: buttonOffers(actionStore(store), clock, own),
      times: HUB_TIMES,
      confirm: CONFIRM,
      clock,
      random: own,
      log,
    })
    runs.push(hub)
    hub.changed()
    return { hub, speaker, begun, log }
  }

  /** An office is judged now. */
  async function judged(officeId: string, dns: Verdict, hub?: { changed(): void }): Promise<void> {
    const latest: Latest = {
      officeId,
      checkId: `c${++count}`,
      at: clock.now(),
      readiness: dns === 'fail' ? 'not-ready' : 'ready',
      verdicts: '',
      criteria: [],
      since: clock.now(),
      rulings: [
        {
          criterion: 'local-dns',
          level: 'required',
          verdict: dns,
          because: 'The resolver leaves 5,311 km away, limit 800 km.',
          signals: [],
          findings: [],
        },
      ],
      listVersion: '1',
      runners: [],
      egress: ['192.0.2.1'],
      chains: [],
      reach: { answered: [], failed: [] },
    }
    await latestStore(store).put(latest)
    hub?.changed()
    await pass(2_000, 1_000)
  }

  async function pass(ms: number, step = 30_000): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      await settle(25)
      clock.advance(Math.min(step, left))
    }
    await settle(40)
  }

  /** Ends every hub. */
  async function stop(): Promise<void> {
    for (const run of runs.splice(0)) run.stop().catch(() => undefined)
    await settle()
  }

  return { aHub, judged, pass, stop }
}
