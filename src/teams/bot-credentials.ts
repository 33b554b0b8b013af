import { ServiceClientCredentialsFactory } from 'botframework-connector'
import type { BotToken } from './bot-token.ts'
import { ConnectorFault } from './connector-http.ts'
import { isServiceUrlAllowed, type ServiceUrls } from './service-url.ts'

/** The part of the SDK's request that signing needs. */
interface SignedRequest {
  readonly url: string
  readonly headers: { set(name: string, value: string): void }
}

/**
 * Credentials that sign with the bot's own token, and only what goes to `serviceUrls`: a second wall behind the
 * sender's own. Without a token nothing is sent, and the sender learns when to try again. Audience and login are those
 * of the token; the SDK's ideas of them are not asked.
 */
export function botCredentials(
  appId: string,
  tokens: Pick<BotToken, 'get'>,
  serviceUrls: ServiceUrls,
): ServiceClientCredentialsFactory {
  const signRequest = async <R extends SignedRequest>(request: R): Promise<R> => {
    if (!isServiceUrlAllowed(`${new URL(request.url).origin}/`, serviceUrls)) {
      throw new ConnectorFault({ outcome: 'refused', status: 403, retryAfterMs: null })
    }
    const answer = await tokens.get()
    if (!answer.ok) {
      throw new ConnectorFault({ outcome: 'refused', status: 0, retryAfterMs: answer.retryAfterMs })
    }
    request.headers.set('authorization', `Bearer ${answer.token.reveal()}`)
    return request
  }
  return new (class extends ServiceClientCredentialsFactory {
    override isValidAppId = async (id?: string): Promise<boolean> => id === appId
    override isAuthenticationDisabled = async (): Promise<boolean> => false
    override createCredentials = async (): Promise<never> => ({ signRequest }) as never
  })()
}
