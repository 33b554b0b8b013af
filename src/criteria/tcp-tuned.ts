import type { Criterion } from '../core/evidence.ts'
import { t } from '../core/t.ts'
import { ruleByAttestation } from './attested.ts'

const REMEDY = {
  order: 4,
  act: t`Vouch for the TCP settings`,
  how: t`Window scaling, idle time, maximum segment size and selective acknowledgements on clients.`,
}

/** Optional, step 5: TCP settings of clients, which no probe of a runner can see. */
export const tcpTuned: Criterion = {
  id: 'tcp-tuned',
  version: 1,
  level: 'optional',
  title: t`TCP tuned`,
  step: t`step 5`,
  rule:
    t`Passes while an admin vouches for it: window scaling, idle time, maximum segment size and selective ` +
    'acknowledgements.',
  restsOn: [],
  judge: (evidence) => ruleByAttestation(evidence, tcpTuned, REMEDY),
}
