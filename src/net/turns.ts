import { setMaxListeners } from 'node:events'

/** Lets so many work at a time; the others wait in order. */
export class Turns {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /** True: it is one's turn, until `give`. False: the signal ended the wait, and there is nothing to give back. */
  take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false)
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const called = (): void => {
        signal.removeEventListener('abort', left)
        resolve(true)
      }
      const left = (): void => {
        this.#waiting.delete(called)
        resolve(false)
      }
      // Many of one probe wait under one signal: that is no leak.
      setMaxListeners(0, signal)
      this.#waiting.add(called)
      signal.addEventListener('abort', left, { once: true })
    })
  }

  /** Ends one's turn. */
  give(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#free += 1
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
