import type { Office } from '../../core/office.ts'
import type { OfficeRow, OfficeRows } from '../../core/registry.ts'
import { foldedName } from '../match-office.ts'

/** Ids tried for offices of one name: more of them were never told apart by anybody. */
const IDS_MAX = 50

/** Characters of an id at most. */
const ID_MAX = 24

/**
 * Stores a new office under the first id of its name that was never used: `lyon`, else `lyon-2`. `named` where an office
 * of that name came in between; `many` where no id is left.
 */
export async function addNumbered(
  office: Office,
  registry: Pick<OfficeRows, 'add' | 'row'>,
): Promise<OfficeRow | 'named' | 'many'> {
  for (let count = 1; count <= IDS_MAX; count++) {
    const id = numbered(office.id, count)
    const added = await registry.add({ ...office, id })
    if (added !== 'taken') return added
    const holder = await registry.row(id)
    if (holder && isCalled(holder.office, office.name)) return 'named'
  }
  return 'many'
}

/**
 * The ids that a new office may take, in order; null where an office of that name came in between. Looks only as far as
 * ids are in use.
 */
export async function idsFor(
  office: Office,
  registry: Pick<OfficeRows, 'row'>,
): Promise<readonly string[] | null> {
  const ids = Array.from({ length: IDS_MAX }, (_, index) => numbered(office.id, index + 1))
  for (const [index, id] of ids.entries()) {
    const holder = await registry.row(id)
    if (holder === null) return ids.slice(index)
    if (isCalled(holder.office, office.name)) return null
  }
  return []
}

/** Whether that is what an office is called, by its name or another of its names. */
export function isCalled(office: Office, name: string): boolean {
  return [office.name, ...office.aliases].map(foldedName).includes(foldedName(name))
}

function numbered(id: string, count: number): string {
  if (count === 1) return id
  const tail = `-${count}`
  return `${id.slice(0, ID_MAX - tail.length).replace(/-+$/, '')}${tail}`
}
