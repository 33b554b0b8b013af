import { afterAll, beforeAll } from 'vitest'
import { TURN_TIMEOUT_MS, takeTurn } from './turns.ts'

// Runs before each file of the project `worlds`.
let turn: Awaited<ReturnType<typeof takeTurn>> | undefined

beforeAll(async () => {
  turn = await takeTurn('worlds')
}, TURN_TIMEOUT_MS)
afterAll(() => turn?.release())
