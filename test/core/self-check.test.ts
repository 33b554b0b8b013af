import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chooseOffice,
  countSelfChecks,
  DOOR_NAMES,
  type DoorSeen,
  offsetMinutes,
  type SelfAddress,
  type SelfEvidence,
} from '../../src/core/self-check.ts'
import { judgeSelfCheck } from '../../src/core/self-judgement.ts'
import { anOffice, NOON } from '../support/check-kit.ts'
import { aSelfAddress, aSelfCheck, aSelfEvidence, aSelfResult } from '../support/self-check.ts'

const judged = (over: Partial<SelfEvidence> = {}) => {
  const { outcome, egress, dns, doors, compare } = judgeSelfCheck(aSelfEvidence(over))
  return [outcome, egress.word, dns.word, doors.word, compare].join(' ')
}
const egress = (over: Partial<SelfAddress>) => ({ egress: [aSelfAddress(over)] })
const answered = (...ms: number[]): DoorSeen[] =>
  ms.map((one, at) => ({ name: DOOR_NAMES[at] ?? 'teams', kind: 'answered', ms: one }))
const silent = (count: number): DoorSeen[] =>
  DOOR_NAMES.slice(0, count).map((name) => ({ name, kind: 'silent' }))
const SLOW = answered(140, 150, 160)
const far = { km: 2_300, label: 'Dallas' }
const office = (over: object) => ({ ...aSelfEvidence().office, ...over }) as SelfEvidence['office']

describe('what a self-check in a browser says', () => {
  it.each<readonly [string, string, Partial<SelfEvidence>]>([
    ['all near', 'well egress-near dns-near doors-quick near-by-another-way', {}],
    [
      'by the office’s own address',
      'well egress-of-office dns-near doors-quick same-way',
      egress({ ofOffice: true }),
    ],
    [
      'by it, from another time zone',
      'well egress-of-office dns-near doors-quick brought-to-office',
      { ...egress({ ofOffice: true, km: null }), zoneDiffers: true },
    ],
    [
      'far by one table alone',
      'unknown egress-far-alone dns-near doors-quick not-compared',
      { ...egress(far), doors: answered(24, 25, 26) },
    ],
    [
      'far, while a door answers too quickly for that',
      'unknown egress-disputed dns-near doors-quick not-compared',
      { ...egress(far), doors: answered(9, 30, 30) },
    ],
    [
      'far, and no door is quick: two signals',
      'not-well egress-far dns-near doors-slow vpn-likely',
      { ...egress(far), doors: SLOW },
    ],
    [
      'far, by a security vendor: two signals',
      'not-well egress-far dns-near doors-quick vpn-likely',
      { ...egress({ ...far, vendor: 'Zscaler' }), doors: answered(30, 30, 30) },
    ],
    [
      'by another office’s registered address',
      'not-well egress-of-other-office dns-near doors-quick vpn-likely',
      egress({ km: null, otherOffices: ['Dallas'] }),
    ],
    [
      'far, and so does the office',
      'not-well egress-of-other-office dns-near doors-quick office-too',
      { ...egress({ otherOffices: ['Dallas'] }), office: office({ localEgress: 'fail' }) },
    ],
    [
      'far, and nobody knows how the office does',
      'not-well egress-of-other-office dns-near doors-quick office-unproven',
      { ...egress({ otherOffices: ['Dallas'] }), office: office({ localEgress: null }) },
    ],
    [
      'from inside the hub’s own network',
      'unknown egress-hidden dns-near doors-quick not-compared',
      egress({ special: 'private', km: null }),
    ],
    ['no address at all', 'unknown egress-hidden dns-near doors-quick not-compared', { egress: [] }],
    ['nobody knows where', 'unknown egress-unplaced dns-near doors-quick not-compared', egress({ km: null })],
    [
      'two families, one of them far: the worse speaks',
      'not-well egress-of-other-office dns-near doors-quick vpn-likely',
      { egress: [aSelfAddress(), aSelfAddress({ address: '2001:db8::1', otherOffices: ['Dallas'] })] },
    ],
    ['no beacon', 'unknown egress-near dns-no-beacon doors-quick near-by-another-way', { resolvers: null }],
    [
      'a beacon that nobody asked',
      'unknown egress-near dns-unseen doors-quick near-by-another-way',
      { resolvers: [] },
    ],
    [
      'a far resolver alone',
      'unknown egress-near dns-far-alone doors-quick near-by-another-way',
      { resolvers: [aSelfAddress(far)] },
    ],
    [
      'a far resolver, and a far way out',
      'not-well egress-far dns-far doors-slow vpn-likely',
      { ...egress(far), resolvers: [aSelfAddress(far)], doors: SLOW },
    ],
    [
      'one slow door',
      'unknown egress-near dns-near doors-one-slow near-by-another-way',
      { doors: answered(10, 10, 101) },
    ],
    [
      'two slow doors',
      'not-well egress-near dns-near doors-slow near-by-another-way',
      { doors: answered(10, 101, 101) },
    ],
    [
      'a door at the very limit',
      'well egress-near dns-near doors-quick near-by-another-way',
      { doors: answered(100, 100, 100) },
    ],
    [
      'no door at all',
      'not-well egress-near dns-near doors-closed near-by-another-way',
      { doors: silent(3) },
    ],
    [
      'one silent door of one',
      'unknown egress-near dns-near doors-some-silent near-by-another-way',
      { doors: silent(1) },
    ],
    [
      'a door that sends elsewhere',
      'unknown egress-near dns-near doors-redirected near-by-another-way',
      { doors: [...answered(10, 10), { name: 'teams', kind: 'redirected' }] },
    ],
    ['no doors asked', 'unknown egress-near dns-near doors-unasked near-by-another-way', { doors: [] }],
    [
      'no office',
      'unknown egress-unplaced dns-unplaced doors-quick no-office',
      { office: null, egress: [aSelfAddress({ km: null })], resolvers: [aSelfAddress({ km: null })] },
    ],
  ])('%s: %s', (_what, says, over) => {
    expect(judged(over)).toBe(says)
  })

  it('never gets better when something was not learnt', () => {
    const address = fc.record({
      special: fc.constantFrom(null, 'private'),
      km: fc.option(fc.double({ min: 0, max: 20_000, noNaN: true })),
      vendor: fc.constantFrom(null, 'Zscaler'),
      ofOffice: fc.boolean(),
      otherOffices: fc.constantFrom([], ['Dallas']),
    })
    const door = fc.oneof(
      fc.double({ min: 0, max: 60_000, noNaN: true }).map((ms) => ({ kind: 'answered' as const, ms })),
      fc.constantFrom({ kind: 'silent' as const }, { kind: 'redirected' as const }),
    )
    fc.assert(
      fc.property(
        fc.array(address, { maxLength: 3 }),
        fc.array(address, { maxLength: 3 }),
        fc.array(door, { maxLength: 3 }),
        (ways, servers, seen) => {
          const evidence = aSelfEvidence({
            egress: ways.map((one) => aSelfAddress(one)),
            resolvers: servers.map((one) => aSelfAddress(one)),
            doors: seen.map((one, at) => ({ name: DOOR_NAMES[at] ?? 'teams', ...one })),
          })
          const all = judgeSelfCheck(evidence)
          const less = [
            { ...evidence, resolvers: null },
            { ...evidence, egress: [] },
            { ...evidence, doors: [] },
            { ...evidence, office: null },
          ]
          if (all.outcome !== 'well') {
            for (const one of less) expect(judgeSelfCheck(one).outcome).not.toBe('well')
          }
          if (all.outcome === 'well') {
            expect(
              all.egress.state === 'well' && all.dns.state === 'well' && all.doors.state === 'well',
            ).toBe(true)
          }
        },
      ),
    )
  })
})

describe('the office to compare with', () => {
  const seattle = anOffice('seattle')
  const portland = anOffice('portland', { at: { latitude: 45.52, longitude: -122.68 } })
  const dallas = anOffice('dallas', {
    at: { latitude: 32.78, longitude: -96.8 },
    timeZone: 'America/Chicago',
    egress: ['203.0.113.0/24'],
  })
  const offices = [seattle, portland, dallas, anOffice('here', { onlyWhenNamed: true, timeZone: 'UTC' })]
  const nearPortland = { latitude: 45.5, longitude: -122.6 }
  const search = (over: Partial<Parameters<typeof chooseOffice>[0]>) => {
    const found = chooseOffice({
      offices,
      named: null,
      timeZone: null,
      egress: [],
      isOf: (office, address) => office.id === 'dallas' && address === '203.0.113.7',
      ...over,
    })
    return found && `${found.office.id} ${found.by}`
  }

  it.each([
    ['the one that was named', 'dallas named', { named: 'dallas', timeZone: 'America/Los_Angeles' }],
    ['a named one that is gone: none', null, { named: 'lyon', timeZone: 'America/Los_Angeles' }],
    [
      'by the clock, though the address is another’s',
      'seattle zone',
      { timeZone: 'America/Los_Angeles', egress: [{ address: '203.0.113.7', at: null }] },
    ],
    [
      'of two in one zone the nearer',
      'portland zone',
      { timeZone: 'America/Los_Angeles', egress: [{ address: '192.0.2.1', at: nearPortland }] },
    ],
    [
      'by the address, where no clock fits',
      'dallas address',
      { timeZone: 'Asia/Tokyo', egress: [{ address: '203.0.113.7', at: null }] },
    ],
    ['by the distance', 'portland place', { egress: [{ address: '192.0.2.1', at: nearPortland }] }],
    ['none, where nothing is known', null, { egress: [{ address: '192.0.2.1', at: null }] }],
    ['none by the clock that must be named', null, { timeZone: 'UTC' }],
  ] as const)('is %s', (_how, is, over) => {
    expect(search(over)).toBe(is)
  })

  it.each([
    ['UTC', 0],
    ['America/Los_Angeles', -480],
    ['Asia/Kolkata', 330],
    ['Europe/London', 0],
    ['Nowhere/Else', null],
    ['', null],
  ])('%s is %s minutes ahead in November', (zone, minutes) => {
    expect(offsetMinutes(zone, NOON)).toBe(minutes)
  })

  it('reads any text as a zone or as none', () => {
    fc.assert(
      fc.property(fc.string(), (zone) => {
        const minutes = offsetMinutes(zone, NOON)
        expect(minutes === null || Math.abs(minutes) <= 26 * 60).toBe(true)
      }),
    )
  })
})

describe('what admins see of self-checks', () => {
  const by = (person: number, at = NOON, well = true) =>
    aSelfCheck(`s${person}-${at}`, {
      person: { objectId: `p${person}`, name: `Person ${person}` },
      state: 'done',
      result: aSelfResult(well ? aSelfEvidence() : aSelfEvidence({ doors: SLOW }), at),
    })

  it('is nothing of four people, however often they checked, and counts of five', () => {
    const four = [1, 2, 3, 4, 4, 4, 4].map((person, at) => by(person, NOON + at))
    expect(countSelfChecks(four)).toEqual([])
    expect(countSelfChecks([...four, by(5, NOON, false)])).toEqual([
      { officeId: 'seattle', people: 5, outcomes: { well: 4, 'not-well': 1, unknown: 0 } },
    ])
  })

  it('counts the latest of each person, and none without a result or an office', () => {
    const five = [1, 2, 3, 4, 5].map((person) => by(person))
    const later = by(1, NOON + 1, false)
    expect(countSelfChecks([later, ...five])[0]?.outcomes).toEqual({ well: 4, 'not-well': 1, unknown: 0 })
    const nowhere = five.map((check) => ({ ...check, result: aSelfResult(aSelfEvidence({ office: null })) }))
    expect(countSelfChecks([...nowhere, aSelfCheck('open')])).toEqual([])
  })

  it('names nobody', () => {
    const told = JSON.stringify(countSelfChecks([1, 2, 3, 4, 5].map((person) => by(person))))
    expect(told).not.toMatch(/p1|Person|203\.0\.113/)
  })
})
