import { describe } from 'vitest'
import { MEDIA_WORLDS } from './cases/media.ts'
import { tellsTheTruth } from './table.ts'

/** Trains are sent at a pace: one world at a time, for another file of worlds runs beside. */
const LANES = 1

describe('how media fares', () => tellsTheTruth(MEDIA_WORLDS, LANES))
