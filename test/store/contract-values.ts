import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANY_ETAG, type NewProps, RowRefused } from '../../src/core/table-store.ts'
import { type Scope, TABLE } from './contract-scope.ts'

const RUNS = 100

/** What may be stored under which key, and comes back as it was. */
export function valueContract({ store, row, inserted }: Scope): void {
  describe('values', () => {
    it.each([
      3e9,
      0.1,
      -1,
      0,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31),
      -(2 ** 31) - 1,
      1e300,
      5e-324,
      2 ** 53,
      1.5e-7,
    ])('keep the number %d', async (n) => {
      const name = row()
      await inserted(name, { n })
      expect((await store().get(name))?.props).toEqual({ n })
    })

    it('keep all kinds and come back as they were', async () => {
      const value = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
        fc.integer(),
        fc.boolean(),
        fc.uint8Array(),
      )
      const names = fc
        .stringMatching(/^[a-z][A-Za-z0-9_]{0,20}$/)
        .filter((name) => !/^(etag|timestamp|opid|rowkey|partitionkey)$/i.test(name))
      await fc.assert(
        fc.asyncProperty(fc.dictionary(names, value, { maxKeys: 8 }), async (given) => {
          const props = { ...given }
          const name = row()
          await inserted(name, props)
          expect((await store().get(name))?.props).toEqual(normal(props))
        }),
        { numRuns: RUNS },
      )
    })

    it.each([
      ['NaN', Number.NaN],
      ['infinity', Number.POSITIVE_INFINITY],
      ['undefined', undefined],
      ['an object', { a: 1 }],
      ['an array', [1]],
      ['a date', new Date(0)],
      ['a bigint', 1n],
      ['a long string', 'x'.repeat(32_769)],
      ['long bytes', new Uint8Array(65_537)],
    ])('refuse %s in every write', async (_, bad) => {
      const name = row()
      const props = { a: bad } as unknown as NewProps
      await expect(store().insert(name, props)).rejects.toBeInstanceOf(RowRefused)
      await expect(store().upsert(name, props, 'merge')).rejects.toBeInstanceOf(RowRefused)
      await expect(store().update(name, props, 'merge', ANY_ETAG)).rejects.toBeInstanceOf(RowRefused)
      const batch = store().batch(TABLE, name.pk, [{ op: 'insert', rk: 'a', props }])
      await expect(batch).rejects.toBeInstanceOf(RowRefused)
      expect(await store().get(name)).toBeUndefined()
    })

    it('may be as long as the limits say', async () => {
      const name = row()
      const props = { s: 'é'.repeat(32_768), b: new Uint8Array(65_536).fill(7) }
      await inserted(name, props)
      expect((await store().get(name))?.props).toEqual(props)
    })

    it('may be a part of a larger buffer, of which only that part is stored', async () => {
      const name = row()
      await inserted(name, { b: new Uint8Array([1, 2, 3, 4]).subarray(1, 3) })
      expect((await store().get(name))?.props).toEqual({ b: new Uint8Array([2, 3]) })
    })

    it('are refused when there are too many, or the row is too large', async () => {
      const many = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i]))
      await expect(store().insert(row(), many(252))).rejects.toBeInstanceOf(RowRefused)
      await inserted(row(), many(251))
      const large = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`s${i}`, 'x'.repeat(32_768)]))
      await expect(store().insert(row(), large)).rejects.toBeInstanceOf(RowRefused)
    })

    it.each([
      '',
      'a b',
      'é',
      '1a',
      'PartitionKey',
      'rowKey',
      'etag',
      'Timestamp',
      'opId',
      '__proto__',
      'a@odata.type',
    ])('are refused under the name %j', async (name) => {
      const props = Object.fromEntries([[name, 1]])
      await expect(store().insert(row(), props)).rejects.toBeInstanceOf(RowRefused)
    })
  })

  describe('keys', () => {
    it('may be any text', async () => {
      const half = fc.constantFrom('\ud800', '\udfff', 'a\udc00b')
      const odd = fc.constantFrom(
        '',
        ' ',
        "'",
        "''",
        '/',
        '\\',
        '#',
        '?',
        '%',
        '%2F',
        '=',
        '=2F',
        '=uD800',
        '+',
        ',',
        '..',
        '\u0000',
        '\u2028',
        '~',
        '😀',
      )
      const key = fc.oneof(odd, half, fc.string({ unit: 'binary', maxLength: 30 }))
      await fc.assert(
        fc.asyncProperty(key, key, async (pk, rk) => {
          const name = { table: TABLE, pk: `any${pk}`, rk }
          await store().upsert(name, { v: pk }, 'replace')
          const read = await store().get(name)
          expect(read).toMatchObject({ pk: name.pk, rk, props: { v: pk } })
          const page = await store().query({ table: TABLE, pk: name.pk, rkPrefix: rk })
          expect(page.rows).toContainEqual(read)
          const updated = await store().batch(TABLE, name.pk, [
            { op: 'update', rk, props: {}, mode: 'merge', etag: ANY_ETAG },
          ])
          expect(updated.ok).toBe(true)
          expect(await store().batch(TABLE, name.pk, [{ op: 'remove', rk }])).toMatchObject({ ok: true })
          expect(await store().get(name)).toBeUndefined()
        }),
        { numRuns: RUNS },
      )
    })

    it('tell cases apart', async () => {
      const name = row('Key')
      await inserted(name)
      expect(await store().get({ ...name, rk: 'key' })).toBeUndefined()
    })

    it('are refused when too long, and tables when badly named', async () => {
      await expect(store().get(row('x'.repeat(513)))).rejects.toBeInstanceOf(RowRefused)
      await inserted(row('x'.repeat(512)))
      for (const table of ['Upper', 'a', '1abc', 'a-b', 'x'.repeat(64), "x'; drop"]) {
        await expect(store().get({ ...row(), table })).rejects.toBeInstanceOf(RowRefused)
      }
    })
  })
}

/** Bytes of one class, so that a Buffer and a Uint8Array compare equal. */
function normal(props: NewProps): NewProps {
  const entries = Object.entries(props)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Uint8Array ? new Uint8Array(value) : value]),
  )
}
