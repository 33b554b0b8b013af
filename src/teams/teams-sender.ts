import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  type TurnContext,
} from 'botbuilder'
import { ServiceClientCredentialsFactory } from 'botframework-connector'
import { Agent } from 'undici'
import type { ConversationRef, NotSent, Outgoing, Person, SendOutcome } from '../core/chat.ts'
import type { Clock } from '../core/ports.ts'
import { ConnectorFault, connectorHttp } from './connector-http.ts'
import { memberOf } from './member.ts'
import { isServiceUrlAllowed, type ServiceUrls } from './service-url.ts'

export interface TeamsSenderOptions {
  /** The bot's app id; empty without sign-in. */
  readonly appId: string
  /** Where the bot's own token comes from; `credentialsWithoutSignIn()` in local mode. */
  readonly credentials: ServiceClientCredentialsFactory
  /** `off`, or where the bot's token may go. */
  readonly signIn: ServiceUrls
  readonly clock: Clock
}

/** What became of a question about a member: who it is (null: somebody without an object id), or no answer. */
export type MemberOutcome = { readonly outcome: 'found'; readonly person: Person | null } | NotSent

/** The connector, one request a call: nothing is paced and nothing is done again. {@link pacedChat} stands before it. */
export interface TeamsSender {
  post(ref: ConversationRef, message: Outgoing, replyToId?: string): Promise<SendOutcome>
  update(ref: ConversationRef, activityId: string, message: Outgoing): Promise<SendOutcome>
  member(ref: ConversationRef, id: string): Promise<MemberOutcome>
  /** Lets what is under way finish (20 s at most), then ends the connections. */
  close(): Promise<void>
}

/**
 * Sends to Teams through the SDK's adapter, with our own HTTP client under it. Every call is one request; what became
 * of it is a value, and an address that is not Teams' (or, without sign-in, not this machine's) is refused with 403
 * before anything is sent.
 */
export function createTeamsSender({ appId, credentials, signIn, clock }: TeamsSenderOptions): TeamsSender {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, pipelining: 1 })
  const adapter = new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication({}, credentials, undefined, undefined, {
      httpClient: connectorHttp(dispatcher, clock),
    }),
  )

  let closing: Promise<void> | undefined

  /** Runs one call in a conversation; a fault of the connector is its outcome, anything else is a bug. */
  const within = async <T>(
    ref: ConversationRef,
    call: (context: TurnContext) => Promise<T>,
  ): Promise<T | ConnectorFault> => {
    if (!isServiceUrlAllowed(ref.serviceUrl, signIn)) return NOT_ALLOWED
    let result: T | ConnectorFault = NOTHING_RAN
    try {
      await adapter.continueConversationAsync(appId, referenceOf(ref), async (context) => {
        result = await call(context)
      })
      return result
    } catch (error) {
      if (error instanceof ConnectorFault) return error
      throw error
    }
  }

  return {
    post: async (ref, message, replyToId) =>
      outcomeOf(
        await within(ref, async (context) => {
          // The SDK replies to the id of the turn's activity, which it made up.
          Object.assign(context.activity, { id: replyToId })
          return (await context.sendActivity(activityOf(message)))?.id
        }),
        'post',
      ),
    update: async (ref, activityId, message) =>
      outcomeOf(
        await within(ref, async (context) => {
          await context.updateActivity({ ...activityOf(message), id: activityId })
          return activityId
        }),
        'edit',
      ),
    member: async (ref, id) => {
      const found = await within(ref, (context) => memberOf(context, adapter, id))
      return found instanceof ConnectorFault ? found.outcome : { outcome: 'found', person: found }
    },
    close: () => {
      closing ??= dispatcher.close()
      return closing
    },
  }
}

/** Credentials that sign nothing and ask nobody: for local mode, whose only connector is on this machine. */
export function credentialsWithoutSignIn(): ServiceClientCredentialsFactory {
  return new (class extends ServiceClientCredentialsFactory {
    override isValidAppId = async (): Promise<boolean> => true
    override isAuthenticationDisabled = async (): Promise<boolean> => true
    override createCredentials = async (): Promise<never> =>
      ({ signRequest: async (request: unknown) => request }) as never
  })()
}

const NOT_ALLOWED = new ConnectorFault({ outcome: 'refused', status: 403, retryAfterMs: null })
const NOTHING_RAN = new ConnectorFault({ outcome: 'unknown', why: 'the turn did not run' })

function outcomeOf(result: string | undefined | ConnectorFault, how: 'post' | 'edit'): SendOutcome {
  if (result instanceof ConnectorFault) return withWhatIsGone(result, how)
  if (!result) return { outcome: 'unknown', why: 'the connector named no id' }
  return { outcome: 'sent', activityId: result }
}

/**
 * 403: the bot was removed or blocked there. 404: an edit usually misses its message, a post its conversation, unless the
 * platform says otherwise. What we refused ourselves (an address that is not Teams') says nothing of the conversation.
 * https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability ("Status codes")
 */
function withWhatIsGone(fault: ConnectorFault, how: 'post' | 'edit'): NotSent {
  const { outcome, code } = fault
  if (code === null || outcome.outcome !== 'refused') return outcome
  if (outcome.status === 403) return { ...outcome, gone: 'conversation' }
  if (outcome.status !== 404) return outcome
  if (code.startsWith('Conversation')) return { ...outcome, gone: 'conversation' }
  if (code.startsWith('Activity')) return { ...outcome, gone: 'message' }
  return { ...outcome, gone: how === 'post' ? 'conversation' : 'message' }
}

function referenceOf(ref: ConversationRef): Partial<ConversationReference> {
  return {
    channelId: 'msteams',
    serviceUrl: ref.serviceUrl,
    bot: ref.bot,
    conversation: {
      id: ref.conversationId,
      isGroup: ref.kind !== 'personal',
      conversationType: ref.kind === 'group' ? 'groupChat' : ref.kind,
      tenantId: ref.tenantId,
      name: '',
    },
  }
}

/** Text goes out as plain: Teams' default is Markdown, and our texts may repeat what people wrote. */
function activityOf({ summary, text, card }: Outgoing): Partial<Activity> {
  return {
    type: 'message',
    summary,
    ...(card === undefined
      ? { text: text ?? summary, textFormat: 'plain' }
      : { attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }] }),
  }
}
