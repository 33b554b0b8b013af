import type { FetchText } from '../endpoints/source.ts'
import { type FetchOptions, fetchDocument } from '../net/fetch-document.ts'
import { LIST_LIMIT, LIST_TIMEOUT_MS, wholeAnswer } from '../net/list-fetcher.ts'

/**
 * GETs from a world's endpoint web service through the world's gateway. Plain http is allowed here alone: only a world
 * file, which the machine's owner wrote, can lead here.
 */
export function worldListFetcher(
  base: string,
  way: Pick<FetchOptions, 'dialer' | 'roots' | 'lookup'>,
  timeoutMs = LIST_TIMEOUT_MS,
): FetchText {
  return async (path, signal) => {
    const url = new URL(base.replace(/\/$/, '') + path)
    const limits = { maxBytes: LIST_LIMIT, timeoutMs, signal }
    const answer = await fetchDocument(url, { ...way, ...limits })
    return answer.ok ? wholeAnswer(answer.result.status, answer.result.body) : answer
  }
}
