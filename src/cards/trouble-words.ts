import type { TroubleWord } from '../core/alert.ts'
import { t } from '../core/t.ts'
import { countText } from './formats.ts'

const LOOK_AT_LOG = t`Look at the log of the hub: it says what was refused.`

/** What each trouble of Doorstep’s own is called, and what to look at. `now` is given the number that goes with it. */
export const TROUBLE_WORDS: Readonly<
  Record<
    TroubleWord,
    { readonly now: (count: number) => string; readonly means: string; readonly over: string }
  >
> = {
  'list-old': {
    now: () => t`The endpoint list is old`,
    means: t`Microsoft’s web service was not reached for a day, so reach is judged by an old list.`,
    over: t`The endpoint list is fresh again`,
  },
  'digests-late': {
    now: (count) => t`${countText(count, 'digest')} could not be sent in time`,
    means: LOOK_AT_LOG,
    over: t`Digests are sent again`,
  },
  'store-failing': {
    now: () => t`The store failed`,
    means: t`What was checked or asked meanwhile may be lost. Look at the disk, or at the storage account. It is over after ten minutes without a failure.`,
    over: t`The store works again`,
  },
  'messages-late': {
    now: (count) => t`${countText(count, 'message')} could not be sent in time`,
    means: t`Teams’ limits kept them for more than a minute, or too many waited. Results are drawn again later; progress and single answers may be missing.`,
    over: t`Messages are sent in time again`,
  },
  'places-closed': {
    now: (count) => t`${countText(count, 'conversation takes', 'conversations take')} no digests and alerts`,
    means: t`Teams refuses what is sent there: Doorstep was removed, or the conversation is gone. An admin was told which. Say something to Doorstep there to bring it back.`,
    over: t`Every conversation takes its digests and alerts again`,
  },
  'beacon-silent': {
    now: () => t`The beacon does not answer`,
    means: t`Self-checks do not see who looks names up while it is silent. Look at the beacon, and at UDP port 53 to it.`,
    over: t`The beacon answers again`,
  },
  'hub-clock': {
    now: () => t`The clock of Doorstep is wrong, most likely`,
    means: t`Most runners are of another time, and they correct themselves by it. Set the hub’s clock by a time service.`,
    over: t`The runners’ clocks and Doorstep’s agree again`,
  },
}

/** The number that is not in the title, as a sentence; missing: there is none. */
export const TROUBLE_SAYS: Readonly<Partial<Record<TroubleWord, (count: number) => string>>> = {
  'store-failing': (count) => t`${countText(count, 'read or write', 'reads and writes')} failed.`,
  'hub-clock': (count) => t`${countText(count, 'runner')} disagreed.`,
}
