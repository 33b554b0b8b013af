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
  let changes: readonly (RegistryChange | null)[]
  try {
    const touched = await inSlices(
      plan.changes,
      async ({ before, after }): Promise<RegistryChange | null> => {
        const row = await registry.row(before.id)
        if (row === null || !isSame(row.office, before)) return null
        return { what: 'change', office: { ...row.office, ...valuesOf(after) }, etag: row.etag }
      },
    )
    const added = await inSlices(plan.adds, async (office): Promise<RegistryChange | null> => {
      const ids = await idsFor(office, registry)
      const isThere = (holder: Office) => isCalled(holder, office.name)
      return ids === null ? null : { what: 'add', office, ids, isSame: isThere }
    })
    const gone = await inSlices(
      remove ? plan.missing : [],
      async (office): Promise<RegistryChange | null> => {
        const row = await registry.row(office.id)
        if (row === null || !isSame(row.office, office)) return null
        return { what: 'retire', id: office.id, etag: row.etag, at: now }
      },
    )
    changes = [...touched, ...added, ...gone]
  } catch (error) {
    // Nothing was written yet.
    if (error instanceof StoreTrouble) return 'failed'
    throw error
  }
  const known = changes.filter((change) => change !== null)
  return known.length === changes.length ? registry.apply(reference, known) : 'stale'
}

/** Rows read side by side: one after another, 1,000 offices on a store far away take ten seconds. */
const ROWS_AT_ONCE = 32

async function inSlices<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = []
  for (let at = 0; at < all.length; at += ROWS_AT_ONCE) {
    done.push(...(await Promise.all(all.slice(at, at + ROWS_AT_ONCE).map(work))))
  }
  return done
}

/** The fields that a file may change are as they were; a limit that was set meanwhile is kept, for the row is read anew. */
function isSame(now: Office, planned: Office): boolean {
  return differences(now, planned).length === 0
}
