import { describe } from 'vitest'
import { EGRESS_WORLDS } from './cases/egress.ts'
import { tellsTheTruth } from './table.ts'

describe('where traffic leaves', () => tellsTheTruth(EGRESS_WORLDS))
