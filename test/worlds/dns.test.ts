import { describe } from 'vitest'
import { DNS_WORLDS } from './cases/dns.ts'
import { tellsTheTruth } from './table.ts'

describe('who asks for names', () => tellsTheTruth(DNS_WORLDS))
