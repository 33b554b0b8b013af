import type { Instance } from '../core/instance.ts'
import type { EndpointList } from './list.ts'
import { readEndpoints } from './parse.ts'
import recorded from './snapshot-worldwide.json' with { type: 'json' }

/**
 * The worldwide list as recorded in April 2024 (72 sets), for the time until a newer one was fetched. The record does
 * not carry its own version; `2024040100` says its month, and every list of the web service since then is newer.
 * Throws if the file in this folder was damaged.
 */
export function snapshotList(): EndpointList {
  const read = readEndpoints(recorded.endpoints, recorded.version)
  if (!read.ok) throw new Error(`the endpoint snapshot is damaged: ${read.problems[0]}`)
  return read.list
}

/** No list at all: allows nothing, so whoever holds it contacts nobody and proves nothing. Older than any other. */
export const NO_LIST: EndpointList = { version: '0000000000', sets: [] }

/** What is held before the first fetch: the snapshot for Worldwide, nothing elsewhere, for none was recorded. */
export function firstList(instance: Instance): EndpointList {
  return instance === 'Worldwide' ? snapshotList() : NO_LIST
}
