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
    if (
      holder &&
      [holder.office.name, ...holder.office.aliases].map(foldedName).includes(foldedName(office.name))
    ) {
      return 'named'
    }
  }
  return 'many'
}

function numbered(id: string, count: number): string {
  if (count === 1) return id
  const tail = `-${count}`
  return `${id.slice(0, ID_MAX - tail.length).replace(/-+$/, '')}${tail}`
}
