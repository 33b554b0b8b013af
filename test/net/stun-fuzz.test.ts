import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStun } from '../../src/net/stun-message.ts'
import { mutant, seeded } from '../support/mutants.ts'
import { stunMapped, stunMessage } from '../support/stun-server.ts'

const TRANSACTION = Buffer.from('00112233445566778899aabb', 'hex')
const MUTANTS = 300_000
/** Header, cookie and transaction. */
const HEADER_BYTES = 20

const SEEDS: readonly Buffer[] = [
  stunMapped(TRANSACTION, '203.0.113.7', 40_000),
  stunMessage(0x0101, TRANSACTION, 0x0020, Buffer.concat([Buffer.from([0, 2, 1, 2]), Buffer.alloc(16, 7)])),
  stunMessage(0x0101, TRANSACTION, 0x0001, Buffer.from([0, 1, 156, 64, 192, 0, 2, 1])),
  stunMessage(0x0113, TRANSACTION, 0x0009, Buffer.from([0, 0, 4, 1, 85, 110])),
]

const isSound = (bytes: Buffer): boolean => {
  const reply = parseStun(bytes, TRANSACTION)
  if (reply.kind === 'mapped') {
    const { address, port } = reply.mapped
    return isIP(address) !== 0 && Number.isInteger(port) && port >= 0 && port < 65_536
  }
  return reply.kind !== 'error' || (reply.code >= 0 && reply.code < 1_000)
}

describe('mutated STUN messages', () => {
  it('give a value each, and an address only where one is written', () => {
    const random = seeded(20_261_126)
    const kinds = new Map<string, number>()
    for (let made = 0; made < MUTANTS; made++) {
      const seed = SEEDS[made % SEEDS.length] ?? Buffer.alloc(0)
      const bytes = mutant(seed, random)
      if (random() < 0.8) seed.copy(bytes, 4, 4, Math.min(HEADER_BYTES, bytes.length))
      if (!isSound(bytes)) expect.fail(`mutant ${made}: ${bytes.toString('hex')}`)
      const { kind } = parseStun(bytes, TRANSACTION)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
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
          expect(isSound(stunMessage(type, TRANSACTION, attribute, Buffer.from(value)))).toBe(true)
        },
      ),
      { numRuns: 5_000 },
    )
  })
})
