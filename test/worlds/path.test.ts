import { describe } from 'vitest'
import { PATH_WORLDS } from './cases/path.ts'
import { tellsTheTruth } from './table.ts'

describe('what stands on the path', () => tellsTheTruth(PATH_WORLDS))
