import { randomBytes } from 'node:crypto'
import { beforeAll } from 'vitest'
import type { TableStore } from '../../src/core/table-store.ts'
import { rangeContract } from './contract-ranges.ts'
import { rowContract } from './contract-rows.ts'
import { type Scope, TABLE } from './contract-scope.ts'
import { valueContract } from './contract-values.ts'

/** Randomness for stores under test: ETags and operation marks must differ, nothing decides on them. */
export const random = { hex: (bytes: number) => randomBytes(bytes).toString('hex') }

/** What each adapter of the port must do; `open` is called once, and the suite never closes the store. */
export function storeContract(open: () => Promise<TableStore>): void {
  let opened: TableStore
  let made = 0
  const partition = () => `p${++made}`
  const scope: Scope = {
    store: () => opened,
    partition,
    row: (rk = 'row', pk = partition()) => ({ table: TABLE, pk, rk }),
    inserted: async (row, props = {}) => {
      const answer = await opened.insert(row, props)
      if (!answer.ok) throw new Error('the row exists')
      return answer.etag
    },
  }

  beforeAll(async () => {
    opened = await open()
    await opened.ensure([TABLE])
  })

  rowContract(scope)
  valueContract(scope)
  rangeContract(scope)
}
