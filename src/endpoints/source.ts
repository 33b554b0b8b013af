import * as z from 'zod'
import { done, type Failure, failed, type Outcome } from '../core/failure.ts'
import type { Instance } from '../core/instance.ts'
import type { Clock, Random } from '../core/ports.ts'
import { type EndpointChange, parseChanges } from './changes.ts'
import { type Kept, type ListMemory, readKept } from './kept.ts'
import type { EndpointList } from './list.ts'
import { parseEndpoints, refusesAfter, refusesBeside } from './parse.ts'

/** One GET of the endpoint web service: over verified TLS, or as a world says. The body as text; 429 is `http-busy`. */
export type FetchText = (path: string, signal: AbortSignal) => Promise<Outcome<string>>

/** Where the source says what it did. */
export interface SourceLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface EndpointParts {
  readonly fetchText: FetchText
  /** Worldwide when none is named. */
  readonly instance?: Instance
  /** What is held until a fetch succeeds. */
  readonly snapshot: EndpointList
  /**
   * Where the list of the real Internet outlives a restart, and the address of the web service that it is from. Absent
   * for a world's: that is fetched at each start, kept nowhere, and may be of any size, for a world is small.
   */
  readonly keep?: { readonly memory: ListMemory; readonly from: string }
  /** Told of each new list that took the place of another, with Microsoft's own changes as far as they were had. */
  readonly onNew?: (
    before: EndpointList,
    after: EndpointList,
    changes: readonly EndpointChange[],
  ) => Promise<unknown>
  /** This installation's own GUID, as the web service asks for. */
  readonly clientId: string
  readonly clock: Clock
  readonly random: Random
  readonly log: SourceLog
}

/** Microsoft asks for one look at the version per hour at most, and for an hour of silence after a 429. */
const HOUR_MS = 3_600_000
/** After a failure sooner, but not so soon that a service in trouble gets more of it. */
const RETRY_MS = 60_000

const versionSchema = z.object({ latest: z.string().regex(/^20\d{8}$/) })

/**
 * A program's own copy of Microsoft's endpoint list. Hub and runner each keep one: what a runner may contact is decided
 * by its own and never by the hub's. The version is asked for once an hour at most, the list only when the version is
 * new, both also across restarts. A list that cannot be believed does not replace the one held, and is not fetched again
 * while its version is the newest.
 */
export class EndpointSource {
  readonly #parts: EndpointParts
  readonly #stop = new AbortController()
  #list: EndpointList
  #fetched: Kept['fetched'] = null
  #newestAt: number | null = null
  #latest: Kept['latest'] = null
  #refused: Kept['refused'] = null
  #notBefore = 0
  #saved = ''
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
    return this.#newestAt
  }

  /** The newest version, where its list was refused, and why; null when it was not. */
  get refused(): { readonly version: string; readonly problem: string } | null {
    const refused = this.#refused
    if (refused === null || !this.#isRefused(this.#latest?.version ?? '')) return null
    return { version: refused.version, problem: refused.problem }
  }

  /** Fetches the list, and keeps it fresh from then on. Ends after the first try, good or bad. */
  async start(): Promise<void> {
    await this.#recall()
    const wait = await this.#refresh()
    if (this.#stop.signal.aborted) return
    await this.#remember()
    if (this.#stop.signal.aborted) return
    // Spread over a tenth, so that runners started together do not ask together for ever.
    const ms = wait * (1 + this.#parts.random.unit() / 10)
    this.#cancel = this.#parts.clock.after(ms, () => void this.start())
  }

  close(): void {
    this.#stop.abort()
    this.#cancel?.()
  }

  /** Sees to it that the newest list is held; answers how long to wait before the next look, ms. */
  async #refresh(): Promise<number> {
    const { clock } = this.#parts
    const quiet = this.#notBefore - clock.now()
    // More than an hour is a clock that was set back.
    if (quiet > 0 && quiet <= HOUR_MS) return quiet
    const latest = await this.#askLatest()
    if (!latest.ok) return this.#failed('version', latest.failure)
    const { version, at } = latest.result
    const nextHour = Math.max(RETRY_MS, at + HOUR_MS - clock.now())
    if (this.#isRefused(version)) {
      this.#warnRefused()
      return nextHour
    }
    if (this.#newestAt === null || version !== this.#list.version) {
      const wait = await this.#fetchList(version)
      if (wait !== null) return wait
    }
    this.#newestAt = at
    return nextHour
  }

  /** What the version method says, or said within the hour. */
  async #askLatest(): Promise<Outcome<NonNullable<Kept['latest']>>> {
    const { clientId, clock, fetchText } = this.#parts
    if (this.#latest !== null && isWithinHour(this.#latest.at, clock.now())) return done(this.#latest)
    const path = `/version/${this.#instance}?ClientRequestId=${clientId}`
    const answer = await fetchText(path, this.#stop.signal)
    if (!answer.ok) return answer
    const version = readVersion(answer.result)
    if (version === null) return failed('http-malformed', 'not the answer of the version method')
    this.#latest = { version, at: clock.now() }
    return done(this.#latest)
  }

  /** Fetches the list of a version; null when it is held now, else how long to wait, ms. */
  async #fetchList(version: string): Promise<number | null> {
    const { clientId, fetchText, keep, log } = this.#parts
    const path = `/endpoints/${this.#instance}?ClientRequestId=${clientId}`
    const body = await fetchText(path, this.#stop.signal)
    if (!body.ok) return this.#failed('list', body.failure)
    const read = parseEndpoints(body.result, version)
    const problem = read.ok ? this.#whyNot(read.list) : (read.problems[0] ?? '')
    if (!read.ok || problem !== null) {
      this.#refused = { version, held: this.#list.version, problem: problem ?? '' }
      this.#warnRefused()
      // What is no list at all came from something on the way, and says nothing of this version.
      if (!read.ok && !read.isList) this.#refused = null
      return HOUR_MS
    }
    const before = this.#list
    this.#list = read.list
    this.#refused = null
    this.#fetched = keep === undefined ? null : { version, entries: JSON.parse(body.result) }
    log.info({ version, sets: read.list.sets.length }, 'endpoint list fetched')
    if (before.version !== version) await this.#tellNew(before, read.list)
    return null
  }

  /** Whether a version's list was refused beside the very list that is held. */
  #isRefused(version: string): boolean {
    return this.#refused?.version === version && this.#refused.held === this.#list.version
  }

  #warnRefused(): void {
    this.#parts.log.warn({ ...this.#refused }, 'a new endpoint list was refused; the old one stays')
  }

  /** Asks what Microsoft says of the change; without an answer both lists still tell what differs. */
  async #tellNew(before: EndpointList, after: EndpointList): Promise<void> {
    const { clientId, fetchText, log, onNew } = this.#parts
    // An instance's first list is no change of anything.
    if (onNew === undefined || before.sets.length === 0) return
    const path = `/changes/${this.#instance}/${before.version}?ClientRequestId=${clientId}`
    const body = await fetchText(path, this.#stop.signal)
    const read = body.ok ? parseChanges(body.result) : null
    if (!read?.ok) log.warn({ since: before.version }, 'the changes of the endpoint list could not be read')
    try {
      await onNew(before, after, read?.ok ? read.changes : [])
    } catch (error) {
      log.warn({ error: (error as Error).name }, 'what is new in the endpoint list could not be kept')
    }
  }

  /** Why a list must not replace the one held; null when it may. */
  #whyNot(next: EndpointList): string | null {
    const { keep, snapshot } = this.#parts
    // A world's first list may be anything; Microsoft's is measured against what came with the program.
    const beside = keep === undefined ? null : refusesBeside(snapshot, next)
    return beside ?? (this.#newestAt === null ? null : refusesAfter(this.#list, next))
  }

  /** Takes up what was kept by an earlier run, or by another hub on the same store, where it is newer. */
  async #recall(): Promise<void> {
    const { clock, keep, log } = this.#parts
    if (keep === undefined) return
    let value: unknown
    try {
      value = await keep.memory.load()
    } catch (error) {
      log.warn({ error: (error as Error).name }, 'what was kept of the endpoint list could not be read')
      return
    }
    const found = readKept(value, this.#from)
    if (found === null) return
    const { kept, list } = found
    const now = clock.now()
    this.#notBefore = Math.max(this.#notBefore, kept.notBefore)
    if (kept.latest !== null && kept.latest.at <= now && kept.latest.at > (this.#latest?.at ?? -1)) {
      this.#latest = kept.latest
    }
    this.#refused = kept.refused ?? this.#refused
    const known = kept.newestAt !== null && kept.newestAt <= now && kept.newestAt > (this.#newestAt ?? -1)
    if (list === null || !known || this.#whyNot(list) !== null) return
    if (list.version !== this.#list.version) log.info({ version: list.version }, 'endpoint list taken up')
    this.#list = list
    this.#fetched = kept.fetched
    this.#newestAt = kept.newestAt
  }

  async #remember(): Promise<void> {
    const { keep, log } = this.#parts
    if (keep === undefined) return
    const mark = [
      this.#list.version,
      this.#newestAt,
      this.#latest?.at,
      this.#notBefore,
      this.#refused?.version,
    ].join()
    if (mark === this.#saved) return
    try {
      await keep.memory.save({
        from: this.#from,
        fetched: this.#fetched,
        newestAt: this.#newestAt,
        latest: this.#latest,
        refused: this.#refused,
        notBefore: this.#notBefore,
      })
      this.#saved = mark
    } catch (error) {
      log.warn({ error: (error as Error).name }, 'the endpoint list could not be kept for the next start')
    }
  }

  #failed(what: string, failure: Failure): number {
    const { clock, log } = this.#parts
    if (this.#stop.signal.aborted) return RETRY_MS
    const wait = failure === 'http-busy' ? HOUR_MS : RETRY_MS
    if (failure === 'http-busy') this.#notBefore = clock.now() + HOUR_MS
    const ageMs = this.#newestAt === null ? null : clock.now() - this.#newestAt
    const held = this.#list.version
    log.warn({ what, failure, held, ageMs }, 'the endpoint list could not be fetched; the old one stays')
    return wait
  }

  get #instance(): Instance {
    return this.#parts.instance ?? 'Worldwide'
  }

  get #from(): string {
    return `${this.#parts.keep?.from ?? ''} ${this.#instance}`
  }
}

function isWithinHour(at: number, now: number): boolean {
  return at <= now && now < at + HOUR_MS
}

function readVersion(text: string): string | null {
  try {
    return versionSchema.parse(JSON.parse(text)).latest
  } catch {
    return null
  }
}
