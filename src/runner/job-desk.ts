import { failed } from '../core/failure.ts'
import { PROBE_NAMES } from '../core/measurement.ts'
import type { Job, OwedByJob } from '../wire/poll.ts'
import { type DeliverParts, type Delivery, deliver } from './deliver.ts'
import { failureText, type Made, type MeasureParts, measure, textOf } from './measure.ts'
import type { JobTaker } from './poll-loop.ts'

/** A measurement that was asked for, from then until long after it was delivered. */
interface Entry {
  readonly owed: OwedByJob
  readonly job: Job
  /** Of the latest job that asked for it. */
  attempt: number
  made: Made | null
  /** Waiting, running or being posted. */
  busy: boolean
}

export interface DeskParts {
  readonly measuring: MeasureParts
  readonly delivering: DeliverParts
  /** The hub said that this runner's key is dead. */
  readonly onDead: () => void
}

/** Delivered results that are kept: a hub that lost one asks again within its deadline of a minute. */
const KEPT = 500
/** Measurements that wait at most. A hub that asks for more is not served: it would be late anyway. */
const WAITING = 400

/**
 * Does what jobs ask: one probe at a time in the order of the probes, because they share the line and the clock; posts
 * each result while the next probe runs. A measurement is made once: asked again, its kept result is posted again.
 */
export class JobDesk implements JobTaker {
  readonly #parts: DeskParts
  readonly #entries = new Map<string, Entry>()
  readonly #queue: Entry[] = []
  readonly #posts = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  #working: Promise<void> | null = null

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  inflight(): readonly string[] {
    return [...this.#entries].filter(([, entry]) => entry.busy).map(([id]) => id)
  }

  take(jobs: readonly Job[]): number {
    let taken = 0
    for (const job of jobs) for (const owed of inOrder(job.owed)) taken += this.#takeOne(job, owed)
    if (this.#queue.length > 0) this.#working ??= this.#work()
    return taken
  }

  /** Ends what runs, without posting it: after a restart the hub asks again. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#queue.length = 0
    await this.#working
    await Promise.all(this.#posts)
  }

  #takeOne(job: Job, owed: OwedByJob): 0 | 1 {
    const known = this.#entries.get(owed.measurementId)
    if (this.#stop.signal.aborted) return 0
    if (known === undefined) {
      if (this.#queue.length >= WAITING) return 0
      const entry: Entry = { owed, job, attempt: job.attempt, made: null, busy: true }
      this.#entries.set(owed.measurementId, entry)
      this.#queue.push(entry)
      return 1
    }
    known.attempt = Math.max(known.attempt, job.attempt)
    if (known.busy || known.made === null) return 0
    known.busy = true
    this.#post(known, known.made)
    return 1
  }

  async #work(): Promise<void> {
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      entry.made = await measure(entry.owed, entry.job, this.#parts.measuring, this.#stop.signal)
      if (this.#stop.signal.aborted) break
      this.#post(entry, entry.made)
    }
    this.#working = null
  }

  #post(entry: Entry, made: Made): void {
    const post = this.#deliver(entry, made).finally(() => {
      entry.busy = false
      this.#posts.delete(post)
      this.#forgetOld()
    })
    this.#posts.add(post)
  }

  async #deliver(entry: Entry, made: Made): Promise<void> {
    const { measuring, delivering, onDead } = this.#parts
    const send = (text: string): Promise<Delivery> =>
      deliver(delivering, text, entry.job.deadline, this.#stop.signal)
    let delivery = await send(textOf(made, entry.attempt))
    if (delivery === 'unreadable') {
      const failure = failed('result-refused', 'the hub could not read the result')
      delivery = await send(failureText(made, entry.attempt, failure))
    }
    const facts = { measurementId: made.measurementId, probe: made.probe, delivery }
    measuring.workshop.log.info({ ...facts, ok: made.outcome.ok }, 'measurement handled')
    if (delivery === 'dead') onDead()
  }

  #forgetOld(): void {
    let surplus = this.#entries.size - KEPT
    for (const [id, entry] of this.#entries) {
      if (surplus <= 0) return
      if (entry.busy) continue
      this.#entries.delete(id)
      surplus -= 1
    }
  }
}

/** In the order of the probes; a name that is not known comes last and is answered as such. */
function inOrder(owed: readonly OwedByJob[]): readonly OwedByJob[] {
  const rank = ({ probe }: OwedByJob) => {
    const at = (PROBE_NAMES as readonly string[]).indexOf(probe)
    return at < 0 ? PROBE_NAMES.length : at
  }
  return owed.toSorted((a, b) => rank(a) - rank(b))
}
