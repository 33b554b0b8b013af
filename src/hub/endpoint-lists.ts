import type { Instance } from '../core/instance.ts'
import type { ListHeld } from '../core/list-change.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { ListMemory } from '../endpoints/kept.ts'
import type { EndpointList } from '../endpoints/list.ts'
import { firstList, snapshotList } from '../endpoints/snapshot.ts'
import { EndpointSource } from '../endpoints/source.ts'
import { setsTurned } from '../endpoints/turned.ts'
import { listFetcher } from '../net/list-fetcher.ts'
import type { ListChangeStore } from '../store/list-changes.ts'
import type { DeskLog } from './check/check-desk.ts'

/** Microsoft's endpoint web service. */
export const MICROSOFT_LIST = 'https://endpoints.office.com'

/** Which lists a hub holds: the one of its world, if it serves one, and the real Internet's. */
export interface EndpointListsOptions {
  /** Where the endpoint web service answers; null: Microsoft's. */
  readonly url: string | null
  /** The world that `url` belongs to; null: the real Internet. */
  readonly world: string | null
  /** Which of Microsoft's clouds the offices on the real Internet use. */
  readonly instance: Instance
  /** The installation's GUID, by which the web service tells clients apart. */
  readonly clientId: string
  /** Where the list of the real Internet outlives a restart. */
  readonly memory: ListMemory
  /** Where it is kept what each new list of the real Internet changed. */
  readonly changes: Pick<ListChangeStore, 'add'>
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

  constructor({ url, world, instance, clientId, memory, changes, clock, random, log }: EndpointListsOptions) {
    const parts = { clientId, clock, random, log }
    const real = (base: string) =>
      new EndpointSource({
        ...parts,
        fetchText: listFetcher(base),
        instance,
        snapshot: firstList(instance),
        keep: { memory, from: base },
        onNew: (before, after, told) =>
          changes.add({
            version: after.version,
            before: before.version,
            at: clock.now(),
            sets: setsTurned(before, after, told),
          }),
      })
    this.#world = world
    if (world === null || url === null) {
      this.#main = real(url ?? MICROSOFT_LIST)
      this.#real = this.#main
    } else {
      this.#main = new EndpointSource({ ...parts, fetchText: listFetcher(url), snapshot: snapshotList() })
      this.#real = real(MICROSOFT_LIST)
    }
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

  /** The list for an office of this world, by its version. */
  heldFor(world: string | null): ListHeld {
    const { list, fetchedAt, refused } = this.#sourceFor(world)
    return { version: list.version, refreshedAt: fetchedAt, refused }
  }

  #sourceFor(world: string | null): EndpointSource {
    return world !== null && world === this.#world ? this.#main : this.#real
  }

  close(): void {
    this.#main.close()
    this.#real.close()
  }
}

/** A GUID as the web service asks of every caller. */
export function newGuid(random: Random): string {
  const hex = random.hex(16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
