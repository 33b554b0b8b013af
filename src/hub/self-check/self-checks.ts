import type { SelfInvited } from '../../commands/self-check/desk.ts'
import type { ConversationRef, Person } from '../../core/chat.ts'
import { newId } from '../../core/ids.ts'
import type { Clock, Random } from '../../core/ports.ts'
import type { SelfCheck, SelfPlan, SelfResult } from '../../core/self-check.ts'
import type { SelfCheckStore } from '../../store/self-checks.ts'
import { newSelfCode, readSelfCode, selfSecretHash } from '../../wire/self-check.ts'
import type { DeskLog } from '../check/check-desk.ts'
import type { Speaker } from '../check/speaker.ts'
import { type DrawParts, drawForgotten, drawSelf } from './draw.ts'
import { newNonces } from './sightings.ts'

export interface SelfChecksDeps extends DrawParts {
  readonly store: SelfCheckStore
  readonly speaker: Pick<Speaker, 'edit' | 'post'>
  /** The hub's public origin. */
  readonly origin: string
  readonly clock: Clock
  readonly random: Random
  readonly log: DeskLog
}

/** A link waits this long for its click. */
const INVITED_MS = 10 * 60_000

/** From the click to the result: a command measures for a minute, and a sleepy laptop may take some. */
const RUNNING_MS = 5 * 60_000

/** Between two looks at all self-checks, for what ran out and what a crash left untold. */
const SWEEP_MS = 60_000

const HOUR_MS = 3600_000

/** Bytes of a key: 160 bits. */
const KEY_BYTES = 20

/** Addresses of one browser that are kept: one or two per family. */
const MAX_SEEN = 6

/** A self-check that has begun, and the key with which its result is given. */
export interface SelfBegun {
  readonly check: SelfCheck
  readonly key: string
}

/**
 * Self-checks from the invitation to the result. Every step is a row that is changed on a condition, and the card is drawn
 * from the row, so a crash at any instant leaves what the next sweep of any hub ends.
 */
export class SelfChecks {
  readonly #deps: SelfChecksDeps
  readonly #turns = new Map<string, Promise<void>>()
  #cancel: (() => void) | null = null
  #stopped = false

  constructor(deps: SelfChecksDeps) {
    this.#deps = deps
  }

  /** Makes an invitation with a fresh code. */
  async invite(
    person: Person,
    conversation: ConversationRef,
    timeZone: string,
    officeId: string | null,
  ): Promise<SelfInvited> {
    const { store, origin, clock, random } = this.#deps
    const code = newSelfCode(random)
    const askedAt = clock.now()
    const until = askedAt + INVITED_MS
    const id = newId(askedAt, random)
    await store.add({
      id,
      person: { objectId: person.objectId, name: person.name },
      conversation,
      cardId: null,
      timeZone,
      officeId,
      askedAt,
      until,
      state: 'invited',
      told: 'invited',
      codeHash: selfSecretHash(code),
      keyHash: null,
      seen: [],
      nonces: [],
      plan: null,
      result: null,
    })
    return { id, code, url: `${origin}/me#${code}`, hub: origin, until }
  }

  /** The invitation's card stands; whatever happened by then is drawn on it. */
  async posted(objectId: string, id: string, cardId: string): Promise<void> {
    const check = (await this.#deps.store.of(objectId)).find((one) => one.id === id)
    const known = check && (await this.#deps.store.change(check, (before) => ({ ...before, cardId })))
    if (known && known.state !== known.told) this.#tellSoon(known)
  }

  /**
   * Spends a code, once; null for every reason why not. The plan of a command is made before the check is seen to run, so
   * that its card says the right thing.
   */
  async begin(
    text: string,
    address: string,
    plan?: (check: SelfCheck) => Promise<SelfPlan>,
  ): Promise<SelfBegun | null> {
    const { store, clock, random } = this.#deps
    const code = readSelfCode(text)
    const spent = code === null ? null : await store.spend(selfSecretHash(code), clock.now())
    if (spent === null) return null
    const key = random.hex(KEY_BYTES)
    const keyHash = selfSecretHash(key)
    const until = clock.now() + RUNNING_MS
    const made = plan === undefined ? null : await plan(spent)
    const nonces = plan === undefined ? newNonces(random) : []
    const check = await store.change(spent, (before) =>
      before.state === 'invited'
        ? { ...before, state: 'running', until, keyHash, nonces, seen: [address], plan: made }
        : null,
    )
    if (check === null) return null
    await store.addKey(keyHash, check, until)
    this.#tellSoon(check)
    return { check, key }
  }

  /** Notes one more address that a browser came from. False: the id leads to nothing that runs. */
  async seenAt(keyHash: string, address: string): Promise<boolean> {
    const { store, clock } = this.#deps
    const check = await store.byKey(keyHash, clock.now())
    if (check?.state !== 'running') return false
    if (check.seen.includes(address)) return true
    await store.change(check, (before) =>
      before.state === 'running' && before.seen.length < MAX_SEEN && !before.seen.includes(address)
        ? { ...before, seen: [...before.seen, address] }
        : null,
    )
    return true
  }

  /** The check that a key leads to; null: none, or its time is over. */
  async byKey(key: string): Promise<SelfCheck | null> {
    return this.#deps.store.byKey(selfSecretHash(key), this.#deps.clock.now())
  }

  /** Keeps a result; the first one counts, and is the answer to every other. Null: it was forgotten or ran out. */
  async finish(check: SelfCheck, result: SelfResult): Promise<SelfResult | null> {
    const done = await this.#deps.store.change(check, (before) =>
      before.state === 'running' ? { ...before, state: 'done', result } : null,
    )
    if (done === null) {
      const mine = await this.#deps.store.of(check.person.objectId)
      return mine.find(({ id }) => id === check.id)?.result ?? null
    }
    this.#tellSoon(done)
    return result
  }

  /** Removes all of a person's, and says so on their cards. */
  async forget(objectId: string): Promise<number> {
    const gone = await this.#deps.store.forget(objectId)
    for (const check of gone) this.#inTurn(check, () => this.#tellForgotten(check))
    return gone.length
  }

  /** Begins to look for what ran out. */
  start(): void {
    this.#sweepIn(0)
  }

  /** Looks no more; ends when the cards that are under way are told. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await Promise.allSettled([...this.#turns.values()])
  }

  #sweepIn(ms: number): void {
    if (this.#stopped) return
    this.#cancel = this.#deps.clock.after(ms, () => {
      this.sweep()
        .catch((error: unknown) =>
          this.#deps.log.error({ err: error }, 'self-checks could not be looked through'),
        )
        .finally(() => this.#sweepIn(SWEEP_MS))
    })
  }

  /** Ends what ran out, draws what is not drawn yet, and removes what is too old. */
  async sweep(): Promise<void> {
    const { store, clock, hours } = this.#deps
    const now = clock.now()
    await store.sweep(now - hours * HOUR_MS, now)
    for (const check of await store.all()) {
      const isOver = check.until <= now && (check.state === 'invited' || check.state === 'running')
      const ended = isOver ? await store.change(check, (before) => overAt(before, now)) : null
      const current = ended ?? check
      if (current.state !== current.told && current.cardId !== null) this.#tellSoon(current)
    }
  }

  #tellSoon(check: SelfCheck): void {
    if (check.cardId !== null) this.#inTurn(check, () => this.#tell(check))
  }

  /** Cards of one check are drawn one after another: an older state must not come last. */
  #inTurn({ id }: SelfCheck, work: () => Promise<void>): void {
    const { log } = this.#deps
    const before = this.#turns.get(id) ?? Promise.resolve()
    const mine = before
      .then(work)
      .catch((error: unknown) => log.error({ err: error }, 'the card of a self-check could not be drawn'))
      .finally(() => {
        if (this.#turns.get(id) === mine) this.#turns.delete(id)
      })
    this.#turns.set(id, mine)
  }

  async #tell({ person, id }: SelfCheck): Promise<void> {
    const { store, speaker, log } = this.#deps
    // As it is now: it may have gone on, or be forgotten.
    const check = (await store.of(person.objectId)).find((one) => one.id === id)
    if (!check || check.cardId === null || check.state === check.told) return
    const card = await drawSelf(check, this.#deps)
    if (card === null) return
    const told = await speaker.edit(check.conversation, check.cardId, card)
    if (told.kind === 'later' || told.kind === 'unknown') return
    if (told.kind === 'refused') log.warn({ check: id, gone: told.gone }, 'the card of a self-check is gone')
    // A result must not be lost with the message that it was to replace.
    if (told.kind === 'refused' && told.lost && check.state === 'done') {
      await speaker.post(check.conversation, null, card)
    }
    await store.change(check, (before) => ({ ...before, told: check.state }))
  }

  async #tellForgotten(check: SelfCheck): Promise<void> {
    if (check.cardId === null) return
    const card = await drawForgotten(check, this.#deps.offer)
    await this.#deps.speaker.edit(check.conversation, check.cardId, card)
  }
}

function overAt(check: SelfCheck, now: number): SelfCheck | null {
  const isOpen = check.state === 'invited' || check.state === 'running'
  return isOpen && check.until <= now ? { ...check, state: 'expired' } : null
}
