import { INSTANCES } from '../core/instance.ts'

/** What `DOORSTEP_M365_INSTANCE` may be, for the sentence that says that it is not. */
export const INSTANCE_EXPECTED = `must be one of ${INSTANCES.join(', ')}`
