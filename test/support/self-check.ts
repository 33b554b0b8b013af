import type { SelfCheckDesk } from '../../src/commands/self-check/desk.ts'
import type { ConversationRef } from '../../src/core/chat.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { SelfAddress, SelfCheck, SelfEvidence, SelfResult } from '../../src/core/self-check.ts'
import { judgeSelfCheck } from '../../src/core/self-judgement.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { ANA, aConversation, NOON } from './check-kit.ts'

/** A public address near the office of comparison. */
export function aSelfAddress(over: Partial<SelfAddress> = {}): SelfAddress {
  return {
    address: '203.0.113.7',
    special: null,
    label: 'Tacoma',
    km: 40,
    vendor: null,
    ofOffice: false,
    otherOffices: [],
    ...over,
  }
}

/** What a browser at home near its office shows: all is well. */
export function aSelfEvidence(over: Partial<SelfEvidence> = {}): SelfEvidence {
  return {
    office: { id: 'seattle', name: 'Seattle', by: 'zone', localEgress: 'pass', doorKm: 12 },
    limitKm: 800,
    egress: [aSelfAddress()],
    resolvers: [aSelfAddress({ address: '198.51.100.2', label: 'Seattle', km: 8 })],
    doors: [
      { name: 'exchange', kind: 'answered', ms: 12.1 },
      { name: 'sharepoint', kind: 'answered', ms: 15.4 },
      { name: 'teams', kind: 'answered', ms: 14 },
    ],
    zoneDiffers: false,
    ...over,
  }
}

/** A result of a page. */
export function aSelfResult(evidence: SelfEvidence = aSelfEvidence(), at = NOON): SelfResult {
  return { kind: 'page', at, evidence, judgement: judgeSelfCheck(evidence) }
}

/** An invitation of Ana's that nobody has used. */
export function aSelfCheck(id: string, over: Partial<SelfCheck> = {}): SelfCheck {
  const conversation: ConversationRef = aConversation()
  return {
    id,
    person: ANA,
    conversation,
    cardId: null,
    timeZone: 'Europe/London',
    officeId: null,
    askedAt: NOON,
    until: NOON + 600_000,
    state: 'invited',
    told: 'invited',
    codeHash: `code-${id}`,
    keyHash: null,
    seen: [],
    nonces: [],
    plan: null,
    result: null,
    ...over,
  }
}

/** What commands see of self-checks, in memory. */
export function memorySelfChecks(results: readonly SelfResult[] = []): SelfCheckDesk & {
  /** Which message each invitation became. */
  readonly cards: Map<string, string>
} {
  let kept = results
  let count = 0
  const cards = new Map<string, string>()
  return {
    cards,
    hours: 24,
    runnerSum: null,
    invite: async () => {
      const code = `dsm_${String(++count).padStart(32, '0')}`
      const hub = 'https://hub.example'
      return { id: `s${count}`, code, url: `${hub}/me#${code}`, hub, until: NOON + 600_000 }
    },
    posted: async (id, cardId) => {
      cards.set(id, cardId)
    },
    mine: async () => kept,
    forget: async () => {
      const { length } = kept
      kept = []
      return length
    },
    counts: async () => [
      { officeId: 'seattle', people: 6, outcomes: { well: 4, 'not-well': 1, unknown: 1 } },
    ],
  }
}

/** The latest check of an office that leaves locally. */
export function aLatest(officeId: string, over: Partial<Latest> = {}): Latest {
  return {
    officeId,
    checkId: 'c1',
    at: NOON,
    readiness: 'ready',
    verdicts: 'ppppppppp',
    criteria: CRITERIA.map((id) => ({ id, version: 1 })),
    since: NOON,
    rulings: [],
    listVersion: '2026110200',
    runners: [],
    egress: [],
    chains: [],
    reach: { answered: [], failed: [] },
    ...over,
  }
}
