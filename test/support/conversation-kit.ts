import type { TableStore } from '../../src/core/table-store.ts'
import { alertDesks } from '../../src/hub/alerts/desk.ts'
import { Conversation } from '../../src/hub/conversation.ts'
import { digestDesks } from '../../src/hub/digests/desk.ts'
import { buttonOffers } from '../../src/hub/offer-button.ts'
import { codeMaker } from '../../src/hub/runners/new-code.ts'
import { type ActionStore, actionStore } from '../../src/store/actions.ts'
import { alertStore } from '../../src/store/alerts.ts'
import { digestStore } from '../../src/store/digests.ts'
import { freezeStore } from '../../src/store/freezes.ts'
import { historyStore } from '../../src/store/history.ts'
import { officeStore } from '../../src/store/offices.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { watchStore } from '../../src/store/watches.ts'
import { HUB_FACTS, HUB_LIST } from '../commands/context.ts'
import { type DeskOptions, openDesk } from './desk-kit.ts'
import { testGeography } from './registry-kit.ts'
import { type RolesKitOptions, rolesKit } from './roles-kit.ts'
import { memorySelfChecks } from './self-check.ts'

interface ConversationKitOptions {
  readonly desk: DeskOptions
  readonly roles: Omit<RolesKitOptions, 'store' | 'clock'>
  /** Buttons that are stored elsewhere, or not. */
  readonly actions?: ActionStore
}

/** A conversation over a desk whose chat is scripted, with real stores. */
export function openConversation({ desk: options, roles: people, actions: given }: ConversationKitOptions) {
  const { clock } = options
  const store: TableStore = options.store
  const kit = openDesk(options)
  const roles = rolesKit({ store, clock, ...people })
  const actions = given ?? actionStore(store)
  const { desk, checks, latest, log, speaker, random } = kit
  const conversation = new Conversation({
    ...roles,
    speaker,
    desk,
    offices: officeStore(store, () => undefined),
    latest,
    checks,
    actions,
    runnersByOffice: async () => new Map(),
    about: async () => HUB_FACTS,
    history: historyStore(store, () => undefined),
    endpointLists: { held: () => HUB_LIST, changes: async () => [] },
    geography: testGeography,
    dashboards: { pin: async () => ({ kind: 'unknown' }), end: async () => false },
    digestDesk: digestDesks({ digests: digestStore(store), clock, random, onChanged: () => undefined }),
    alertDesk: alertDesks({
      alerts: alertStore(store),
      freezes: freezeStore(store),
      watches: watchStore(store),
      clock,
      random,
      onChanged: () => undefined,
    }),
    selfCheckDesk: () => memorySelfChecks(),
    newCode: codeMaker({ runners: runnerStore(store), origin: 'https://hub.example', clock, random }),
    offer: buttonOffers(actions, clock, random),
    clock,
    random,
    log,
  })
  return { ...kit, ...roles, actions, conversation }
}
