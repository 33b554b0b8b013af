import { describe } from 'vitest'
import { MEDIA_WORLDS } from './cases/media.ts'
import { tellsTheTruth } from './table.ts'

describe('how media fares', () => tellsTheTruth(MEDIA_WORLDS))
