import type { Secret } from './secret.ts'

/**
 * The clouds that a bot for Teams can stand in. A bot in Azure Government reaches GCC High and no other; DoD has no way
 * for one (https://learn.microsoft.com/azure/bot-service/how-to-deploy-gov-cloud-high).
 */
export const CLOUD_NAMES = ['public', 'gcc', 'gcchigh'] as const

/** One of them. */
export type CloudName = (typeof CLOUD_NAMES)[number]

/** How the bot proves who it is when it asks for its own token. */
export type BotCredential =
  | {
      readonly kind: 'managed-identity'
      /** The platform's own token service (App Service, Container Apps); null: the one of virtual machines. */
      readonly endpoint: { readonly url: string; readonly header: Secret } | null
    }
  | { readonly kind: 'secret'; readonly secret: Secret }
  | {
      readonly kind: 'certificate'
      /** PEM files; the key may stand in the file of the certificate. */
      readonly certificateFile: string
      readonly keyFile: string
    }

/** What sign-in needs to know, as configured. */
export interface SignIn {
  /** The bot's application id, a GUID in lower case. Never empty. */
  readonly appId: string
  /** Tenants that may speak to the bot, GUIDs in lower case, at least one; the first is the app's own. */
  readonly tenants: readonly string[]
  readonly cloud: CloudName
  readonly credential: BotCredential
}
