import type { Criterion } from '../core/evidence.ts'
import type { CriterionId } from '../core/verdict.ts'
import { endpointChanges } from './endpoint-changes.ts'
import { localDns } from './local-dns.ts'
import { localEgress } from './local-egress.ts'
import { nearestFrontDoor } from './nearest-front-door.ts'
import { networkPlan } from './network-plan.ts'
import { networkReady } from './network-ready.ts'
import { noHairpin } from './no-hairpin.ts'
import { noProxyOrInspection } from './no-proxy-or-inspection.ts'
import { tcpTuned } from './tcp-tuned.ts'

/** Every exit criterion, in the order in which they are shown and stored. */
export const ALL_CRITERIA: readonly Criterion[] = [
  localEgress,
  localDns,
  nearestFrontDoor,
  noHairpin,
  noProxyOrInspection,
  networkReady,
  networkPlan,
  endpointChanges,
  tcpTuned,
]

/** The same, by id. */
export const CRITERIA_BY_ID = Object.fromEntries(
  ALL_CRITERIA.map((criterion) => [criterion.id, criterion]),
) as Readonly<Record<CriterionId, Criterion>>
