import { problemsTogether } from '../config/config-error.ts'
import type { HubConfig } from '../config/hub-config.ts'
import { may, roleOf } from '../core/authority.ts'
import { TurnLimits } from '../core/turn-limits.ts'
import { actionStore } from '../store/actions.ts'
import { auditReader } from '../store/audit.ts'
import { checkStore } from '../store/checks.ts'
import { conversationStore } from '../store/conversations.ts'
import { dashboardStore } from '../store/dashboards.ts'
import { deadConversationStore } from '../store/dead-conversations.ts'
import { grantStore } from '../store/grants.ts'
import { historyStore } from '../store/history.ts'
import { installationStore } from '../store/installation.ts'
import { latestStore } from '../store/latest.ts'
import { listChangeStore } from '../store/list-changes.ts'
import { officeStore } from '../store/offices.ts'
import { openStore } from '../store/open-store.ts'
import {
  rememberedGrants,
  rememberedLatest,
  rememberedOffices,
  rememberedRunners,
  SHARED_FRESH_MS,
} from '../store/remembered.ts'
import { runnerStore } from '../store/runners.ts'
import { selfCheckStore } from '../store/self-checks.ts'
import { type PacedChat, type PacedChatDeps, pacedChat } from '../teams/paced-chat.ts'
import { createTeamsGate } from '../teams/teams-gate.ts'
import { createTeamsSender } from '../teams/teams-sender.ts'
import { readAddressTables } from './address-tables.ts'
import { ClockDoubts } from './alerts/clock-doubts.ts'
import { watchedStore } from './alerts/store-health.ts'
import { rolesOf } from './authority.ts'
import { Arrivals } from './chats/arrivals.ts'
import { chatHandlers } from './chats/chat-handlers.ts'
import { LivingDashboards } from './chats/living-dashboards.ts'
import { chatSpeaker } from './check/chat-speaker.ts'
import { checkCards } from './check/check-cards.ts'
import { contexts } from './check/check-context.ts'
import { CheckDesk } from './check/check-desk.ts'
import { Conversation } from './conversation.ts'
import { AdminTeller } from './dead-conversations.ts'
import { EndpointLists, newGuid } from './endpoint-lists.ts'
import { geographyFrom } from './geography.ts'
import { healthRoute } from './health-route.ts'
import { startHubServer } from './http/server.ts'
import type { HubRoute } from './http/types.ts'
import { hubFacts } from './hub-facts.ts'
import { buttonOffers } from './offer-button.ts'
import { openOrders } from './orders.ts'
import { peopleOf } from './people.ts'
import { runnerRoutes, SEEN_EVERY_MS } from './runner-routes.ts'
import { codeMaker } from './runners/new-code.ts'
import { Presence } from './runners/presence.ts'
import { runnersShown, statusOf } from './runners/runners-shown.ts'
import { WaitingPolls } from './runners/waiting-polls.ts'
import { openSelfChecks } from './self-check/open-self-checks.ts'
import { hubSignIn, type SignInDeps } from './sign-in.ts'
import { surroundingsByWorld } from './surroundings.ts'
import { scaledTimes } from './times.ts'
import { toldAfter } from './told-after.ts'

/** A hub that runs. */
export interface Hub {
  readonly url: string
  /** Lets polls go, finishes what is being stored, closes the store. */
  close(): Promise<void>
}

/** What the hub is given instead of looking for it. */
export type HubDeps = SignInDeps

/** Starts the bot: store, chat, checks, runners, HTTP, and takes up what an earlier run left unfinished. */
export async function startHub(config: HubConfig, deps: HubDeps): Promise<Hub> {
  const { clock, random, log } = deps
  for (const warning of config.warnings) log.warn({ warning }, 'configuration')
  const times = scaledTimes(config.timeScale)
  const [signIn, tables] = problemsTogether(
    () => hubSignIn(config.signIn, deps),
    () => readAddressTables(config, log),
  )
  const store = watchedStore(await openStore(config.store, { random }), clock)
  const damaged = (what: string) => (id: string) => log.error({ id }, `the row of ${what} cannot be read`)
  const freshMs = config.store.kind === 'embedded' ? Number.POSITIVE_INFINITY : SHARED_FRESH_MS
  const offices = rememberedOffices(officeStore(store, damaged('an office')), clock, freshMs)
  const runners = rememberedRunners(runnerStore(store, damaged('a runner')), clock, freshMs)
  const checks = checkStore(store, damaged('a check'))
  const latest = rememberedLatest(latestStore(store, damaged('a verdict')), clock, freshMs)
  const actions = actionStore(store)

  const polls = new WaitingPolls(clock, random, times.hold)
  const clocks = new ClockDoubts(clock)
  const presence = new Presence((id) => polls.isOpen(id), times.silent)
  // A row is behind by up to this much: a runner that polled until we stopped is not silent because we start.
  for (const runner of await runners.all())
    if (runner.seenAt !== null)
      presence.heard(runner.id, Math.min(clock.now(), runner.seenAt + SEEN_EVERY_MS))

  const installation = installationStore(store)
  const listChanges = listChangeStore(store)
  const lists = new EndpointLists({
    url: config.endpoints,
    world: config.world,
    instance: config.instance,
    clientId: await installation.clientId(() => newGuid(random)),
    memory: { load: installation.loadEndpointList, save: installation.saveEndpointList },
    changes: listChanges,
    clock,
    random,
    log,
  })
  const surroundingsOf = surroundingsByWorld(config.world, lists, tables)

  const sender = createTeamsSender({ ...signIn.sender, clock })
  const dead = deadConversationStore(store, damaged('the chat of an admin'))
  const teller = new AdminTeller({
    store: dead,
    isAdmin: async (objectId) => roleOf(await roles.authority(), { objectId }) === 'admin',
    chat: () => chat,
    clock,
    log,
  })
  const onDead: PacedChatDeps['onDead'] = (ref, status) => teller.died(ref, status)
  const chat: PacedChat = pacedChat({ sender, dead, onDead, clock, random, log })
  const speaker = chatSpeaker(chat)
  const offer = buttonOffers(actions, clock, random)
  const people = peopleOf({ chat, clock, signIn: config.signIn !== 'off' })
  const grants = rememberedGrants(grantStore(store, damaged('a role')), clock, freshMs)
  const roles = rolesOf({ configured: config.authority, grants, people })
  const { authority } = roles
  const conversations = conversationStore(store, damaged('a conversation'))
  const dashboards = new LivingDashboards({
    dashboards: dashboardStore(store),
    conversations,
    offices,
    latest,
    authority,
    speaker,
    offer,
    clock,
    log,
    everyMs: times.dashboard,
  })
  const arrivals = new Arrivals({
    conversations,
    offices,
    authority,
    speaker,
    member: (ref, id) => chat.member(ref, id),
    offer,
    clock,
    log,
    onBack: () => dashboards.changed(),
  })
  const desk = new CheckDesk({
    checks,
    latest: toldAfter(latest, () => [dashboards, alerts]),
    speaker,
    cards: checkCards(
      offer,
      (runner) => statusOf(runner, presence, clock.now()),
      async (person, office) => may(await authority(), person, 'edit-office', office).ok,
    ),
    clock,
    random,
    times,
    isSilent: (runnerId) => presence.isSilent(runnerId, clock.now()),
    wake: (runnerIds) => polls.wake(runnerIds),
    log,
    context: contexts({
      offices,
      runners,
      latest,
      surroundingsOf,
      ready: (world) => lists.ready(world),
      requiredToo: config.requiredToo,
    }),
  })
  const geography = geographyFrom((office) => surroundingsOf(office).atlas)
  const parts = { config, offices, latest, speaker, offer, clock, random, log }
  const orders = openOrders({
    ...parts,
    store,
    damaged,
    runners,
    presence,
    lists,
    listChanges,
    geography,
    authority,
    desk,
    dead,
    unsent: () => chat.counts.dropped + chat.counts.tooLate,
    clocks,
    notSent: (ref) => teller.digestNotSent(ref),
    times,
  })
  const selfChecks = await openSelfChecks({
    ...parts,
    store: selfCheckStore(store, damaged('a self-check')),
    surroundingsOf,
    listReady: (world) => lists.ready(world),
  })
  const { digests, alerts } = orders
  const conversation = new Conversation({
    authority,
    dashboards,
    roleDesk: roles.desk,
    seen: roles.seen,
    auditLog: auditReader(store),
    people,
    limits: new TurnLimits(clock, config.asksPerMinute),
    speaker,
    desk,
    offices,
    geography,
    digestDesk: digests.desks,
    alertDesk: alerts.desks,
    selfCheckDesk: selfChecks.desk,
    latest,
    history: historyStore(store, damaged('a past check')),
    endpointLists: { held: (world) => lists.heldFor(world), changes: () => listChanges.all() },
    checks,
    actions,
    newCode: codeMaker({ runners, origin: config.origin, clock, random }),
    runnersByOffice: async () => runnersShown(await runners.all(), presence, clock.now()),
    about: hubFacts({
      config,
      startedAt: clock.now(),
      runners,
      presence,
      lists,
      desk,
      ...orders,
      clock,
    }),
    offer,
    clock,
    random,
    log,
  })
  const gate = createTeamsGate({
    gate: signIn.gate,
    handlers: chatHandlers({ conversation, arrivals, teller, clock, log }),
    log,
    now: () => clock.now(),
  })
  const messages: HubRoute = {
    method: 'POST',
    path: '/api/messages',
    handle: (request) => gate(request.body, request.headers['authorization']),
  }
  await lists.start()
  signIn.start()
  const server = await startHubServer({
    host: config.host,
    port: config.port,
    allowedHosts: config.hosts,
    trustedProxies: config.trustedProxies,
    routes: [
      messages,
      healthRoute(desk, runners, polls, signIn, chat),
      ...selfChecks.routes,
      ...runnerRoutes({ ...parts, origin: config.origin, runners, desk, polls, presence, clocks }),
    ],
    log,
    clock,
  }).catch(async (error: unknown) => {
    lists.close()
    await chat.close()
    await signIn.close()
    await store.close()
    throw error
  })
  const resumed = await desk.resume()
  if (resumed > 0) log.info({ checks: resumed }, 'took up unfinished checks')
  dashboards.changed()
  orders.start()
  selfChecks.start()
  return {
    url: server.url,
    async close() {
      polls.drain()
      await server.close()
      // What waits in the chat is given back when that closes.
      const told = orders.stop()
      await desk.stop()
      await dashboards.stop()
      const drawn = selfChecks.stop()
      lists.close()
      await chat.close()
      await Promise.all([told, drawn])
      await signIn.close()
      await store.close()
    },
  }
}
