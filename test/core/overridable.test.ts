import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ATTESTABLE, OVERRIDABLE } from '../../src/core/overridable.ts'
import { CRITERIA } from '../../src/core/verdict.ts'

const sources = readdirSync('src/criteria').map((file) => readFileSync(`src/criteria/${file}`, 'utf8'))

describe('what an admin may set', () => {
  it.each(CRITERIA)('is the limit of %s where its criterion reads one, and no other', (id) => {
    const reads = sources.some((text) => text.includes(`limitOf(evidence, '${id}'`))
    expect(OVERRIDABLE[id] !== undefined).toBe(reads)
  })

  it('is an attestation where a criterion rests on one', () => {
    const attested = CRITERIA.filter((id) =>
      sources.some((text) => text.includes(`id: '${id}'`) && text.includes('=> ruleByAttestation(')),
    )
    expect(ATTESTABLE).toEqual(attested)
  })
})
