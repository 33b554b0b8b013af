import type { RunnerShown } from '../cards/band.ts'
import type { CommandContext, NewCode } from '../commands/command.ts'
import { COMMANDS } from '../commands/registry.ts'
import { type Authority, may, mayForSome, roleOf } from '../core/authority.ts'
import type { ConversationRef, Person } from '../core/chat.ts'
import type { HubFacts } from '../core/hub-facts.ts'
import type { Clock } from '../core/ports.ts'
import type { Geography } from '../core/registry.ts'
import { CRITERIA_BY_ID } from '../criteria/registry.ts'
import { samplesOf } from '../probes/samples.ts'
import type { AuditReader } from '../store/audit.ts'
import type { CheckStore } from '../store/checks.ts'
import type { HistoryStore } from '../store/history.ts'
import type { LatestStore } from '../store/latest.ts'
import type { OfficeStore } from '../store/offices.ts'
import type { AlertDesks } from './alerts/desk.ts'
import type { Roles } from './authority.ts'
import type { LivingDashboards } from './chats/living-dashboards.ts'
import type { CheckDesk } from './check/check-desk.ts'
import { checksHere } from './checks-here.ts'
import type { DigestDesks } from './digests/desk.ts'
import { evidenceAgain } from './evidence-again.ts'
import type { OfferButton } from './offer-button.ts'

/** What commands look at, and the few things that they may write through. */
export interface ContextDeps {
  /** Who may what, as of now: from the configuration and from what was granted in the chat. */
  readonly authority: () => Promise<Authority>
  readonly roleDesk: Roles['desk']
  readonly auditLog: AuditReader
  readonly offices: OfficeStore
  readonly geography: Geography
  readonly latest: LatestStore
  readonly desk: CheckDesk
  readonly checks: CheckStore
  readonly history: HistoryStore
  readonly endpointLists: CommandContext['endpointLists']
  readonly alertDesk: AlertDesks
  readonly digestDesk: DigestDesks
  readonly dashboards: Pick<LivingDashboards, 'end'>
  readonly selfCheckDesk: (who: Omit<Who, 'reference'>) => CommandContext['selfChecks']
  readonly newCode: (officeId: string, createdBy: string) => Promise<NewCode>
  readonly runnersByOffice: () => Promise<ReadonlyMap<string, readonly RunnerShown[]>>
  /** What the hub says of itself. */
  readonly about: () => Promise<HubFacts>
  readonly offer: OfferButton
  readonly clock: Clock
}

/** Somebody who says something somewhere. */
export interface Who {
  readonly person: Person
  readonly conversation: ConversationRef
  /** The zone that their client names; null: not known. */
  readonly timeZone: string | null
  /** Under which the audit has this turn. */
  readonly reference: string
}

/** What a command may look at when this person says it here. Rights are looked up anew for every turn. */
export async function contextFor(deps: ContextDeps, who: Who): Promise<CommandContext> {
  const { person, conversation, timeZone, reference } = who
  const { offices, latest, clock, offer, runnersByOffice } = deps
  const authority = await deps.authority()
  return {
    person,
    now: clock.now(),
    timeZone: timeZone ?? 'UTC',
    role: roleOf(authority, person),
    conversationKind: conversation.kind,
    may: (verb, office) => {
      const permission = may(authority, person, verb, office)
      return permission.ok ? permission : { ...permission, reference }
    },
    mayForSome: (verb) => mayForSome(authority, person, verb),
    roles: deps.roleDesk(person, conversation),
    audit: deps.auditLog,
    reference,
    offices: () => offices.all(),
    registry: offices,
    geography: deps.geography,
    latest: () => latest.all(),
    checks: checksHere(deps, who),
    history: deps.history,
    endpointLists: deps.endpointLists,
    alerts: deps.alertDesk(person, conversation),
    endDashboard: () => deps.dashboards.end({ conversation, person, timeZone: timeZone ?? 'UTC' }),
    digests: deps.digestDesk(person, conversation),
    selfChecks: deps.selfCheckDesk(who),
    evidence: evidenceAgain(deps.history, async () => (await deps.about()).version),
    samples: async ({ officeId, checkId, at }) => {
      const stored = await deps.history.measurementsOf(officeId, checkId, at)
      return stored?.map((measurement) => ({ measurement, lines: samplesOf(measurement) })) ?? null
    },
    runners: runnersByOffice,
    newEnrolmentCode: (officeId) => deps.newCode(officeId, person.objectId),
    about: deps.about,
    criterion: (id) => CRITERIA_BY_ID[id],
    offer: (title, verb, command, { onlyMe = false, ...how } = {}) =>
      offer(conversation.conversationId, title, verb, command, {
        ...how,
        ...(onlyMe ? { onlyFor: person.objectId } : {}),
      }),
    commands: () => COMMANDS,
  }
}
