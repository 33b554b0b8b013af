import { isIP } from 'node:net'
import type { parseStun } from '../../src/net/stun-message.ts'
import { mutant } from '../support/mutants.ts'
import { stunMapped, stunMessage } from '../support/stun-server.ts'

/** What every mutant would be an answer to. */
export const TRANSACTION = Buffer.from('00112233445566778899aabb', 'hex')

/** Header, cookie and transaction. */
const HEADER_BYTES = 20

const SEEDS: readonly Buffer[] = [
  stunMapped(TRANSACTION, '203.0.113.7', 40_000),
  stunMessage(0x0101, TRANSACTION, 0x0020, Buffer.concat([Buffer.from([0, 2, 1, 2]), Buffer.alloc(16, 7)])),
  stunMessage(0x0101, TRANSACTION, 0x0001, Buffer.from([0, 1, 156, 64, 192, 0, 2, 1])),
  stunMessage(0x0113, TRANSACTION, 0x0009, Buffer.from([0, 0, 4, 1, 85, 110])),
]

/** The next mutant of a seeded row. Cookie and transaction mostly stay, or nothing would be read behind them. */
export function stunMutant(random: () => number): Buffer {
  const seed = SEEDS[Math.floor(random() * SEEDS.length)] ?? Buffer.alloc(0)
  const bytes = mutant(seed, random)
  if (random() < 0.8) seed.copy(bytes, 4, 4, Math.min(HEADER_BYTES, bytes.length))
  return bytes
}

/** Reports whether what was read of a message could be: an address is one, a port and a code are in their bounds. */
export function isSound(reply: ReturnType<typeof parseStun>): boolean {
  if (reply.kind === 'mapped') {
    const { address, port } = reply.mapped
    return isIP(address) !== 0 && Number.isInteger(port) && port >= 0 && port < 65_536
  }
  return reply.kind !== 'error' || (reply.code >= 0 && reply.code < 1_000)
}
