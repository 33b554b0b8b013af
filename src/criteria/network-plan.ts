import type { Criterion } from '../core/evidence.ts'
import { t } from '../core/t.ts'
import { ruleByAttestation } from './attested.ts'

const REMEDY = {
  order: 4,
  act: t`Vouch for the network plan`,
  how: t`Bandwidth for Microsoft 365, Office and Windows updates; the reference architecture; the pilot.`,
}

/** Required, step 1: bandwidth, architecture and pilot, which no probe can see. */
export const networkPlan: Criterion = {
  id: 'network-plan',
  version: 1,
  level: 'required',
  title: t`Network plan`,
  step: t`step 1`,
  rule:
    t`Passes while an admin vouches for it: bandwidth for Microsoft 365, Office and Windows updates; the reference ` +
    t`architecture; the pilot.`,
  restsOn: [],
  judge: (evidence) => ruleByAttestation(evidence, networkPlan, REMEDY),
}
