/** What a route is told about one request. */
export interface HubRequest {
  /** The parsed JSON of a POST, PUT or PATCH; undefined for other methods. Its shape is not checked yet. */
  readonly body: unknown
  /** The body as it came, for signatures; empty where `body` is undefined. */
  readonly rawBody: Buffer
  /** Lower-case names; repeated headers are joined by ", " (so that a doubled credential matches nothing). */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The path as it came, without the query. */
  readonly path: string
  /** The named parts of the route's path. */
  readonly params: Readonly<Record<string, string>>
  /**
   * The address at the other end of the connection; where that is a proxy that the configuration names, the one that it
   * says it has at its other end. IPv4 as IPv4. See `client-address.ts`.
   */
  readonly remoteAddress: string
  /** Aborts when the client goes away before it has its answer, and when the server closes. */
  readonly signal: AbortSignal
}

/** What a route answers. The body goes out as JSON, `content` as it is; none for 204. */
export interface HubResponse {
  readonly status: number
  readonly body?: object
  readonly content?: { readonly type: string; readonly bytes: Uint8Array }
  readonly headers?: Readonly<Record<string, string>>
}

export type HubMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One address of the hub. A `handle` that throws is a bug: it is logged and answered 500 without a word of it. */
export interface HubRoute {
  readonly method: HubMethod
  /** Fixed, or with named parts: `/r/v1/jobs/:id`. */
  readonly path: string
  /** The largest body in bytes; `MAX_BODY_BYTES` when absent. */
  readonly limitBytes?: number
  handle(request: HubRequest): Promise<HubResponse>
}

/** The part of a pino logger that the server uses. */
export interface HttpLog {
  error(fields: object, message: string): void
}

/** The words of an error answer, `{ "error": "<word>" }`: fixed, so that nothing of a library or of the input leaves. */
export const ERROR_WORDS = {
  400: 'bad-request',
  401: 'not-signed-in',
  403: 'not-allowed',
  404: 'not-found',
  405: 'wrong-method',
  408: 'too-slow',
  413: 'too-large',
  415: 'wrong-content-type',
  417: 'expectation-refused',
  421: 'wrong-host',
  429: 'too-often',
  431: 'too-many-headers',
  500: 'internal',
} as const satisfies Record<number, string>

export type ErrorStatus = keyof typeof ERROR_WORDS

/** The answer for a status that carries a fixed word. */
export function refusal(status: ErrorStatus, headers: Readonly<Record<string, string>> = {}): HubResponse {
  return { status, body: { error: ERROR_WORDS[status] }, headers }
}
