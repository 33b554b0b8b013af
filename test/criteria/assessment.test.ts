import { describe, expect, it } from 'vitest'
import { assessmentOf } from '../../src/criteria/assessment.ts'
import * as b from './build.ts'

const RTT = `rtt:${b.HOST}`

describe('the assessment of an office', () => {
  it('is of the doors that applications get', () => {
    expect(assessmentOf(b.one({ [RTT]: ['door-timed', b.times({ medianMs: 40 })] }))).toBe(76)
    const idle = b.times({ medianMs: 40 }, { servers: ['10.1.0.54'], bySystem: false, medianMs: 300 })
    const served = b.resolvers([b.resolver()], [b.farResolver({ servers: ['10.1.0.54'] })])
    expect(assessmentOf(b.one({ [RTT]: ['door-timed', idle], resolver: ['resolvers-seen', served] }))).toBe(
      76,
    )
  })

  it('takes the middle of several runners', () => {
    const at = (medianMs: number) => ({ [RTT]: ['door-timed', b.times({ medianMs })] as const })
    expect(assessmentOf(b.evidence({ 'lon-1': at(8), 'lon-2': at(40), 'lon-3': at(300) }))).toBe(76)
  })

  it('leaves out who stands behind a proxy, and is nothing when nobody is left', () => {
    const behind = { [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })] as const }
    expect(assessmentOf(b.one(behind))).toBeNull()
    expect(assessmentOf(b.one(b.silent()))).toBeNull()
  })

  it('counts the speed of a download where there is one, of several runners the lesser middle', () => {
    const at = (wholeMBps: number) => ({ throughput: b.download({ wholeMBps }) })
    // 40 ms are 76 points, 8 MB/s are 60.
    const slow = { [RTT]: ['door-timed', b.times({ medianMs: 40 })] as const, ...at(8) }
    expect(assessmentOf(b.one(slow))).toBe(68)
    const pair = { 'lon-1': slow, 'lon-2': { ...slow, ...at(20) } }
    expect(assessmentOf(b.evidence(pair))).toBe(68)
  })

  it('takes no speed from behind a proxy', () => {
    const behind = { [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })] as const }
    expect(assessmentOf(b.one({ ...behind, throughput: b.download() }))).toBeNull()
  })
})
