import * as z from 'zod'
import type { Outcome } from '../core/failure.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { EndpointList } from './list.ts'
import { parseEndpoints, refusesAfter } from './parse.ts'

/** One GET of the endpoint web service: over verified TLS, or as a world says. The body as text. */
export type FetchText = (path: string, signal: AbortSignal) => Promise<Outcome<string>>

/** Where the source says what it did. */
export interface SourceLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface EndpointParts {
  readonly fetchText: FetchText
  /** What is held until a fetch succeeds. */
  readonly snapshot: EndpointList
  /** This program's own GUID, as the web service asks for. */
  readonly clientId: string
  readonly clock: Clock
  readonly random: Random
  readonly log: SourceLog
}

/** Microsoft asks for one look at the version per hour at most. */
const REFRESH_MS = 3_600_000
/** After a failure sooner, but not so soon that a service in trouble gets more of it. */
const RETRY_MS = 60_000

const versionSchema = z.object({ latest: z.string().regex(/^20\d{8}$/) })

/**
 * A program's own copy of Microsoft's endpoint list. Hub and runner each keep one: what a runner may contact is decided
 * by its own and never by the hub's. A list that cannot be believed does not replace the one held.
 */
export class EndpointSource {
  readonly #parts: EndpointParts
  readonly #stop = new AbortController()
  #list: EndpointList
  #fetchedAt: number | null = null
  #cancel: (() => void) | null = null

  constructor(parts: EndpointParts) {
    this.#parts = parts
    this.#list = parts.snapshot
  }

  /** The list held. */
  get list(): EndpointList {
    return this.#list
  }

  /** When it was last known to be the newest (epoch ms); null while it is the snapshot. */
  get fetchedAt(): number | null {
    return this.#fetchedAt
  }

  /** Fetches the list, and keeps it fresh from then on. Ends after the first try, good or bad. */
  async start(): Promise<void> {
    const fresh = await this.#refresh()
    if (this.#stop.signal.aborted) return
    // Spread over a tenth, so that runners started together do not ask together for ever.
    const ms = (fresh ? REFRESH_MS : RETRY_MS) * (1 + this.#parts.random.unit() / 10)
    this.#cancel = this.#parts.clock.after(ms, () => void this.start())
  }

  close(): void {
    this.#stop.abort()
    this.#cancel?.()
  }

  /** Reports whether the newest list is held now. */
  async #refresh(): Promise<boolean> {
    const { clientId, clock, fetchText, log } = this.#parts
    const signal = this.#stop.signal
    const query = `?ClientRequestId=${clientId}`
    const version = await fetchText(`/version/Worldwide${query}`, signal)
    if (!version.ok) return this.#failed('version', version.failure)
    const latest = readVersion(version.result)
    if (latest === null) return this.#failed('version', 'http-malformed')
    if (this.#fetchedAt === null || latest !== this.#list.version) {
      const body = await fetchText(`/endpoints/Worldwide${query}`, signal)
      if (!body.ok) return this.#failed('list', body.failure)
      const read = parseEndpoints(body.result, latest)
      // The snapshot is no measure for a shrunken list: a world's is smaller, and Microsoft's changes over the years.
      const held = this.#fetchedAt === null ? null : this.#list
      const problem = read.ok ? held && refusesAfter(held, read.list) : (read.problems[0] ?? '')
      if (!read.ok || problem !== null) {
        log.warn({ version: latest, problem }, 'a new endpoint list was refused; the old one stays')
        return false
      }
      this.#list = read.list
      log.info({ version: latest, sets: read.list.sets.length }, 'endpoint list fetched')
    }
    this.#fetchedAt = clock.now()
    return true
  }

  #failed(what: string, failure: string): false {
    const { clock, log } = this.#parts
    if (this.#stop.signal.aborted) return false
    const ageMs = this.#fetchedAt === null ? null : clock.now() - this.#fetchedAt
    const held = this.#list.version
    log.warn({ what, failure, held, ageMs }, 'the endpoint list could not be fetched; the old one stays')
    return false
  }
}

function readVersion(text: string): string | null {
  try {
    return versionSchema.parse(JSON.parse(text)).latest
  } catch {
    return null
  }
}
