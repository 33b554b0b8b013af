import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MUTANTS } from '../../scripts/mutants/table.ts'

describe('the limits that `npm run mutants` changes', () => {
  it.each(MUTANTS)('stand once in the source: $line', ({ file, line }) => {
    const text = readFileSync(join('src', file), 'utf8')
    expect(text.split(line)).toHaveLength(2)
  })
})
