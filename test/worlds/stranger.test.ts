import { describe } from 'vitest'
import { STRANGER_WORLDS } from './cases/stranger.ts'
import { strangersAreToldRight } from './stranger-table.ts'

describe('a world of another make', () => strangersAreToldRight(STRANGER_WORLDS))
