import { describe } from 'vitest'
import { HARMLESS_TOGETHER, SPARSE_WORLDS } from './cases/stranger-sparse.ts'
import { strangersAreToldRight } from './stranger-table.ts'

describe('a world that serves little', () => strangersAreToldRight(SPARSE_WORLDS))

describe('a healthy world that is odd in several ways', () => strangersAreToldRight(HARMLESS_TOGETHER))
