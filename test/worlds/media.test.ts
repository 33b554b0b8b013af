import { describe } from 'vitest'
import { MEDIA_WORLDS } from './cases/media.ts'
import { tellsTheTruth } from './table.ts'

/** Trains are sent at a pace, and worlds beside them would measure each other. */
const LANES = 2

describe('how media fares', () => tellsTheTruth(MEDIA_WORLDS, LANES))
