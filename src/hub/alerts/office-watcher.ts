import { FINDING_WORDS } from '../../cards/finding-sentences.ts'
import type { FindingCode } from '../../core/finding.ts'
import type { Latest } from '../../core/latest.ts'
import { type ConfirmRule, type OfficeWatch, watched } from '../../core/watch.ts'
import type { WatchStore } from '../../store/watches.ts'

/** What offices are remembered by, kept up with their judgements. One run of one hub alone has it at a time. */
export class OfficeWatcher {
  readonly #watches: WatchStore
  readonly #confirm: ConfirmRule
  #known: Map<string, OfficeWatch> | null = null

  constructor(watches: WatchStore, confirm: ConfirmRule) {
    this.#watches = watches
    this.#confirm = confirm
  }

  /** Takes in what was judged since the last look, and gives what is known of every office by now. */
  async look(latest: readonly Latest[]): Promise<ReadonlyMap<string, OfficeWatch>> {
    this.#known ??= new Map((await this.#watches.all()).map((watch) => [watch.officeId, watch]))
    const rules = { confirm: this.#confirm, isTrouble }
    for (const one of latest) {
      const before = this.#known.get(one.officeId) ?? null
      const after = watched(before, one, rules)
      if (after === before) continue
      await this.#watches.put(after)
      this.#known.set(after.officeId, after)
    }
    return this.#known
  }

  /** Another hub goes on with it: what is in memory is not to be believed any more. */
  forget(): void {
    this.#known = null
  }
}

function isTrouble(code: FindingCode): boolean {
  const severity = FINDING_WORDS[code]?.severity
  return severity === 'warning' || severity === 'problem'
}
