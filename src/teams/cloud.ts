import type { CloudName } from '../core/sign-in.ts'

/** Everything about a cloud that decides whom we believe and where we send. Nothing of it can be configured. */
export interface Cloud {
  /** Who signs what Teams sends to a bot: the `iss` of its tokens. */
  readonly issuer: string
  /** Where the issuer says which keys it has. The keys' own address must be of the same origin. */
  readonly openIdMetadata: string
  /** Origins that answers may go to: what an activity's `serviceUrl` must be under. */
  readonly serviceOrigins: readonly string[]
  /** Where a bot asks for its own token, without a slash at the end. */
  readonly login: string
  /** What the bot's token is for: the resource of a managed identity, with `/.default` the scope of everybody else. */
  readonly resource: string
}

/** Azure's public cloud, where the bots of commercial tenants and of GCC are registered. */
const PUBLIC = {
  issuer: 'https://api.botframework.com',
  openIdMetadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  login: 'https://login.microsoftonline.com',
  resource: 'https://api.botframework.com',
} as const

/**
 * One row per cloud. Issuers, metadata, logins and resources: `AuthenticationConstants` and `GovernmentConstants` of
 * botframework-connector 4.23.3. Service hosts: `TeamsServiceEndpoints` of Microsoft's Agents SDK 1.6, and
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  public: { ...PUBLIC, serviceOrigins: ['https://smba.trafficmanager.net'] },
  gcc: { ...PUBLIC, serviceOrigins: ['https://smba.infra.gcc.teams.microsoft.com'] },
  gcchigh: {
    issuer: 'https://api.botframework.us',
    openIdMetadata: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    serviceOrigins: ['https://smba.infra.gov.teams.microsoft.us'],
    login: 'https://login.microsoftonline.us',
    resource: 'https://api.botframework.us',
  },
}
