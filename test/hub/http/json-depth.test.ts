import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonDepth } from '../../../src/hub/http/json-depth.ts'
import { parseJson } from '../../../src/hub/http/read-body.ts'
import { pathOf } from '../../../src/hub/http/request-head.ts'

function deep(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(deep))
}

it('counts what parsing would find, whatever the strings hold', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonDepth(JSON.stringify(value))).toBe(deep(value))
    }),
  )
})

it('never throws on bytes from outside', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(['boolean']).toContain(typeof parseJson(Buffer.from(bytes)).ok)
    }),
  )
})

it('gives a path only for targets whose every segment is plain', () => {
  fc.assert(
    fc.property(fc.string(), (target) => {
      const path = pathOf(target)
      if (path !== undefined) expect(new URL(path, 'http://a').pathname).toBe(path)
    }),
  )
})
