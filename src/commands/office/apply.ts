import type { Office } from '../../core/office.ts'
import type { OfficeRow } from '../../core/registry.ts'
import type { CommandContext } from '../command.ts'
import { valuesOf } from './draft.ts'
import { differences } from './form.ts'
import { addNumbered } from './new-id.ts'
import type { ImportPlan } from './plan.ts'

/** Takes back one thing that was done. */
type Undo = () => Promise<unknown>

/**
 * Does a plan, all of it or nothing. Every row is read first and must be as the plan saw it; where one changes after that,
 * what was written so far is taken back. Only a store that fails in the middle leaves a part, and the same file again
 * does the rest.
 */
export async function applyPlan(
  plan: ImportPlan,
  remove: boolean,
  { registry, now }: CommandContext,
): Promise<'done' | 'stale'> {
  const rows = new Map<string, OfficeRow>()
  const touched = [...plan.changes.map(({ before }) => before), ...(remove ? plan.missing : [])]
  for (const office of touched) {
    const row = await registry.row(office.id)
    if (row === null || !isSame(row.office, office)) return 'stale'
    rows.set(office.id, row)
  }
  const undo: Undo[] = []
  const back = async () => {
    for (const step of undo.toReversed()) await step()
    return 'stale' as const
  }
  for (const { before, after } of plan.changes) {
    const was = rows.get(before.id)
    if (was === undefined) return back()
    const done = await registry.change({ ...was.office, ...valuesOf(after) }, was.etag)
    if (done === 'stale') return back()
    undo.push(() => registry.change(was.office, done.etag))
  }
  for (const office of plan.adds) {
    const added = await addNumbered(office, registry)
    if (typeof added !== 'object') return back()
    undo.push(() => registry.discard(added.office.id, added.etag))
  }
  // Last, for a removal cannot be taken back: a row that changed now is one more reason to stop before the first.
  for (const office of remove ? plan.missing : []) {
    const was = rows.get(office.id)
    if (was === undefined || (await registry.row(office.id))?.etag !== was.etag) return back()
  }
  for (const office of remove ? plan.missing : [])
    await registry.retire(office.id, rows.get(office.id)?.etag ?? '', now)
  return 'done'
}

/** The fields that a file may change are as they were; a limit that was set meanwhile is kept, for the row is read anew. */
function isSame(now: Office, planned: Office): boolean {
  return differences(now, planned).length === 0
}
