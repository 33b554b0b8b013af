import { describe, expect, it } from 'vitest'
import { ANY_ETAG, RowRefused } from '../../src/core/table-store.ts'
import { type Scope, TABLE } from './contract-scope.ts'

/** Single rows and batches: who wins, and what is left. */
export function rowContract({ store, row, partition, inserted }: Scope): void {
  describe('one row', () => {
    it('is inserted once, and a second insert is a conflict that changes nothing', async () => {
      const name = row()
      const etag = await inserted(name, { a: 1 })
      expect(await store().insert(name, { a: 2 })).toEqual({ ok: false, why: 'conflict' })
      expect(await store().get(name)).toEqual({ pk: name.pk, rk: name.rk, etag, props: { a: 1 } })
    })

    it('is missing where nobody wrote it', async () => {
      expect(await store().get(row())).toBeUndefined()
      expect(await store().update(row(), { a: 1 }, 'merge', ANY_ETAG)).toEqual({ ok: false, why: 'missing' })
      expect(await store().remove(row())).toEqual({ ok: false, why: 'missing' })
    })

    it('is merged or replaced by an upsert', async () => {
      const name = row()
      await store().upsert(name, { a: 1, b: 'x' }, 'merge')
      await store().upsert(name, { b: 'y' }, 'merge')
      expect((await store().get(name))?.props).toEqual({ a: 1, b: 'y' })
      const { etag } = await store().upsert(name, { c: true }, 'replace')
      expect(await store().get(name)).toMatchObject({ etag, props: { c: true } })
    })

    it('is updated at its ETag, and a stale ETag changes nothing', async () => {
      const name = row()
      const first = await inserted(name, { a: 1 })
      const answer = await store().update(name, { b: 2 }, 'merge', first)
      expect(answer).toEqual({ ok: true, etag: expect.any(String) })
      expect(await store().update(name, { b: 3 }, 'replace', first)).toEqual({ ok: false, why: 'stale' })
      expect(await store().update(name, { c: 3 }, 'replace', ANY_ETAG)).toMatchObject({ ok: true })
      expect((await store().get(name))?.props).toEqual({ c: 3 })
    })

    it('made anew does not take the ETag of the row before', async () => {
      const name = row()
      const first = await inserted(name)
      await store().remove(name)
      await inserted(name)
      expect(await store().update(name, { a: 1 }, 'merge', first)).toEqual({ ok: false, why: 'stale' })
    })

    it('is changed by exactly one of 20 writers at the same ETag', async () => {
      const name = row()
      const etag = await inserted(name)
      const writers = Array.from({ length: 20 }, (_, winner) =>
        store().update(name, { winner }, 'merge', etag),
      )
      const answers = await Promise.all(writers)
      const won = answers.flatMap((answer, index) => (answer.ok ? [index] : []))
      expect(won).toHaveLength(1)
      expect(answers.filter((answer) => !answer.ok && answer.why === 'stale')).toHaveLength(19)
      expect((await store().get(name))?.props).toEqual({ winner: won[0] })
    })

    it('is inserted by exactly one of 20 writers', async () => {
      const name = row()
      const answers = await Promise.all(Array.from({ length: 20 }, () => store().insert(name, {})))
      expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    })

    it('is removed, at its ETag where one is given', async () => {
      const name = row()
      const first = await inserted(name)
      await store().upsert(name, { a: 1 }, 'merge')
      expect(await store().remove(name, first)).toEqual({ ok: false, why: 'stale' })
      const etag = (await store().get(name))?.etag
      expect(await store().remove(name, etag)).toEqual({ ok: true })
      expect(await store().get(name)).toBeUndefined()
    })

    it('is read with the selected properties only', async () => {
      const name = row()
      const etag = await inserted(name, { a: 1, b: 2, c: new Uint8Array([1]) })
      expect(await store().get(name, ['b', 'absent'])).toEqual({ ...pkRk(name), etag, props: { b: 2 } })
      expect((await store().get(name, []))?.props).toEqual({})
      const page = await store().query({ table: TABLE, pk: name.pk, select: ['c'] })
      expect(page).toEqual({ rows: [{ ...pkRk(name), etag, props: { c: new Uint8Array([1]) } }] })
    })
  })

  describe('null', () => {
    it('removes a property in a merge, also inside a batch', async () => {
      const name = row()
      const etag = await inserted(name, { a: 1, b: 2, c: 3, d: 4 })
      await store().upsert(name, { a: null }, 'merge')
      const now = (await store().get(name))?.etag ?? etag
      await store().update(name, { b: null }, 'merge', now)
      await store().batch(TABLE, name.pk, [{ op: 'upsert', rk: name.rk, props: { c: null }, mode: 'merge' }])
      expect((await store().get(name))?.props).toEqual({ d: 4 })
      await store().upsert(name, { a: 5 }, 'merge')
      expect((await store().query({ table: TABLE, pk: name.pk })).rows[0]?.props).toEqual({ a: 5, d: 4 })
    })

    it('is not stored by an insert or a replacement', async () => {
      const name = row()
      await inserted(name, { a: null, b: 1 })
      expect((await store().get(name))?.props).toEqual({ b: 1 })
      await store().upsert(name, { b: null, c: 1 }, 'replace')
      expect((await store().get(name))?.props).toEqual({ c: 1 })
    })
  })

  describe('a batch', () => {
    it('does all of its operations and gives their ETags', async () => {
      const pk = partition()
      const etag = await inserted({ table: TABLE, pk, rk: 'old' }, { a: 1 })
      await inserted({ table: TABLE, pk, rk: 'gone' })
      const answer = await store().batch(TABLE, pk, [
        { op: 'insert', rk: 'new', props: { s: 'a\u2028b\r\n--changesetresponse_ { } é' } },
        { op: 'update', rk: 'old', props: { b: 2 }, mode: 'merge', etag },
        { op: 'remove', rk: 'gone' },
        { op: 'upsert', rk: 'other', props: { d: 3 }, mode: 'replace' },
      ])
      const { rows } = await store().query({ table: TABLE, pk })
      const stored = Object.fromEntries(rows.map((found) => [found.rk, found]))
      expect(Object.keys(stored)).toEqual(['new', 'old', 'other'])
      expect(stored['old']?.props).toEqual({ a: 1, b: 2 })
      expect(stored['new']?.props).toEqual({ s: 'a\u2028b\r\n--changesetresponse_ { } é' })
      const etags = [stored['new']?.etag, stored['old']?.etag, undefined, stored['other']?.etag]
      expect(answer).toEqual({ ok: true, etags })
    })

    it.each([
      ['conflict', { op: 'insert', rk: 'old', props: {} }],
      ['stale', { op: 'update', rk: 'old', props: {}, mode: 'merge', etag: 'FIRST' }],
      ['missing', { op: 'update', rk: 'none', props: {}, mode: 'merge', etag: ANY_ETAG }],
      ['missing', { op: 'remove', rk: 'none' }],
    ] as const)('does nothing when one operation is refused: %s', async (why, given) => {
      const pk = partition()
      const first = await inserted({ table: TABLE, pk, rk: 'old' }, { a: 1 })
      await store().upsert({ table: TABLE, pk, rk: 'old' }, { a: 2 }, 'replace')
      const op = given.op === 'update' && given.etag === 'FIRST' ? { ...given, etag: first } : given
      const answer = await store().batch(TABLE, pk, [
        { op: 'insert', rk: 'new', props: {} },
        op,
        { op: 'insert', rk: 'last', props: {} },
      ])
      expect(answer).toEqual({ ok: false, why, index: 1 })
      expect((await store().query({ table: TABLE, pk })).rows).toMatchObject([{ rk: 'old', props: { a: 2 } }])
    })

    it('takes a hundred operations, and refuses none, more, or one row twice', async () => {
      const ops = (count: number) =>
        Array.from({ length: count }, (_, i) => ({ op: 'insert', rk: `${i}`, props: {} }) as const)
      expect(await store().batch(TABLE, partition(), ops(100))).toMatchObject({ ok: true })
      await expect(store().batch(TABLE, 'b', [])).rejects.toBeInstanceOf(RowRefused)
      await expect(store().batch(TABLE, 'b', ops(101))).rejects.toBeInstanceOf(RowRefused)
      await expect(store().batch(TABLE, 'b', [...ops(1), ...ops(1)])).rejects.toBeInstanceOf(RowRefused)
      const heavy = ops(100).map((op) => ({ ...op, props: { s: 'é'.repeat(30_000) } }))
      await expect(store().batch(TABLE, 'b', heavy)).rejects.toBeInstanceOf(RowRefused)
    })
  })
}

function pkRk(name: { readonly pk: string; readonly rk: string }) {
  return { pk: name.pk, rk: name.rk }
}
