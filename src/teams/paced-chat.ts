import {
  type ChatPort,
  type ConversationRef,
  type DeadConversations,
  type NotSent,
  type SendOutcome,
  withoutThread,
} from '../core/chat.ts'
import type { Clock, Random } from '../core/ports.ts'
import { READ_LIMITS, SEND_LIMITS } from './limits.ts'
import { type SendCounts, SendQueue, type Work } from './send-queue.ts'
import type { MemberOutcome, TeamsSender } from './teams-sender.ts'

export interface PacedChatDeps {
  readonly sender: TeamsSender
  readonly dead: DeadConversations
  /** Told once per conversation that died, after it is stored. `status` is what Teams answered, 403 or 404. */
  readonly onDead: (ref: ConversationRef, status: number) => void
  readonly clock: Clock
  readonly random: Pick<Random, 'unit'>
  readonly log: {
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

/** The hub's one way to Teams. */
export interface PacedChat extends ChatPort {
  readonly counts: SendCounts
  /** Gives back what waits, lets what is under way finish, and ends the connections. */
  close(): Promise<void>
}

type Answer = SendOutcome | MemberOutcome

/**
 * Everything that goes to Teams goes through here: within the limits (`limits.ts`), again where that is safe
 * (`retry.ts`), in order per conversation, and never to a conversation that is known to be dead.
 */
export function pacedChat({ sender, dead, onDead, clock, random, log }: PacedChatDeps): PacedChat {
  const queue = new SendQueue<Answer>({
    clock,
    random,
    log,
    notNow: (retryAfterMs) => ({ outcome: 'refused', status: 429, retryAfterMs }),
  })

  /** A store that is away says nothing: then the message goes out, and Teams decides. */
  const deadAnswer = async ({ conversationId }: ConversationRef): Promise<NotSent | null> => {
    try {
      return (await dead.isDead(conversationId)) ? DEAD : null
    } catch (error) {
      log.warn({ conversationId, err: error }, 'it is not known whether a conversation is dead')
      return null
    }
  }

  /** A 403 is said of the bot in the whole channel; a 404 may be of one thread. */
  const died = async (ref: ConversationRef, status: number): Promise<void> => {
    const name = status === 403 ? withoutThread(ref.conversationId) : ref.conversationId
    try {
      if (!(await dead.mark(name, clock.now()))) return
      log.warn({ conversationId: name, status }, 'a conversation takes nothing any more')
      onDead(ref, status)
    } catch (error) {
      log.error({ conversationId: name, status, err: error }, 'a dead conversation could not be marked')
    } finally {
      queue.giveBack((id) => id === name || withoutThread(id) === name, DEAD)
    }
  }

  const add = <T extends Answer>(
    ref: ConversationRef,
    what: Pick<Work<T>, 'kind' | 'run'> & { messageId?: string; progress?: boolean },
  ): Promise<T> => {
    const { conversationId, tenantId } = ref
    const isRead = what.kind === 'read'
    const thread = withoutThread(conversationId)
    return queue.add({
      kind: what.kind,
      conversationId,
      tenantId,
      lane: `${isRead ? 'read' : 'send'} ${tenantId} ${thread}`,
      limits: isRead ? READ_LIMITS : SEND_LIMITS,
      messageId: what.messageId === undefined ? null : `${conversationId} ${what.messageId}`,
      progress: what.progress === true,
      instead: () => deadAnswer(ref),
      run: async () => {
        const answer = await what.run()
        if (answer.outcome === 'refused' && answer.gone === 'conversation') await died(ref, answer.status)
        return answer
      },
      // What comes back is what `run` gave, or one of the refusals that both have.
    }) as Promise<T>
  }

  return {
    post: (ref, message, replyToId) =>
      add<SendOutcome>(ref, { kind: 'post', run: () => sender.post(ref, message, replyToId) }),
    update: (ref, messageId, message, kind = 'final') =>
      add<SendOutcome>(ref, {
        kind: 'edit',
        messageId,
        progress: kind === 'progress',
        run: () => sender.update(ref, messageId, message),
      }),
    member: async (ref, id) => {
      const answer = await add<MemberOutcome>(ref, { kind: 'read', run: () => sender.member(ref, id) })
      return answer.outcome === 'found' ? answer.person : null
    },
    get counts() {
      return queue.counts
    },
    async close() {
      await queue.stop()
      await sender.close()
    },
  }
}

/** The answer in a dead conversation, as Teams gave it. */
const DEAD: NotSent = { outcome: 'refused', status: 403, retryAfterMs: null, gone: 'conversation' }
