import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/core/finding.ts'
import type { Offer, Ruling } from '../../../src/core/ruling.ts'
import type { CriterionId } from '../../../src/core/verdict.ts'
import { howOffered, rulingOffers } from '../../../src/hub/check/ruling-offers.ts'
import { anOffice } from '../../support/check-kit.ts'

const ruling = (criterion: CriterionId, offer: Offer, findings: readonly unknown[] = []): Ruling => ({
  criterion,
  level: 'required',
  verdict: 'unproven',
  because: 'It is so.',
  signals: [],
  findings: findings as readonly Finding[],
  offer,
})
const egress = (...seen: readonly (readonly [address: string, registered: boolean])[]) => ({
  code: 'relay-egress-seen',
  args: { flows: seen.map(([address, registered]) => ({ from: { address, registered } })) },
})
const doors = (...codes: readonly string[]) => ({
  code: 'doors-seen',
  args: { doors: codes.map((named) => ({ named, header: null, reached: true })) },
})
const SEATTLE = anOffice('seattle', { doors: ['SEA'] })
const commandsOf = (...rulings: readonly Ruling[]) =>
  rulingOffers(SEATTLE, rulings).map(([, , command]) => command)

describe('what a result offers an admin', () => {
  it('is to register the address that was seen and is not registered', () => {
    const seen = egress(['203.0.113.9', false], ['203.0.113.9', false], ['198.51.100.1', true])
    expect(rulingOffers(SEATTLE, [ruling('local-egress', 'register-egress', [seen])])).toEqual([
      ['Register egress', 'edit-office', 'office edit Seattle egress add 203.0.113.9'],
    ])
  })

  it('is nothing where no address was seen, or more than somebody would look at', () => {
    expect(commandsOf(ruling('local-egress', 'register-egress'))).toEqual([])
    const many = egress(['203.0.113.1', false], ['203.0.113.2', false], ['203.0.113.3', false])
    expect(commandsOf(ruling('local-egress', 'register-egress', [many]))).toEqual([])
  })

  it('is to accept the one door that is not accepted yet', () => {
    const reached = (...codes: readonly string[]) =>
      ruling('nearest-front-door', 'accept-door', [doors(...codes)])
    expect(commandsOf(reached('SEA', 'EAT'))).toEqual(['office edit Seattle doors add EAT'])
    expect(commandsOf(reached('SJC', 'EAT'))).toEqual([])
    expect(commandsOf(reached('SEA'))).toEqual([])
  })

  it('leaves the verdicts where they are: forms and previews come below', () => {
    expect(howOffered('edit-office', undefined)).toEqual({ below: true })
    expect(howOffered('attest', undefined)).toEqual({ below: true })
    expect(howOffered('cancel', 'c1')).toEqual({ keep: 'c1' })
  })

  it('is two things at most, the required ones first', () => {
    expect(
      commandsOf(
        { ...ruling('tcp-tuned', 'attest'), level: 'optional' },
        ruling('network-plan', 'attest'),
        ruling('network-ready', 'set-target'),
      ),
    ).toEqual(['office edit Seattle', 'attest Seattle network-plan'])
  })
})
