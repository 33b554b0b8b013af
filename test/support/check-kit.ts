import type { ConversationRef, Person } from '../../src/core/chat.ts'
import type { CardPlace, Check } from '../../src/core/check.ts'
import { done } from '../../src/core/failure.ts'
import { type Measurement, type Owed, PROBE_NAMES, type ProbeName } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type { Runner } from '../../src/core/runner.ts'

/** 2026-11-20T12:00:00Z. */
export const NOON = Date.UTC(2026, 10, 20, 12)

export const ANA: Person = { objectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01', name: 'Ana Diaz' }
export const BO: Person = { objectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b02', name: 'Bo Li' }

/** How many measurements a check owes of an office with one runner, where nobody asks for a download. */
export const OWED_BY_ONE = PROBE_NAMES.filter((name) => name !== 'throughput').length

/** An office with nothing registered, named after its id where no name is given. */
export function anOffice(id: string, over: Partial<Office> = {}): Office {
  return {
    id,
    name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
    aliases: [],
    tags: [],
    at: { latitude: 47.61, longitude: -122.33 },
    placed: true,
    timeZone: 'America/Los_Angeles',
    egress: [],
    resolvers: [],
    doors: [],
    targets: {},
    overrides: [],
    attestations: [],
    world: null,
    onlyWhenNamed: false,
    ...over,
  }
}

/** What a runner that has every probe says of them. */
export const ALL_PROBES = Object.fromEntries(PROBE_NAMES.map((name) => [name, 1]))

/** An active runner that said hello and knows every probe. */
export function aRunner(officeId: string, over: Partial<Runner> = {}): Runner {
  const id = over.id ?? `${officeId}-1`
  return {
    id,
    officeId,
    name: id,
    kid: `kid-of-${id}`,
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
    state: 'active',
    enrolledAt: NOON,
    seenAt: NOON,
    hello: {
      version: '0.1.0',
      platform: 'linux',
      probes: ALL_PROBES,
      listVersion: '2026110200',
      settings: { tenant: false, echo: true, beacon: true },
      world: null,
    },
    quarantined: false,
    ...over,
  }
}

export function aConversation(
  conversationId = 'a:ana',
  over: Partial<ConversationRef> = {},
): ConversationRef {
  return {
    conversationId,
    kind: 'personal',
    tenantId: 'tenant-1',
    serviceUrl: 'http://127.0.0.1:1/connector',
    bot: { id: '28:doorstep', name: 'Doorstep' },
    teamId: null,
    channelId: null,
    ...over,
  }
}

export function aPlace(conversationId = 'a:ana', over: Partial<CardPlace> = {}): CardPlace {
  return {
    conversation: aConversation(conversationId),
    askedBy: ANA,
    replyTo: null,
    activityId: null,
    posting: false,
    dead: false,
    ...over,
  }
}

export function owedBy(
  measurementId: string,
  officeId = 'seattle',
  runnerId = `${officeId}-1`,
  probe: ProbeName = 'rtt',
): Owed {
  const params = { targets: [{ set: 1, host: 'outlook.office365.com' }] }
  return { measurementId, officeId, runnerId, probe, params }
}

/** A measurement as the hub stores it; its result is one that no probe reads, which is evidence of nothing. */
export function measurementOf(owed: Owed, checkId = 'c1', over: Partial<Measurement> = {}): Measurement {
  return {
    ...owed,
    checkId,
    outcome: done({ hosts: [] }),
    startedAt: NOON,
    durationMs: 10,
    receivedAt: NOON,
    probeVersion: 1,
    runnerVersion: '0.1.0',
    listVersion: '2026110200',
    loopDelayMs: 0,
    world: null,
    ...over,
  }
}

export function aCheck(over: Partial<Check> = {}): Check {
  return {
    id: 'c1',
    status: 'accepted',
    version: 1,
    officeIds: ['seattle'],
    places: [aPlace()],
    createdAt: NOON,
    deadline: NOON + 60_000,
    closedAt: null,
    owed: [],
    measurements: {},
    ...over,
  }
}
