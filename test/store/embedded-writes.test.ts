import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GroupedWrites } from '../../src/store/embedded-writes.ts'

describe('writes that come together', () => {
  let database: DatabaseSync
  let writes: GroupedWrites
  const put = (value: number): void => database.exec(`INSERT INTO t VALUES (${value})`)
  const held = () =>
    database
      .prepare('SELECT v FROM t')
      .all()
      .map(({ v }) => v)
  const begun: string[] = []

  beforeEach(() => {
    database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE t (v INTEGER PRIMARY KEY)')
    begun.length = 0
    const exec = database.exec.bind(database)
    database.exec = (sql) => {
      if (sql.startsWith('BEGIN') || sql === 'COMMIT') begun.push(sql)
      exec(sql)
    }
    writes = new GroupedWrites(database)
  })
  afterEach(() => database.close())

  const add = (value: number, ok = true) =>
    writes.add(
      () => {
        put(value)
        return { value, ok }
      },
      (answer) => answer.ok,
    )

  it('share one transaction, in their order, and are told after it', async () => {
    const told: number[] = []
    const all = [3, 1, 2].map((value) => add(value).then(() => told.push(value)))
    expect(held()).toEqual([])
    await Promise.all(all)
    expect([held(), told, begun]).toEqual([
      [1, 2, 3],
      [3, 1, 2],
      ['BEGIN IMMEDIATE', 'COMMIT'],
    ])
  })

  it('are undone alone where one refuses or throws', async () => {
    const wrong = new Error('wrong')
    const thrown = writes.add(
      () => {
        put(9)
        throw wrong
      },
      () => true,
    )
    const answers = await Promise.allSettled([add(1), add(2, false), thrown, add(3)])
    expect(held()).toEqual([1, 3])
    expect(answers).toMatchObject([
      { value: { ok: true } },
      { value: { ok: false } },
      { reason: wrong },
      { value: { ok: true } },
    ])
  })

  it('are done one by one when the database refuses one of them', async () => {
    const answers = await Promise.allSettled([add(1), add(1), add(2)])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(held()).toEqual([1, 2])
    expect(database.isTransaction).toBe(false)
  })

  it('are written at once by a flush', async () => {
    const one = add(1)
    writes.flush()
    expect(held()).toEqual([1])
    await one
  })
})
