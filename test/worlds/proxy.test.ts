import { describe } from 'vitest'
import { PROXY_WORLDS } from './cases/proxy.ts'
import { tellsTheTruth } from './table.ts'

describe('proxies that the host is set to', () => tellsTheTruth(PROXY_WORLDS))
