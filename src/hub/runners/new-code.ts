import type { NewCode } from '../../commands/command.ts'
import type { Clock, Random } from '../../core/ports.ts'
import type { RunnerStore } from '../../store/runners.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../../wire/enrolment-code.ts'

/** Long enough to walk to the machine, short enough that a forgotten code is none. */
const GOOD_FOR_MS = 60 * 60_000

interface NewCodeParts {
  readonly runners: Pick<RunnerStore, 'putCode'>
  /** The hub's public origin. */
  readonly origin: string
  readonly clock: Clock
  readonly random: Random
}

/** Makes one-time codes. The store holds the hash alone, with who asked for it. */
export function codeMaker({ runners, origin, clock, random }: NewCodeParts) {
  return async (officeId: string, createdBy: string): Promise<NewCode> => {
    const code = newEnrolmentCode(officeId, random)
    const expiresAt = clock.now() + GOOD_FOR_MS
    const hash = hashEnrolmentCode(code)
    await runners.putCode(hash, { officeId, createdBy, expiresAt, usedBy: null, runnerId: null })
    return { code, expiresAt, hub: origin }
  }
}
