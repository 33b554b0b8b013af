import type { TroubleWord } from '../core/alert.ts'
import { countText } from './formats.ts'

const LOOK_AT_LOG = 'Look at the log of the hub: it says what was refused.'

/** What each trouble of Doorstep’s own is called, and what to look at. `now` is given the number that goes with it. */
export const TROUBLE_WORDS: Readonly<
  Record<
    TroubleWord,
    { readonly now: (count: number) => string; readonly means: string; readonly over: string }
  >
> = {
  'list-old': {
    now: () => 'The endpoint list is old',
    means: 'Microsoft’s web service was not reached for a day, so reach is judged by an old list.',
    over: 'The endpoint list is fresh again',
  },
  'digests-late': {
    now: (count) => `${countText(count, 'digest')} could not be sent in time`,
    means: LOOK_AT_LOG,
    over: 'Digests are sent again',
  },
  'store-failing': {
    now: () => 'The store failed',
    means:
      'What was checked or asked meanwhile may be lost. Look at the disk, or at the storage account. It is over after ten minutes without a failure.',
    over: 'The store works again',
  },
  'messages-late': {
    now: (count) => `${countText(count, 'message')} could not be sent in time`,
    means:
      'Teams’ limits kept them for more than a minute, or too many waited. Results are drawn again later; progress and single answers may be missing.',
    over: 'Messages are sent in time again',
  },
  'places-closed': {
    now: (count) => `${countText(count, 'conversation takes', 'conversations take')} no digests and alerts`,
    means:
      'Teams refuses what is sent there: Doorstep was removed, or the conversation is gone. An admin was told which. Say something to Doorstep there to bring it back.',
    over: 'Every conversation takes its digests and alerts again',
  },
  'beacon-silent': {
    now: () => 'The beacon does not answer',
    means:
      'Self-checks do not see who looks names up while it is silent. Look at the beacon, and at UDP port 53 to it.',
    over: 'The beacon answers again',
  },
  'hub-clock': {
    now: () => 'The clock of Doorstep is wrong, most likely',
    means:
      'Most runners are of another time, and they correct themselves by it. Set the hub’s clock by a time service.',
    over: 'The runners’ clocks and Doorstep’s agree again',
  },
}

/** The number that is not in the title, as a sentence; missing: there is none. */
export const TROUBLE_SAYS: Readonly<Partial<Record<TroubleWord, (count: number) => string>>> = {
  'store-failing': (count) => `${countText(count, 'read or write', 'reads and writes')} failed.`,
  'hub-clock': (count) => `${countText(count, 'runner')} disagreed.`,
}
