import { DNS_CASES } from './dns-cases.ts'
import { EGRESS_CASES } from './egress-cases.ts'
import { OTHER_CASES } from './other-cases.ts'
import { PATH_CASES } from './path-cases.ts'
import type { FixtureCase } from './record.ts'
import { RECORDED_CASES } from './recorded-cases.ts'

/** Every situation of which there is a fixture, by the name of its folder. */
export const CASES: Readonly<Record<string, FixtureCase>> = {
  ...EGRESS_CASES,
  ...DNS_CASES,
  ...PATH_CASES,
  ...OTHER_CASES,
  ...RECORDED_CASES,
}
