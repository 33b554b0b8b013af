import { describe } from 'vitest'
import { DNS_MORE_WORLDS } from './cases/dns-more.ts'
import { tellsTheTruth } from './table.ts'

describe('what is stated about name resolution', () => tellsTheTruth(DNS_MORE_WORLDS))
