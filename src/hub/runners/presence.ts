/** When each runner was last heard of. */
export class Presence {
  readonly #isOpen: (runnerId: string) => boolean
  readonly #silentMs: number
  readonly #last = new Map<string, number>()

  /** `isOpen`: this hub holds a poll of that runner. `silentMs`: how long without one makes it silent. */
  constructor(isOpen: (runnerId: string) => boolean, silentMs: number) {
    this.#isOpen = isOpen
    this.#silentMs = silentMs
  }

  /** A poll began or ended, or a stored row tells of one at another hub; older news changes nothing. Epoch ms. */
  heard(runnerId: string, at: number): void {
    this.#last.set(runnerId, Math.max(at, this.#last.get(runnerId) ?? 0))
  }

  /** Epoch ms; null when it was never heard of. */
  lastHeard(runnerId: string): number | null {
    return this.#last.get(runnerId) ?? null
  }

  /** No open poll, and none within the time. */
  isSilent(runnerId: string, now: number): boolean {
    if (this.#isOpen(runnerId)) return false
    const last = this.#last.get(runnerId)
    return last === undefined || now - last > this.#silentMs
  }

  /** The runner is no longer registered. */
  forget(runnerId: string): void {
    this.#last.delete(runnerId)
  }
}
