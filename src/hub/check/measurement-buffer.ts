import type { Measurement } from '../../core/measurement.ts'
import type { Clock } from '../../core/ports.ts'

interface Held {
  readonly measurement: Measurement
  readonly done: () => void
  readonly broke: (error: unknown) => void
}

/**
 * Gathers the measurements of one check so that several that arrive together are stored together. The first goes at
 * once, and so does the one that completes what is owed; between them at most one write per `everyMs`. Whoever added a
 * measurement waits until it is stored.
 */
export class MeasurementBuffer {
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #write: (measurements: readonly Measurement[]) => Promise<void>
  #waiting: Held[] = []
  /** Those that wait and those that are being written. */
  readonly #held = new Set<Held>()
  #cancel: (() => void) | null = null
  #lastWrite = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, everyMs: number, write: (measurements: readonly Measurement[]) => Promise<void>) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#write = write
  }

  /** Ends when the measurement is stored. `completes`: nothing else is owed once it is in. */
  add(measurement: Measurement, completes: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const held = { measurement, done: resolve, broke: reject }
    this.#waiting.push(held)
    this.#held.add(held)
    const rest = this.#lastWrite + this.#everyMs - this.#clock.monotonic()
    if (completes || rest <= 0) void this.flush()
    else this.#cancel ??= this.#clock.after(rest, () => void this.flush())
    return promise
  }

  /** Reports whether a measurement of that id waits or is being stored. */
  isHolding(measurementId: string): boolean {
    return [...this.#held].some(({ measurement }) => measurement.measurementId === measurementId)
  }

  /** Writes what waits, now. */
  async flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    this.#lastWrite = this.#clock.monotonic()
    try {
      await this.#write(batch.map((entry) => entry.measurement))
      for (const entry of batch) entry.done()
    } catch (error) {
      for (const entry of batch) entry.broke(error)
    } finally {
      for (const entry of batch) this.#held.delete(entry)
    }
  }
}
