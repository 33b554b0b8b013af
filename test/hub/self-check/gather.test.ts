import { describe, expect, it } from 'vitest'
import type { Atlas } from '../../../src/core/probe.ts'
import { judgeSelfCheck } from '../../../src/core/self-judgement.ts'
import { gatherSelf, type SelfContext } from '../../../src/hub/self-check/gather.ts'
import { makeAtlas } from '../../../src/places/atlas.ts'
import { placesFromCsv } from '../../../src/places/csv.ts'
import { anOffice, NOON } from '../../support/check-kit.ts'
import { aLatest } from '../../support/self-check.ts'

const PLACES = `cidr,latitude,longitude,label,owner
203.0.113.0/28,47.61,-122.33,Seattle,
203.0.113.16/28,32.78,-96.80,Dallas,
192.0.2.0/24,50.11,8.68,Frankfurt,Zscaler
`
const { table: places } = placesFromCsv(PLACES)
const atlas: Atlas = makeAtlas({
  places,
  list: { inPublishedRanges: () => null, category: () => '' },
})
const seattle = anOffice('seattle')
const dallas = anOffice('dallas', {
  at: { latitude: 32.78, longitude: -96.8 },
  timeZone: 'America/Chicago',
  egress: ['203.0.113.16/29'],
})
const context = (over: Partial<SelfContext> = {}): SelfContext => ({
  offices: [seattle, dallas],
  latest: [aLatest('seattle', { egress: ['203.0.113.9'] })],
  atlas,
  now: NOON,
  ...over,
})
const seen = (egress: readonly string[], over: object = {}) => ({
  named: null,
  page: { timeZone: 'America/Los_Angeles', doors: [] },
  egress,
  resolvers: null,
  asked: [],
  ...over,
})

describe('what a self-check is set beside', () => {
  it('is the office of the clock, with its latest way out and its nearest door', () => {
    const { office, egress, limitKm } = gatherSelf(seen(['203.0.113.9']), context())
    expect(office).toMatchObject({ id: 'seattle', by: 'zone', localEgress: 'pass' })
    expect(office?.doorKm).toBeLessThan(400)
    expect(limitKm).toBe(800)
    // By what the office was seen to leave by: nothing is registered for it.
    expect(egress[0]).toMatchObject({ ofOffice: true, label: 'Seattle', otherOffices: [] })
  })

  it('names the other office whose range an address is in, and the vendor of one', () => {
    const [other, vendor] = gatherSelf(seen(['203.0.113.17', '192.0.2.5']), context()).egress
    expect(other).toMatchObject({ ofOffice: false, otherOffices: ['Dallas'], label: 'Dallas' })
    expect(other?.km).toBeGreaterThan(2_500)
    expect(vendor).toMatchObject({ otherOffices: [], vendor: expect.stringMatching(/zscaler/i) })
  })

  it.each([
    ['10.1.2.3', 'private'],
    ['127.0.0.1', 'loopback'],
    ['100.64.0.9', 'carrier-grade NAT'],
    ['fe80::1', 'link-local'],
    ['nonsense', 'unreadable'],
  ])('says of %s that it is %s, and judges nothing by it', (address, special) => {
    const evidence = gatherSelf(seen([address]), context())
    expect(evidence.egress[0]).toMatchObject({ special, km: null })
    expect(judgeSelfCheck(evidence).egress).toMatchObject({ state: 'unknown', word: 'egress-hidden' })
  })

  it('is by the limit that an admin set, until that ends', () => {
    const override = { criterion: 'local-egress', value: 300, author: 'Ana', reason: 'r' } as const
    const limited = (expiresAt: number) =>
      gatherSelf(seen([]), context({ offices: [{ ...seattle, overrides: [{ ...override, expiresAt }] }] }))
        .limitKm
    expect([limited(NOON + 1), limited(NOON)]).toEqual([300, 800])
  })

  it('counts no check of yesterday, and no distance of an office without a place', () => {
    const old = [aLatest('seattle', { at: NOON - 24 * 3_600_000 - 1 })]
    expect(gatherSelf(seen([]), context({ latest: old })).office?.localEgress).toBeNull()
    const nowhere = context({ offices: [{ ...seattle, placed: false }] })
    const evidence = gatherSelf(seen(['203.0.113.1']), nowhere)
    expect([evidence.office?.doorKm, evidence.egress[0]?.km]).toEqual([null, null])
  })

  it('has one word for each door that was asked, and none for another', () => {
    const doors = [
      { name: 'exchange', kind: 'answered' as const, ms: 9 },
      { name: 'mine', kind: 'answered' as const, ms: 1 },
      { name: 'sharepoint', kind: 'silent' as const },
    ]
    const page = { timeZone: null, doors }
    const evidence = gatherSelf(seen([], { page, asked: ['exchange', 'teams'] }), context())
    expect(evidence.doors).toEqual([
      { name: 'exchange', kind: 'answered', ms: 9 },
      { name: 'teams', kind: 'silent' },
    ])
  })

  it('sees that the clock is in another zone than the office that was named', () => {
    const named = (timeZone: string | null) =>
      gatherSelf(seen([], { named: 'dallas', page: { timeZone, doors: [] } }), context())
    expect(named('America/Los_Angeles')).toMatchObject({ office: { by: 'named' }, zoneDiffers: true })
    expect(named('America/Winnipeg').zoneDiffers).toBe(false)
    expect(named(null).zoneDiffers).toBe(false)
    expect(named('no zone').zoneDiffers).toBe(false)
  })
})
