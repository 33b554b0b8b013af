import { describe } from 'vitest'
import { FILE_WORLDS } from './cases/file.ts'
import { tellsTheTruth } from './table.ts'

describe('what the files say and leave out', () => tellsTheTruth(FILE_WORLDS))
