import { deadConversationText, digestNotSentText } from '../cards/dead-conversation.ts'
import { type ChatPort, type ConversationRef, type Person, withoutThread } from '../core/chat.ts'
import type { Clock } from '../core/ports.ts'
import type { DeadConversationStore } from '../store/dead-conversations.ts'
import { deadKey } from '../store/keys.ts'
import type { DeskLog } from './check/check-desk.ts'

/** An admin's conversation is stored again when it changed, or after this: which one is newest may be an hour late. */
const KEEP_EVERY_MS = 3_600_000

/** Admins who are tried, when the first ones cannot be told either. */
const MAX_ADMINS = 3

export interface AdminTellerDeps {
  readonly store: DeadConversationStore
  readonly isAdmin: (objectId: string) => boolean | Promise<boolean>
  /** Asked when it is needed: the chat is made after its teller. */
  readonly chat: () => Pick<ChatPort, 'post'>
  readonly clock: Clock
  readonly log: DeskLog
}

/** Knows who spoke where: brings conversations back to life, and tells an admin of dead ones. */
export class AdminTeller {
  readonly #deps: AdminTellerDeps
  /** What was stored last, by admin. */
  readonly #kept = new Map<string, { readonly ref: string; readonly at: number }>()

  constructor(deps: AdminTellerDeps) {
    this.#deps = deps
  }

  /** Something came from a conversation: it lives. Never throws, and ends before an answer is sent. */
  async heard(ref: ConversationRef, person: Person | null): Promise<void> {
    try {
      await this.#deps.store.revive(ref.conversationId)
      if (person && ref.kind === 'personal') await this.#keep(person, ref)
    } catch (error) {
      this.#deps.log.error({ err: error }, 'a conversation could not be kept')
    }
  }

  /** Tells the admin who spoke last that a conversation is dead; where none can be told, the log says it. */
  died(ref: ConversationRef, status: number): void {
    this.#tell(ref, status).catch((error: unknown) =>
      this.#deps.log.error({ err: error }, 'no admin could be told of a dead conversation'),
    )
  }

  /** Tells an admin of a digest that Teams would not take, though the conversation lives. */
  digestNotSent(ref: ConversationRef): void {
    const reference = referenceOf(ref)
    this.#say(ref, digestNotSentText(ref.kind, reference), reference).catch((error: unknown) =>
      this.#deps.log.error({ err: error }, 'no admin could be told of a digest'),
    )
  }

  async #tell(ref: ConversationRef, status: number): Promise<void> {
    const reference = referenceOf(ref)
    const text = deadConversationText(ref.kind, status, reference)
    await this.#say(ref, text, reference)
  }

  async #say(ref: ConversationRef, text: string, reference: string): Promise<void> {
    const { store, isAdmin, chat, log } = this.#deps
    let tried = 0
    for (const admin of await store.adminChats()) {
      if (admin.ref.conversationId === ref.conversationId || !(await isAdmin(admin.objectId))) continue
      const { outcome } = await chat().post(admin.ref, { summary: text, text })
      log.warn({ conversationId: ref.conversationId, reference, admin: admin.objectId, outcome }, 'told')
      if (outcome !== 'refused' || ++tried >= MAX_ADMINS) return
    }
    if (tried === 0) log.error({ conversationId: ref.conversationId, reference }, 'nobody could be told')
  }

  async #keep({ objectId }: Person, ref: ConversationRef): Promise<void> {
    const { store, isAdmin, clock } = this.#deps
    if (!(await isAdmin(objectId))) return
    const at = clock.now()
    const kept = this.#kept.get(objectId)
    const text = JSON.stringify(ref)
    if (kept && kept.ref === text && at - kept.at < KEEP_EVERY_MS) return
    await store.putAdminChat({ objectId, ref, at })
    this.#kept.set(objectId, { ref: text, at })
  }
}

function referenceOf(ref: ConversationRef): string {
  return deadKey(withoutThread(ref.conversationId)).rk.slice(0, REFERENCE_LENGTH)
}

/** Characters of a reference: as many as in an error's. */
const REFERENCE_LENGTH = 8
