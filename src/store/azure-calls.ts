import { RestError } from '@azure/data-tables'
import { RowRefused, StoreTrouble, type TroubleWord } from '../core/table-store.ts'

/** How a call ended, as far as callers decide on it. Any other end is thrown. */
export type Called<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** 404 no such row or table, 409 exists, 412 the ETag differs. */
      readonly status: 404 | 409 | 412
      /** Azure's own word, such as `TableNotFound`. */
      readonly code: string
      /** The request was sent more than once, so that it may be our own earlier success that stands in the way. */
      readonly repeated: boolean
      /** In a batch, the operation that failed. */
      readonly index: number
    }

/** How often the library has sent each request; its retries are silent otherwise. */
export interface SendCounts {
  get(request: object): number | undefined
}

/** Runs one library call and sorts its errors. Throws `StoreTrouble` and `RowRefused`. */
export async function call<T>(
  run: () => Promise<T>,
  signal: AbortSignal,
  sends: SendCounts,
): Promise<Called<T>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    if (signal.aborted) throw new StoreTrouble('timeout', 'Azure Tables did not answer in time')
    if (!(error instanceof RestError)) throw notRest(error)
    const status = error.statusCode
    if (status !== 404 && status !== 409 && status !== 412) throw troubleOf(error)
    const repeated = error.request !== undefined && (sends.get(error.request) ?? 0) > 1
    return { ok: false, status, code: codeOf(error), repeated, index: indexOf(error) }
  }
}

function notRest(error: unknown): unknown {
  // The identity library has a dozen error classes; their names are its only stable interface.
  const name = error instanceof Error ? error.name : ''
  if (
    /^(CredentialUnavailable|Authentication|AuthenticationRequired|AggregateAuthentication)Error$/.test(name)
  ) {
    return new StoreTrouble('denied', `no credential for Azure Tables: ${name}`)
  }
  return error
}

/** The RestError itself is not kept as a cause: it holds the request with its authorization and a SAS. */
function troubleOf(error: RestError): Error {
  const code = codeOf(error)
  const status = error.statusCode
  if (status === 400 || status === 413) {
    return new RowRefused(`Azure Tables refused the request: ${status} ${code}`)
  }
  return new StoreTrouble(wordOf(status), `Azure Tables: ${status ?? 'no answer'} ${code}`)
}

function wordOf(status: number | undefined): TroubleWord {
  if (status === undefined) return 'unreachable'
  if (status === 401 || status === 403) return 'denied'
  return status === 429 || status === 503 ? 'busy' : 'failed'
}

/** Single calls carry Azure's word in the body only, transactions in `code`, lost connections the system's word. */
function codeOf(error: RestError): string {
  const details = error.details as { odataError?: { code?: string } } | undefined
  return details?.odataError?.code ?? error.code ?? ''
}

/** A transaction's message starts with the number of the operation: "1:The specified entity already exists." */
function indexOf(error: RestError): number {
  return Number(/^(\d+):/.exec(error.message)?.[1] ?? 0)
}
