import { request } from 'undici'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { EndpointList } from '../endpoints/list.ts'
import { snapshotList } from '../endpoints/snapshot.ts'
import { EndpointSource } from '../endpoints/source.ts'
import type { DeskLog } from './check/check-desk.ts'

/** Microsoft's endpoint web service. */
export const MICROSOFT_LIST = 'https://endpoints.office.com'

/** The list is about 80 KB; more than this is something else. */
const MAX_LIST_BYTES = 5_000_000

/** A web service that takes longer is in trouble; the snapshot serves meanwhile. */
const LIST_TIMEOUT_MS = 10_000

/** GETs from an endpoint web service: no redirects, verified TLS, bounded in size and time. */
export function listFetcher(base: string): (path: string, signal: AbortSignal) => Promise<Outcome<string>> {
  const origin = base.replace(/\/$/, '')
  return async (path, signal) => {
    try {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)])
      const answer = await request(origin + path, { method: 'GET', signal: ends })
      const chunks: Buffer[] = []
      let bytes = 0
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        bytes += chunk.length
        if (bytes > MAX_LIST_BYTES) return failed('http-too-large')
        chunks.push(chunk)
      }
      const text = Buffer.concat(chunks).toString('utf8')
      return answer.statusCode === 200 ? done(text) : failed('http-malformed', `status ${answer.statusCode}`)
    } catch (error) {
      return failed('host-unreachable', (error as Error).name)
    }
  }
}

/** Which lists a hub holds: the one of its world, if it serves one, and the real Internet's. */
export interface EndpointListsOptions {
  /** Where the endpoint web service answers; null: Microsoft's. */
  readonly url: string | null
  /** The world that `url` belongs to; null: the real Internet. */
  readonly world: string | null
  readonly clock: Clock
  readonly random: Random
  readonly log: DeskLog
}

/**
 * The hub's own copies of the endpoint list. The configured one is fetched at the start. A hub that serves a world
 * asks Microsoft for the real one only when an office on the real Internet is first looked at.
 */
export class EndpointLists {
  readonly #world: string | null
  readonly #main: EndpointSource
  readonly #real: EndpointSource
  #realFetched: Promise<void> | null

  constructor({ url, world, clock, random, log }: EndpointListsOptions) {
    const source = (base: string) =>
      new EndpointSource({
        fetchText: listFetcher(base),
        snapshot: snapshotList(),
        clientId: guidOf(random),
        clock,
        random,
        log,
      })
    this.#world = world
    this.#main = source(url ?? MICROSOFT_LIST)
    this.#real = world === null || url === null ? this.#main : source(MICROSOFT_LIST)
    this.#realFetched = null
  }

  /** Fetches what is needed from the first minute. */
  async start(): Promise<void> {
    if (this.#world === null || this.#real !== this.#main) await this.#main.start()
    if (this.#world === null) this.#realFetched = Promise.resolve()
  }

  /** Sees to it that the list for an office of this world (null: the real Internet) was asked for. */
  async ready(world: string | null): Promise<void> {
    if (world !== null && world === this.#world) return
    this.#realFetched ??= this.#real.start()
    await this.#realFetched
  }

  /** The list for an office of this world. */
  listFor(world: string | null): EndpointList {
    return this.#sourceFor(world).list
  }

  /** When the list for an office of this world was last known to be the newest, epoch ms; null: never. */
  refreshedAtFor(world: string | null): number | null {
    return this.#sourceFor(world).fetchedAt
  }

  #sourceFor(world: string | null): EndpointSource {
    return world !== null && world === this.#world ? this.#main : this.#real
  }

  close(): void {
    this.#main.close()
    this.#real.close()
  }
}

/** The GUID that the web service asks of every caller. */
function guidOf(random: Random): string {
  const hex = random.hex(16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
