import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReply } from '../../src/net/dns-guard.ts'
import { seeded } from '../support/mutants.ts'
import { raw, read } from './dns-bytes.ts'
import { breach, dnsMutant } from './dns-mutants.ts'

/** A tenth of what `npm run bench` tries with the same row, where it also times each. */
const MUTANTS = 100_000

describe('mutated packets', () => {
  it('give a value each, and no answer that breaks a rule', { timeout: 120_000 }, () => {
    const random = seeded(20_261_126)
    const kinds = { stray: 0, malformed: 0, truncated: 0, failed: 0, answer: 0 }
    for (let made = 0; made < MUTANTS; made++) {
      const one = dnsMutant(random)
      const reply = parseReply(one.bytes, one.asked, one.transport)
      kinds[reply.kind] += 1
      const broken = breach(reply, one)
      if (broken !== null) expect.fail(`mutant ${made}: ${broken}: ${one.bytes.toString('hex')}`)
    }
    // Mutants that never get past the header would prove nothing.
    for (const kind of ['malformed', 'failed', 'answer'] as const) {
      expect(kinds[kind], kind).toBeGreaterThan(MUTANTS / 100)
    }
  })

  it('random bytes behind the right header and question give a value each', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(9), fc.nat(9), fc.nat(9), (bytes, an, ns, ar) => {
        const reply = read(raw({ counts: [1, an, ns, ar], rest: [Buffer.from(bytes)] }))
        expect(['malformed', 'answer', 'failed']).toContain(reply.kind)
      }),
      { numRuns: 10_000 },
    )
  })
})
