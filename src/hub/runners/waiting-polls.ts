import type { Clock, Random } from '../../core/ports.ts'

/** How a held poll ended: look for work, answer 204, or there is nobody left to answer. */
export type PollEnd = 'wake' | 'empty' | 'replaced' | 'gone' | 'drain'

interface Held {
  end(how: PollEnd): void
}

/** Up to this share of the hold is taken off, so that runners that came together do not come again together. */
const JITTER = 0.2

/** The long polls that this hub holds open, one per runner. */
export class WaitingPolls {
  readonly #clock: Clock
  readonly #random: Random
  readonly #holdMs: number
  readonly #held = new Map<string, Held>()
  #draining = false

  constructor(clock: Clock, random: Random, holdMs: number) {
    this.#clock = clock
    this.#random = random
    this.#holdMs = holdMs
  }

  /**
   * Holds a runner's poll. Call it first and look for work then: a `wake` between the two is not lost. `gone` aborts
   * when the client has hung up, or when work was found and the poll is being answered.
   */
  hold(runnerId: string, gone: AbortSignal): Promise<PollEnd> {
    if (gone.aborted) return Promise.resolve('gone')
    if (this.#draining) return Promise.resolve('drain')
    this.#held.get(runnerId)?.end('replaced')
    return new Promise((resolve) => {
      const left = () => held.end('gone')
      const ms = this.#holdMs * (1 - JITTER * this.#random.unit())
      const cancel = this.#clock.after(ms, () => held.end('empty'))
      const held: Held = {
        end: (how) => {
          cancel()
          gone.removeEventListener('abort', left)
          if (this.#held.get(runnerId) === held) this.#held.delete(runnerId)
          resolve(how)
        },
      }
      gone.addEventListener('abort', left)
      this.#held.set(runnerId, held)
    })
  }

  /** There is work for these: the polls that this hub holds are answered at once, the others are not its business. */
  wake(runnerIds: Iterable<string>): void {
    for (const id of runnerIds) this.#held.get(id)?.end('wake')
  }

  isOpen(runnerId: string): boolean {
    return this.#held.has(runnerId)
  }

  get size(): number {
    return this.#held.size
  }

  /** Lets every poll go, and every later one: this hub stops, and runners find another. */
  drain(): void {
    this.#draining = true
    for (const held of [...this.#held.values()]) held.end('drain')
  }
}
