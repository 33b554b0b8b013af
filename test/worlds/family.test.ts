import { describe } from 'vitest'
import { FAMILY_WORLDS } from './cases/family.ts'
import { tellsTheTruth } from './table.ts'

describe('which family traffic takes', () => tellsTheTruth(FAMILY_WORLDS))
