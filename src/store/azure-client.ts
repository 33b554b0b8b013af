import { TableClient, type TableServiceClientOptions } from '@azure/data-tables'
import type { SendCounts } from './azure-calls.ts'
import { CannotOpenStore } from './cannot-open.ts'

/** Where the account is: a connection string, or its URL with the identity that the process runs under. */
export type AzureAccount = { readonly connectionString: string } | { readonly url: string }

/** Makes the client of one table. */
export interface AzureClients {
  table(name: string): TableClient
  readonly sends: SendCounts
}

/** Two more tries after the first: enough for a restarting front end, and within `CALL_MS`. */
const RETRIES = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 }

/**
 * Prepares clients for an account. Plain http is for an emulator on this machine only. Throws `CannotOpenStore`, whose
 * message never repeats the connection string.
 */
export async function azureClients(account: AzureAccount): Promise<AzureClients> {
  const sends = new WeakMap<object, number>()
  const options: TableServiceClientOptions = {
    retryOptions: RETRIES,
    additionalPolicies: [
      { position: 'perRetry', policy: counting(sends) },
      { position: 'perCall', policy: inAscii() },
    ],
  }
  const make = 'url' in account ? await fromUrl(account.url) : fromConnectionString(account.connectionString)
  const local = { ...options, allowInsecureConnection: true }
  const address = new URL(guarded(() => make('probe', local)).url)
  checkScheme(address)
  const chosen = isLoopback(address) ? local : options
  return { sends, table: (name) => make(name, chosen) }
}

type Make = (table: string, options: TableServiceClientOptions) => TableClient
type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy']

function fromConnectionString(connectionString: string): Make {
  // The library writes to the options it is given.
  return (table, options) => TableClient.fromConnectionString(connectionString, table, { ...options })
}

async function fromUrl(url: string): Promise<Make> {
  if (!URL.canParse(url)) throw badAddress()
  // Loaded only here: the identity library is large and most starts do not need it.
  const { DefaultAzureCredential } = await import('@azure/identity')
  const credential = new DefaultAzureCredential()
  return (table, options) => new TableClient(url, table, credential, { ...options })
}

function checkScheme(url: URL): void {
  if (url.protocol === 'https:' || isLoopback(url)) return
  throw new CannotOpenStore(
    'insecure',
    `Azure Tables at ${url.host} is addressed over plain http; use https, or an emulator on this machine.`,
  )
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'http:' &&
    (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname))
  )
}

function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch {
    throw badAddress()
  }
}

function badAddress(): CannotOpenStore {
  return new CannotOpenStore(
    'bad-address',
    'The address of Azure Tables makes no sense; give a connection string with AccountName and AccountKey, or an https URL such as https://name.table.core.windows.net.',
  )
}

function counting(sends: WeakMap<object, number>): Policy {
  return {
    name: 'doorstepSendCounts',
    sendRequest: (request, next) => {
      sends.set(request, (sends.get(request) ?? 0) + 1)
      return next(request)
    },
  }
}

/**
 * Sends JSON in ASCII alone, the rest spelled out as `\uXXXX`, which means the same. Azurite cuts a batch at U+2028 and
 * then refuses every later batch, and it spoils a character that two network packets share.
 */
function inAscii(): Policy {
  return {
    name: 'doorstepAsciiJson',
    sendRequest: (request, next) => {
      if (typeof request.body === 'string') request.body = request.body.replace(/[^\x00-\x7f]/g, asEscape)
      return next(request)
    },
  }
}

function asEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
