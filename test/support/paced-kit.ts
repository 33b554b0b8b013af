import type { ConversationRef, DeadConversations } from '../../src/core/chat.ts'
import { withoutThread } from '../../src/core/chat.ts'
import { type PacedChat, pacedChat } from '../../src/teams/paced-chat.ts'
import { createTeamsSender, credentialsWithoutSignIn } from '../../src/teams/teams-sender.ts'
import { startFaultConnector } from './fault-connector.ts'
import { keptLog } from './settle.ts'
import { testClock } from './test-clock.ts'

/** Dead conversations in memory. */
export function deadInMemory(): DeadConversations & { readonly marked: Set<string> } {
  const marked = new Set<string>()
  return {
    marked,
    isDead: async (id) => marked.has(id) || marked.has(withoutThread(id)),
    mark: async (id) => {
      const isNew = !marked.has(id)
      marked.add(id)
      return isNew
    },
  }
}

/** The whole way to Teams, over real HTTP to a connector that fails as told, with time of its own. */
export async function pacedKit(dead: DeadConversations = deadInMemory()) {
  const clock = testClock()
  const log = keptLog()
  const connector = await startFaultConnector(clock)
  const died: { readonly conversationId: string; readonly status: number }[] = []
  const chat: PacedChat = pacedChat({
    sender: createTeamsSender({ appId: '', credentials: credentialsWithoutSignIn(), signIn: 'off', clock }),
    dead,
    onDead: ({ conversationId }, status) => died.push({ conversationId, status }),
    clock,
    random: { unit: () => 0.5 },
    log,
  })
  const ref = (conversationId = '19:team@thread.tacv2;messageid=1'): ConversationRef => ({
    conversationId,
    kind: 'channel',
    tenantId: 'tenant-1',
    serviceUrl: connector.url,
    bot: { id: '28:doorstep', name: 'Doorstep' },
    teamId: null,
    channelId: null,
  })

  /**
   * Lets time go on until this is answered: at once while the queue waits, and past the timeouts of a request only where
   * the connector holds it.
   */
  async function until<T>(answer: Promise<T>): Promise<T> {
    let isDone = false
    const done = answer.finally(() => {
      isDone = true
    })
    done.catch(() => undefined)
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve))
      const mayPass = chat.counts.inFlight === 0 || connector.held > 0
      if (!isDone && mayPass && clock.next !== null) clock.advance(clock.next)
    }
    return done
  }

  return {
    chat,
    clock,
    log,
    connector,
    died,
    ref,
    until,
    close: async () => {
      await chat.close()
      await connector.close()
    },
  }
}
