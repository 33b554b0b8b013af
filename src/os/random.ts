import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from '../core/ports.ts'

/** The largest range that `randomInt` takes is just below 2^48. */
const STEPS = 2 ** 47

/** Randomness that nobody can guess: it makes transaction ids, nonces and secrets. */
export const systemRandom: Random = {
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  unit: () => randomInt(STEPS) / STEPS,
}
