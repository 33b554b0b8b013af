import type { RowName } from '../core/table-store.ts'
import { DUE_BUCKETS, day, fnv1a, month, rev, sha256, shard, time } from './key-parts.ts'

export * from './key-parts.ts'

/**
 * Where every kind of row lives. Pure functions of ids and times, so that each reader finds a row without a search, and
 * that the same event always makes the same key: a repeated insert is then answered "exists" and not stored twice.
 * Ids and separators keep to `[A-Za-z0-9._:@-]` where ranges are read, so that order is plain ASCII order.
 */

/** One office of the registry. */
export function officeKey(officeId: string): RowName {
  return { table: 'offices', pk: shard(officeId), rk: officeId }
}

/** An office as local mode registered it last for a world (null: for none). Hashed, for a world's name may be any text. */
export function seededKey(world: string | null, officeId: string): RowName {
  return { table: 'seeded', pk: world === null ? 'none' : sha256(world), rk: officeId }
}

/** The hash of what a world's files said when local mode ran last. Office ids hold no dot. */
export function seededHashKey(world: string): RowName {
  return { table: 'seeded', pk: sha256(world), rk: '.hash' }
}

/** The decision on many changes of the registry that are done together. One partition: there is seldom a row. */
export function registryChangeKey(name: string): RowName {
  return { table: 'registrychanges', pk: 'c', rk: name }
}

/** One runner, beside its office's others, in its office's shard: 20,000 runners are listed in 16 queries. */
export function runnerKey(officeId: string, runnerId: string): RowName {
  return { table: 'runners', pk: shard(officeId), rk: runnersPrefix(officeId) + runnerId }
}

/** The start of the row keys of one office's runners; office ids hold no dot. */
export function runnersPrefix(officeId: string): string {
  return `${officeId}.`
}

/** An enrolment code, found by its SHA-256 so that the store never holds one that works. One partition: few rows, all
 * swept together. */
export function codeKey(code: string): RowName {
  return { table: 'codes', pk: 'tok', rk: sha256(code) }
}

/** The partition of a check; all of its rows share it, so that one batch moves the check from state to state. */
export function checkPartition(checkId: string): string {
  return `check:${checkId}`
}

/** The check's state, deadline, owner and fence. */
export function checkHeadKey(checkId: string): RowName {
  return { table: 'checks', pk: checkPartition(checkId), rk: 'head' }
}

/** The check's outbox: what is to be told to Teams and what became of it. */
export function checkOutKey(checkId: string): RowName {
  return { table: 'checks', pk: checkPartition(checkId), rk: 'out' }
}

/** The measurements of one office in a check: one row, changed under its ETag. */
export function checkOfficeKey(checkId: string, officeId: string): RowName {
  return { table: 'checks', pk: checkPartition(checkId), rk: CHECK_OFFICES_PREFIX + officeId }
}

/** The start of the row keys of a check's offices. */
export const CHECK_OFFICES_PREFIX = 'office:'

/**
 * The mark that an activity was accepted; created first, so that a delivery that comes again finds the check. Hashed,
 * because Teams' ids have no bounded length; 16 partitions that a sweep can walk, to heal and to expire.
 */
export function seenKey(conversationId: string, activityId: string): RowName {
  // A length in front keeps ("a", "b|c") and ("a|b", "c") apart.
  const rk = sha256(`${conversationId.length}|${conversationId}|${activityId}`)
  return { table: 'seen', pk: shard(rk), rk }
}

/** A check in the list of its conversation, newest first. */
export function recentKey(conversationId: string, at: number, checkId: string): RowName {
  return { table: `recent${month(at)}`, pk: conversationId, rk: `${rev(at)}.${checkId}` }
}

/** A closed check of an office, newest first. The tail of the id keeps two checks of one millisecond apart. */
export function historyKey(officeId: string, startedAt: number, checkId: string): RowName {
  return { table: historyTable(month(startedAt)), pk: officeId, rk: `${rev(startedAt)}.${checkId.slice(-8)}` }
}

/** The history table of a month, 'yyyymm'. */
export function historyTable(yyyymm: string): string {
  return `hist${yyyymm}`
}

/** The latest verdicts of an office. */
export function statusKey(officeId: string): RowName {
  return { table: 'status', pk: shard(officeId), rk: officeId }
}

/** A stored button action, found by the id that the card carries; 16 partitions that a sweep can walk. */
export function actionKey(actionId: string): RowName {
  return { table: 'actions', pk: shard(actionId), rk: actionId }
}

/**
 * A role of a person, for one tag or (without) for all offices. One partition, a few hundred rows: a change looks at all
 * of them, and at {@link grantsHeadKey}, so that two admins cannot take each other's role at once.
 */
export function grantKey(objectId: string, tag: string | null): RowName {
  return { table: 'grants', pk: GRANTS, rk: `${GRANTS_PREFIX}${objectId}.${tag ?? ''}` }
}

/** Changes with every grant: whoever decided on older rows is told so. */
export function grantsHeadKey(): RowName {
  return { table: 'grants', pk: GRANTS, rk: 'head' }
}

/** How a person who holds a role was last called. Apart from the grants, which change far less often. */
export function nameKey(objectId: string): RowName {
  return { table: 'grants', pk: 'names', rk: objectId }
}

/** The partition of all grants, and the start of their row keys. */
export const GRANTS = 'g'
export const GRANTS_PREFIX = 'grant:'

/** An audit line, newest first within its day. `tail` is a few random characters: lines share milliseconds. */
export function auditKey(at: number, tail: string): RowName {
  return { table: `audit${month(at)}`, pk: day(at), rk: `${rev(at)}.${tail}` }
}

/** The mark that a conversation takes nothing any more. Hashed and spread as in {@link seenKey}. */
export function deadKey(conversationId: string): RowName {
  const rk = sha256(conversationId)
  return { table: 'dead', pk: shard(rk), rk }
}

/** The newest personal conversation of an admin. One partition: a handful of rows, read together. */
export function adminChatKey(objectId: string): RowName {
  return { table: 'adminchats', pk: ADMIN_CHATS, rk: objectId }
}

/** The partition of {@link adminChatKey}. */
export const ADMIN_CHATS = 'a'

/** A row about the installation itself: 'schema', 'hub:<id>', 'leader:sweep'. One partition: a handful of rows. */
export function metaKey(name: string): RowName {
  return { table: 'meta', pk: 'm', rk: name }
}

/** A conversation that the bot knows. Hashed for the reason of `seenKey`; the tenant in front keeps tenants apart. */
export function conversationKey(tenantId: string, conversationId: string): RowName {
  const rk = sha256(`${tenantId.length}|${tenantId}|${conversationId}`)
  return { table: 'conversations', pk: shard(rk), rk }
}

/** The living dashboard of a conversation. One partition: one row per channel that wants one, all read together. */
export function dashboardKey(tenantId: string, conversationId: string): RowName {
  return { table: 'dashboards', pk: DASHBOARDS, rk: conversationKey(tenantId, conversationId).rk }
}

/** The partition of all dashboards. */
export const DASHBOARDS = 'd'

/**
 * A self-check of a person, newest first among theirs. Spread by person: all of one's own are read, and forgotten, in one
 * query, and all of everybody's in 16.
 */
export function selfCheckKey(objectId: string, askedAt: number, id: string): RowName {
  return {
    table: 'selfchecks',
    pk: shard(objectId),
    rk: `${selfChecksPrefix(objectId)}${rev(askedAt)}.${id}`,
  }
}

/** The start of the row keys of one person's self-checks; object ids hold no dot. */
export function selfChecksPrefix(objectId: string): string {
  return `${objectId}.`
}

/**
 * Where a one-time code, or the key that was given for it, leads: found by the SHA-256, so that the store never holds one
 * that works. Few rows for ten minutes, all of a kind swept together.
 */
export function selfSecretKey(kind: SelfSecretKind, hash: string): RowName {
  return { table: 'selfsecrets', pk: kind, rk: hash }
}

/** What is kept by its hash alone. */
export const SELF_SECRETS = ['code', 'key'] as const
export type SelfSecretKind = (typeof SELF_SECRETS)[number]

/** A reminder to look at a check at a time, oldest first: a sweep reads what is due and nothing else. */
export function dueKey(at: number, checkId: string): RowName {
  return { table: 'due', pk: `due:${fnv1a(checkId) % DUE_BUCKETS}`, rk: `${time(at)}.${checkId}` }
}

/** All partitions of `due`. */
export function allDueBuckets(): readonly string[] {
  return Array.from({ length: DUE_BUCKETS }, (_, index) => `due:${index}`)
}

/** The end of the range of what is due at a time, that millisecond included. */
export function dueUntil(now: number): string {
  return `${time(now)}:`
}
