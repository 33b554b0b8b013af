import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EndpointChange, IMPACTS, needsAction, parseChanges } from '../../src/endpoints/changes.ts'

/** The sample of Microsoft's page, as it stands there. */
const SAMPLE =
  '[{"id":426,"endpointSetId":31,"disposition":"Change","version":"2018062700","add":{"effectiveDate":"20180609","ips":["51.140.203.190/32"]}}]'

const record = (over: object = {}): object => ({
  id: 1,
  endpointSetId: 31,
  disposition: 'change',
  version: '2026110200',
  ...over,
})
const read = (...records: unknown[]): readonly EndpointChange[] => {
  const parsed = parseChanges(JSON.stringify(records))
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.changes
}
const first = (over: object): EndpointChange => {
  const [change] = read(record(over))
  if (change === undefined) throw new Error('skipped')
  return change
}

describe('reading changes', () => {
  it('reads the sample of Microsoft’s page', () => {
    expect(parseChanges(SAMPLE)).toEqual({
      ok: true,
      skipped: 0,
      changes: [
        {
          id: 426,
          setId: 31,
          disposition: 'change',
          impact: null,
          version: '2018062700',
          effectiveOn: '2018-06-09',
          added: { urls: [], ips: ['51.140.203.190/32'] },
          removed: { urls: [], ips: [] },
          previous: {},
          current: {},
        },
      ],
    })
  })

  it.each(['change', 'Change', 'CHANGE', 'add', 'Add', 'remove', 'Remove'])(
    'reads the disposition %s',
    (text) => {
      expect(first({ disposition: text }).disposition).toBe(text.toLowerCase())
    },
  )

  it.each(IMPACTS)('reads the impact %s in any case', (impact) => {
    expect([first({ impact }).impact, first({ impact: impact.toLowerCase() }).impact]).toEqual([
      impact,
      impact,
    ])
  })

  it.each([[undefined], [null], ['SomethingNew'], ['']])('knows no impact in %j', (impact) => {
    expect(first({ impact }).impact).toBeNull()
  })

  it.each([
    ['20181128', '2018-11-28'],
    ['20240229', '2024-02-29'],
    ['20000229', '2000-02-29'],
    ['20230229', null],
    ['21000229', null],
    ['20181301', null],
    ['20180009', null],
    ['20180631', null],
    ['20180600', null],
    ['2018-06-09', null],
    ['soon', null],
    ['', null],
  ])('takes the effective date %j for %s', (effectiveDate, day) => {
    expect(first({ add: { effectiveDate, ips: [] } }).effectiveOn).toBe(day)
  })

  it('reads what was added and removed, and the fields before and after', () => {
    const change = first({
      impact: 'MovedIpOrUrl',
      previous: { category: 'Default', required: false, tcpPorts: '443', expressRoute: true },
      current: { category: 'Allow', required: true, tcpPorts: null, serviceArea: 'Common' },
      add: { effectiveDate: '20261201', urls: ['Teams.Cloud.Microsoft'] },
      remove: { urls: ['*.skype.com'], ips: ['52.112.0.0/14'] },
    })
    expect(change).toMatchObject({
      added: { urls: ['teams.cloud.microsoft'], ips: [] },
      removed: { urls: ['*.skype.com'], ips: ['52.112.0.0/14'] },
      previous: { category: 'Default', required: false, tcpPorts: '443' },
      current: { category: 'Allow', required: true, serviceArea: 'Common' },
    })
    expect(Object.keys(change.current)).not.toContain('tcpPorts')
  })

  it('leaves out a record that makes no sense, counts it, and reads the others', () => {
    const bad = [
      7,
      null,
      record({ id: 'x' }),
      record({ endpointSetId: undefined }),
      record({ version: '2026' }),
      record({ disposition: 'move' }),
      record({ add: { ips: [1] } }),
      record({ remove: { urls: ['x'.repeat(301)] } }),
    ]
    expect(parseChanges(JSON.stringify([record(), ...bad]))).toMatchObject({ ok: true, skipped: bad.length })
    expect(read(record(), ...bad)).toHaveLength(1)
  })

  it.each([
    ['a web page', ' <html>', /web page/],
    ['something else', 'busy', /not JSON/],
    ['an object', '{}', /not an array/],
    ['JSON that was cut', SAMPLE.slice(0, -3), /not JSON/],
    ['more than 5 MB', `[${' '.repeat(5_000_000)}]`, /larger/],
  ])('refuses %s', (_name, body, problem) => {
    expect(parseChanges(body)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => typeof parseChanges(body).ok === 'boolean'),
    )
    const any = fc.dictionary(
      fc.constantFrom('id', 'endpointSetId', 'disposition', 'impact', 'version', 'add', 'remove', 'current'),
      fc.anything(),
    )
    fc.assert(
      fc.property(fc.array(any), (records) => {
        const body = JSON.stringify(
          records.map((one) => ({ ...record(), ...one })),
          bigints,
        )
        const parsed = parseChanges(body)
        return parsed.ok && parsed.changes.length + parsed.skipped === records.length
      }),
    )
  })
})

describe('a change', () => {
  it.each([
    ['AddedIp', true],
    ['AddedUrl', true],
    ['AddedIpAndUrl', true],
    ['AddedSubstituteUrl', false],
    ['RemovedIpOrUrl', false],
    ['ChangedIsExpressRoute', false],
    ['MovedIpOrUrl', false],
    ['RemovedDuplicateIpOrUrl', false],
    ['OtherNonPriorityChanges', false],
  ])('with the impact %s needs action: %s', (impact, expected) => {
    expect(needsAction(first({ impact, add: { urls: ['x.example'] } }))).toBe(expected)
  })

  it('without an impact needs action where it adds something', () => {
    expect(needsAction(first({ add: { ips: ['51.140.203.190/32'] } }))).toBe(true)
    expect(needsAction(first({ remove: { ips: ['51.140.203.190/32'] } }))).toBe(false)
  })
})

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
