import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import { DNS_MORE_WORLDS } from './cases/dns-more.ts'
import { check } from './parts.ts'
import { inLanes } from './table.ts'

const CASES = Object.entries(DNS_MORE_WORLDS).toSorted(
  ([, a], [, b]) => Number(b.slow ?? false) - Number(a.slow ?? false),
)

describe('what is stated about name resolution', () => {
  const checked = inLanes(
    CASES.map(
      ([, one]) =>
        () =>
          check(one),
    ),
  )
  it.each(CASES.map(([name, one], index) => [name, one, index] as const))(
    'is true of %s',
    { timeout: 120_000 },
    async (_name, one, index) => {
      const { seen, why, checked: judged } = await checked(index)
      expect(seen, why).toEqual(one.truth)
      const findings: readonly Finding[] = judged.judgements.flatMap(
        (judgement) => judgement.evidence.findings,
      )
      for (const [code, args] of Object.entries(one.states)) {
        expect(findings.find((finding) => finding.code === code)?.args, code).toMatchObject(args)
      }
    },
  )
})
