import { failed } from '../core/failure.ts'
import type { FetchText } from '../endpoints/source.ts'
import { type FetchOptions, fetchDocument } from '../net/fetch-document.ts'

const TIMEOUT_MS = 10_000
/** The list is about 80 KB; parsing refuses more than this too. */
const LIST_LIMIT = 5_000_000

/**
 * GETs from a world's endpoint web service through the world's gateway. Plain http is allowed here alone: only a world
 * file, which the machine's owner wrote, can lead here.
 */
export function worldListFetcher(
  base: string,
  way: Pick<FetchOptions, 'dialer' | 'roots' | 'lookup'>,
): FetchText {
  return async (path, signal) => {
    const url = new URL(base.replace(/\/$/, '') + path)
    const limits = { maxBytes: LIST_LIMIT, timeoutMs: TIMEOUT_MS, signal }
    const answer = await fetchDocument(url, { ...way, ...limits })
    if (!answer.ok) return answer
    const { status, body } = answer.result
    return status === 200 ? { ok: true, result: body } : failed('http-malformed', `status ${status}`)
  }
}
