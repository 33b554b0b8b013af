import { describe, expect, it } from 'vitest'
import type { Finding, ReachSeen } from '../../../src/core/finding.ts'
import { reachMemoryOf } from '../../../src/core/reach-memory.ts'
import { compareReach } from '../../../src/hub/check/compare-reach.ts'
import * as b from '../../criteria/build.ts'

const seen = (host: string, over: Partial<ReachSeen> = {}): Finding => ({
  code: 'reach-seen',
  question: 'reach:8',
  runnerId: 'r1',
  measurementId: 'm1',
  args: b.reach({ set: 8 }, { host, ...over }),
})
const silent = { status: null, failure: 'timeout' } as const
const said = (findings: readonly Finding[]) => findings.map(({ code, args }) => ({ code, ...args }))

describe('comparing what required names answered', () => {
  const findings = [seen('a.example'), seen('b.example', silent), seen('c.example', silent)]

  it('says nothing where nobody else asked', () => {
    expect(compareReach(findings, [])).toEqual([])
    expect(compareReach(findings, [{ answered: [], failed: [] }])).toEqual([])
  })

  it('tells what fails here from what fails everywhere, and the latter once', () => {
    const others = [
      { answered: ['a.example', 'b.example'], failed: ['c.example'] },
      { answered: ['b.example'], failed: ['c.example', 'a.example'] },
    ]
    expect(said(compareReach(findings, others))).toEqual([
      { code: 'reach-fails-here', set: 8, host: 'b.example', failure: 'timeout', offices: 2 },
      { code: 'reach-fails-everywhere', hosts: ['c.example'], offices: 2 },
    ])
  })

  it("takes a proxy's word for no answer", () => {
    const proxied = [seen('b.example', { status: 407, proxy: 'asks-sign-in' })]
    const others = [{ answered: ['b.example'], failed: [] }]
    expect(said(compareReach(proxied, others))).toMatchObject([
      { code: 'reach-fails-here', host: 'b.example', failure: null },
    ])
    expect(reachMemoryOf(proxied)).toEqual({ answered: [], failed: ['b.example'] })
  })

  it('remembers a host that answers on one of its ports as one that answers', () => {
    const relay: Finding = {
      ...seen('relay.example'),
      args: {
        ...b.reach(),
        hosts: [3478, 3479].map(
          (port) =>
            ({
              ...b.reach().hosts[0],
              host: 'relay.example',
              port,
              failure: port === 3479 ? 'timeout' : null,
            }) as ReachSeen,
        ),
      },
    } as Finding
    expect(reachMemoryOf([relay])).toEqual({ answered: ['relay.example'], failed: [] })
    expect(compareReach([relay], [{ answered: ['relay.example'], failed: [] }])).toEqual([])
  })
})
