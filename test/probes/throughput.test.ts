import { describe, expect, it } from 'vitest'
import { done, type Failure, failed } from '../../src/core/failure.ts'
import type { DownloadSeen } from '../../src/core/ports.ts'
import { throughput } from '../../src/probes/throughput.ts'
import { argsOf, contextOf, evaluation, type Fakes, good, system } from './fakes.ts'

const TARGETS = [{ set: 31, host: '{tenant}.sharepoint.com' }]
const FILE = { host: 'contoso.sharepoint.com', path: '/sites/net/15mb.bin' }
const SETTINGS = { tenant: 'contoso', download: FILE }
const EDGE = '13.107.136.9'
const WHOLE: DownloadSeen = {
  status: 200,
  bytes: 15_000_000,
  ms: 2_000,
  secondHalfPerMs: 9_000.7,
  ended: 'whole',
}

const fakes = (tcp: Fakes['tcp'], more: Fakes = {}): Fakes => ({
  settings: SETTINGS,
  dns: { systemLookup: async () => system(['10.0.0.1', EDGE]) },
  tcp: { connect: async () => done({ ms: 12 }), download: async () => done(WHOLE), ...tcp },
  ...more,
})
const look = async (given: Fakes) => {
  const outcome = await throughput.run({ targets: TARGETS }, contextOf(given))
  const read = good(throughput.read(JSON.parse(JSON.stringify(good(outcome)))))
  return throughput.evaluate(read, evaluation('throughput', TARGETS))
}
const seen = (download: Partial<DownloadSeen>) =>
  look(fakes({ download: async () => done({ ...WHOLE, ...download }) }))

/** What `run` would give where connects take `idle` before and `loaded` meanwhile. */
const timed = (idle: readonly number[], loaded: readonly number[]) =>
  throughput.evaluate(
    {
      target: FILE.host,
      system: { addresses: [EDGE], ms: 1, server: null },
      address: EDGE,
      idle: { tcpMs: [...idle], failures: [] },
      loaded: { tcpMs: [...loaded], failures: [] },
      download: WHOLE,
    },
    evaluation('throughput', TARGETS),
  )

describe('throughput', () => {
  it('takes the file of the settings from the address that the system names', async () => {
    const asked: unknown[] = []
    const findings = await look(
      fakes({
        download: async (target) => {
          asked.push(target)
          return done(WHOLE)
        },
      }),
    )
    expect(asked).toEqual([{ address: EDGE, port: 443, timeoutMs: 10_000, ...FILE }])
    expect(argsOf(findings, 'throughput-seen')).toEqual({
      host: FILE.host,
      bytes: 15_000_000,
      wholeMBps: 7.5,
      secondHalfMBps: 9,
      idleMs: 12,
      loadedMs: null,
    })
  })

  it.each<[string, NonNullable<Fakes['settings']>]>([
    ['no file is named', { tenant: 'contoso' }],
    ['no tenant is named', { download: FILE }],
    ['the file is another tenant’s', { tenant: 'fabrikam', download: FILE }],
  ])('sends nothing when %s', async (_, settings) => {
    const outcome = await throughput.run({ targets: TARGETS }, contextOf({ settings }))
    expect(outcome).toMatchObject({ ok: false, failure: 'not-configured' })
  })

  it('connects every 100 ms meanwhile, and stops with the file', async () => {
    let due: (() => void)[] = []
    let cancelled = 0
    const over = Promise.withResolvers<void>()
    const given = fakes({
      download: async () => {
        for (let round = 0; round < 7; round++) for (const run of due.splice(0)) run()
        over.resolve()
        return done(WHOLE)
      },
    })
    const context = contextOf(given)
    const after = (ms: number, run: () => void) => {
      expect(ms).toBe(100)
      due = [...due, run]
      return () => {
        cancelled += 1
      }
    }
    const clocked = { ...context, ports: { ...context.ports, clock: { ...context.ports.clock, after } } }
    const result = good(await throughput.run({ targets: TARGETS }, clocked))
    await over.promise
    expect(result.loaded?.tcpMs).toEqual(Array(7).fill(12))
    expect(result.idle?.tcpMs).toHaveLength(5)
    expect(cancelled).toBe(1)
  })

  it.each<[string, number, number, number | null]>([
    ['grows by 100 ms', 20, 120, 100],
    ['grows by 99 ms', 20, 119, null],
  ])('says buffer bloat when the round trip %s', (_, before, meanwhile, added) => {
    const findings = timed(Array(5).fill(before), Array(9).fill(meanwhile))
    expect(findings.find(({ code }) => code === 'buffer-bloat')?.args).toEqual(
      added === null ? undefined : { host: FILE.host, idleMs: before, loadedMs: meanwhile, addedMs: added },
    )
    expect(argsOf(findings, 'throughput-seen')).toMatchObject({ idleMs: before, loadedMs: meanwhile })
  })

  it('says nothing of bloat from four connects, or without an idle round trip', () => {
    expect(timed([4], [900, 900, 900, 900])).toHaveLength(1)
    expect(timed([], Array(9).fill(900))).toHaveLength(1)
  })

  it('takes a slow line that ran out of time for an answer', async () => {
    const findings = await seen({ bytes: 400_000, ms: 9_900, secondHalfPerMs: 41.3, ended: 'time' })
    expect(argsOf(findings, 'throughput-seen')).toMatchObject({ wholeMBps: 0.04, secondHalfMBps: 0.041 })
  })

  it('never rounds a speed up to a limit', async () => {
    const findings = await seen({ bytes: 9_999_999, ms: 10_000, secondHalfPerMs: 999.9 })
    expect(argsOf(findings, 'throughput-seen')).toMatchObject({ wholeMBps: 0.999, secondHalfMBps: 0.999 })
  })

  it.each<[string, Partial<DownloadSeen>]>([
    ['a redirect to a sign-in', { status: 302, bytes: 0, secondHalfPerMs: null }],
    ['a page in place of the file', { bytes: 40_000, ms: 30 }],
  ])('measures nothing by %s', async (_, download) => {
    expect(argsOf(await seen(download), 'unmeasured')).toEqual({
      question: 'throughput',
      failure: 'http-error',
    })
  })

  it.each<[Failure, Fakes]>([
    ['reset', fakes({ download: async () => failed('reset') })],
    ['dns-nxdomain', fakes({}, { dns: { systemLookup: async () => failed('dns-nxdomain') } })],
    ['policy-refused', fakes({}, { dns: { systemLookup: async () => system(['10.0.0.1']) } })],
    ['dns-empty', fakes({}, { dns: { systemLookup: async () => system([]) } })],
  ])('keeps the word %s', async (failure, given) => {
    expect(argsOf(await look(given), 'unmeasured')).toEqual({ question: 'throughput', failure })
  })
})
