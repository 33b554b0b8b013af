import type { Office } from '../../core/office.ts'
import type { Applied, RegistryChange } from '../../core/registry.ts'
import { StoreTrouble } from '../../core/table-store.ts'
import type { CommandContext } from '../command.ts'
import { valuesOf } from './draft.ts'
import { differences } from './form.ts'
import { idsFor, isCalled } from './new-id.ts'
import type { ImportPlan } from './plan.ts'

/**
 * Does a plan, all of it or nothing. Every row is read first and must be as the plan saw it; a row that changes after
 * that is refused by its ETag, and then nothing is done.
 */
export async function applyPlan(
  plan: ImportPlan,
  remove: boolean,
  { registry, reference, now }: CommandContext,
): Promise<Applied> {
  const changes: RegistryChange[] = []
  try {
    for (const { before, after } of plan.changes) {
      const row = await registry.row(before.id)
      if (row === null || !isSame(row.office, before)) return 'stale'
      changes.push({ what: 'change', office: { ...row.office, ...valuesOf(after) }, etag: row.etag })
    }
    for (const office of plan.adds) {
      const ids = await idsFor(office, registry)
      if (ids === null) return 'stale'
      changes.push({ what: 'add', office, ids, isSame: (holder) => isCalled(holder, office.name) })
    }
    for (const office of remove ? plan.missing : []) {
      const row = await registry.row(office.id)
      if (row === null || !isSame(row.office, office)) return 'stale'
      changes.push({ what: 'retire', id: office.id, etag: row.etag, at: now })
    }
  } catch (error) {
    // Nothing was written yet.
    if (error instanceof StoreTrouble) return 'failed'
    throw error
  }
  return registry.apply(reference, changes)
}

/** The fields that a file may change are as they were; a limit that was set meanwhile is kept, for the row is read anew. */
function isSame(now: Office, planned: Office): boolean {
  return differences(now, planned).length === 0
}
