import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStun } from '../../src/net/stun-message.ts'
import { seeded } from '../support/mutants.ts'
import { stunMessage } from '../support/stun-server.ts'
import { isSound, stunMutant, TRANSACTION } from './stun-mutants.ts'

/** Three tenths of what `npm run bench` tries with the same row, where it also times each. */
const MUTANTS = 300_000

describe('mutated STUN messages', () => {
  it('give a value each, and an address only where one is written', () => {
    const random = seeded(20_261_126)
    const kinds = new Map<string, number>()
    for (let made = 0; made < MUTANTS; made++) {
      const bytes = stunMutant(random)
      const reply = parseStun(bytes, TRANSACTION)
      if (!isSound(reply)) expect.fail(`mutant ${made}: ${bytes.toString('hex')}`)
      kinds.set(reply.kind, (kinds.get(reply.kind) ?? 0) + 1)
    }
    // Mutants that never get past the header would prove nothing.
    for (const kind of ['stray', 'malformed', 'mapped', 'error']) {
      expect(kinds.get(kind), kind).toBeGreaterThan(MUTANTS / 100)
    }
  })

  it('random attributes behind the right header give a value each', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0x0101, 0x0111, 0x0113),
        fc.nat(0xffff),
        fc.uint8Array({ maxLength: 80 }),
        (type, attribute, value) => {
          const message = stunMessage(type, TRANSACTION, attribute, Buffer.from(value))
          expect(isSound(parseStun(message, TRANSACTION))).toBe(true)
        },
      ),
      { numRuns: 5_000 },
    )
  })
})
