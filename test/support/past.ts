import { USUAL_LEVELS } from '../../src/cards/wording.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { Ruling } from '../../src/core/ruling.ts'
import { CRITERIA, readinessOf, verdictOf } from '../../src/core/verdict.ts'
import type { LatestStore } from '../../src/store/latest.ts'
import { anOffice } from './check-kit.ts'

/** What a judgement of the past is to say. */
export interface PastOptions {
  readonly at: number
  readonly checkId?: string
  readonly officeId?: string
  /** One letter per criterion; all pass without it. */
  readonly letters?: string
  /** The median round trip to the door that the system's lookup led to, in ms. */
  readonly medianMs?: number
}

/** A judgement of an office with all its rulings, as a check would have left it. */
export function pastLatest(options: PastOptions): Latest {
  const { at, checkId = `check-${at}`, officeId = 'seattle', letters = 'ppppppppp', medianMs } = options
  const rulings = CRITERIA.map((criterion, index): Ruling => {
    const verdict = verdictOf(letters[index] ?? 'u')
    return {
      criterion,
      verdict,
      level: USUAL_LEVELS[criterion],
      because: `It was ${verdict} at ${officeId}.`,
      signals: [],
      findings: criterion === 'network-ready' && medianMs !== undefined ? [timed(medianMs)] : [],
    }
  })
  return {
    officeId,
    checkId,
    at,
    readiness: readinessOf(rulings),
    verdicts: letters,
    criteria: CRITERIA.map((id) => ({ id, version: 1 })),
    since: at,
    rulings,
    listVersion: '2026110200',
    runners: [],
    egress: [],
    chains: [],
    reach: { answered: [], failed: [] },
  }
}

/** What a check of an office without a runner rests on: nothing. */
export function noEvidence({ officeId, at }: Pick<Latest, 'officeId' | 'at'>): Evidence {
  return {
    office: anOffice(officeId),
    owed: [],
    questions: [],
    findings: [],
    seenElsewhere: [],
    chainsElsewhere: [],
    unmeasurableSets: [],
    listVersions: { hub: '2026102900', refreshedAt: null, runners: {} },
    runnerNames: {},
    now: at,
  }
}

/** Stores judgements as their checks would have: a row of history each, and the newest as the latest. */
export async function storePast(store: LatestStore, all: readonly PastOptions[]): Promise<void> {
  for (const options of all) {
    const latest = pastLatest(options)
    await store.addHistory({
      latest,
      startedAt: latest.at - 4_000,
      measurements: [],
      evidence: noEvidence(latest),
    })
    await store.put(latest)
  }
}

function timed(medianMs: number): Finding {
  const door = { address: '203.0.113.9', code: 'SEA', km: 17, servers: [], bySystem: true }
  return {
    code: 'door-timed',
    question: 'rtt',
    runnerId: 'seattle-1',
    measurementId: 'm1',
    args: {
      host: 'outlook.office365.com',
      doors: [{ ...door, minMs: medianMs, medianMs, tlsRoundTripMs: null, failure: null }],
    },
  }
}
