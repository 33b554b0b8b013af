import { describe, expect, it } from 'vitest'
import { everyRow, MAX_BATCH, type Row, RowRefused } from '../../src/core/table-store.ts'
import { type Scope, TABLE } from './contract-scope.ts'

/** Queries over one partition, page by page. */
export function rangeContract({ store, partition, inserted }: Scope): void {
  describe('a query', () => {
    const keys = (rows: readonly Row[]) => rows.map((found) => found.rk)
    const filled = async (names: readonly string[]) => {
      const pk = partition()
      const ops = names.map((rk) => ({ op: 'insert', rk, props: { rk } }) as const)
      expect(await store().batch(TABLE, pk, ops)).toMatchObject({ ok: true })
      return { table: TABLE, pk }
    }

    it('gives a range in ascending order, its start included and its end not', async () => {
      const range = await filled(['b', 'd', 'a', 'c', 'B', '10', '9'])
      expect(keys((await store().query(range)).rows)).toEqual(['10', '9', 'B', 'a', 'b', 'c', 'd'])
      const part = await store().query({ ...range, rkFrom: 'a', rkTo: 'c' })
      expect(part).toEqual({
        rows: [expect.objectContaining({ rk: 'a' }), expect.objectContaining({ rk: 'b' })],
      })
      expect(await store().query({ ...range, rkFrom: 'x' })).toEqual({ rows: [] })
      expect(await store().query({ ...range, rkFrom: 'c', rkTo: 'a' })).toEqual({ rows: [] })
    })

    it('gives what starts with a prefix', async () => {
      const range = await filled([
        'head',
        'office:',
        'office:a',
        'office:z',
        'office:é',
        'office;',
        'officf',
        'out',
      ])
      const found = keys((await store().query({ ...range, rkPrefix: 'office:' })).rows)
      expect(found.sort()).toEqual(['office:', 'office:a', 'office:z', 'office:é'])
      expect(
        keys((await store().query({ ...range, rkPrefix: 'office:', rkFrom: 'office:b' })).rows),
      ).toContain('office:z')
    })

    it('reads page by page without losing or repeating a row, while rows come and go', async () => {
      const names = Array.from({ length: 95 }, (_, i) => `r${String(i).padStart(3, '0')}`)
      const range = await filled(names)
      const first = await store().query({ ...range, limit: 10 })
      expect(keys(first.rows)).toEqual(names.slice(0, 10))
      await store().remove({ ...range, rk: 'r009' })
      await inserted({ ...range, rk: 'r009.5' })
      const rest: string[] = []
      for await (const found of everyRow(store(), { ...range, limit: 10, cursor: first.cursor ?? '' }))
        rest.push(found.rk)
      expect(rest).toEqual(['r009.5', ...names.slice(10)])
    })

    it('reads more than a thousand rows', async () => {
      const pk = partition()
      for (let start = 0; start < 1100; start += MAX_BATCH) {
        const ops = Array.from(
          { length: MAX_BATCH },
          (_, i) => ({ op: 'insert', rk: `${10_000 + start + i}`, props: {} }) as const,
        )
        await store().batch(TABLE, pk, ops)
      }
      const page = await store().query({ table: TABLE, pk })
      expect(page.rows).toHaveLength(1000)
      expect(page.cursor).toBeDefined()
      const found: string[] = []
      for await (const one of everyRow(store(), { table: TABLE, pk, select: [] })) found.push(one.rk)
      expect(found).toEqual(Array.from({ length: 1100 }, (_, i) => `${10_000 + i}`))
    })

    it('refuses a limit or a cursor that makes no sense', async () => {
      const range = { table: TABLE, pk: 'q' }
      for (const limit of [0, -1, 1001, 1.5, Number.NaN]) {
        await expect(store().query({ ...range, limit })).rejects.toBeInstanceOf(RowRefused)
      }
      for (const cursor of ['', 'x', "after:' or 1 eq 1"]) {
        await expect(store().query({ ...range, cursor })).rejects.toBeInstanceOf(RowRefused)
      }
    })

    it('finds nothing in a table that does not exist, and the first write makes it', async () => {
      const name = { table: 'notyet202611', pk: 'p', rk: 'r' }
      expect(await store().query(name)).toEqual({ rows: [] })
      expect(await store().get(name)).toBeUndefined()
      expect(await store().remove(name)).toEqual({ ok: false, why: 'missing' })
      expect(await store().insert(name, { a: 1 })).toMatchObject({ ok: true })
      expect((await store().query(name)).rows).toHaveLength(1)
      const upserted = await store().upsert({ ...name, table: 'notyet202612' }, { a: 1 }, 'merge')
      expect(upserted.ok).toBe(true)
      const batch = await store().batch('notyet202701', 'p', [{ op: 'insert', rk: 'r', props: {} }])
      expect(batch.ok).toBe(true)
      await store().ensure(['notyet202611', 'notyet202702'])
    })
  })
}
