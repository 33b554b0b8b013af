import type { RenderedCard } from '../../../src/cards/render-card.ts'
import {
  selfCountsCard,
  selfExpiredCard,
  selfForgottenCard,
  selfInviteCard,
  selfListCard,
  selfResultCard,
  selfRunningCard,
} from '../../../src/cards/self-check-card.ts'
import type { SelfEvidence, SelfResult, SelfRuling } from '../../../src/core/self-check.ts'
import { judgeSelfCheck } from '../../../src/core/self-judgement.ts'
import { readinessOf } from '../../../src/core/verdict.ts'
import { aSelfAddress, aSelfEvidence } from '../../support/self-check.ts'
import { AT, buttonsOf, type DemoOffice, rulingsOf } from './offices.ts'

const WHOSE = { name: 'Ana Diaz', timeZone: 'America/Los_Angeles', keptHours: 24 }
const again = { buttons: buttonsOf('Check again', 'My self-checks') }

/** A result of a page, at the time of all golden cards. */
export function pageResult(evidence: SelfEvidence, at = AT): SelfResult {
  return { kind: 'page', at, evidence, judgement: judgeSelfCheck(evidence) }
}

const vpn = aSelfEvidence({
  egress: [
    aSelfAddress({ address: '203.0.113.40', label: 'Dallas', km: 2_709, otherOffices: ['Dallas'] }),
    aSelfAddress({ address: '2001:db8:40::7', label: 'Dallas', km: 2_709, otherOffices: ['Dallas'] }),
  ],
  resolvers: [aSelfAddress({ address: '203.0.113.53', label: 'Dallas', km: 2_709 })],
  doors: [
    { name: 'exchange', kind: 'answered', ms: 121.4 },
    { name: 'sharepoint', kind: 'answered', ms: 96.2 },
    { name: 'teams', kind: 'silent' },
  ],
})

const hotel = aSelfEvidence({
  office: null,
  egress: [aSelfAddress({ address: '198.51.100.9', label: null, km: null })],
  resolvers: null,
  doors: [
    { name: 'exchange', kind: 'silent' },
    { name: 'sharepoint', kind: 'silent' },
    { name: 'teams', kind: 'silent' },
  ],
})

function commandResult(id: DemoOffice, name: string): SelfResult {
  const rulings: readonly SelfRuling[] = rulingsOf(id).filter(
    ({ criterion }) => criterion !== 'network-plan' && criterion !== 'tcp-tuned',
  )
  const office = { id, name, by: 'named' } as const
  return { kind: 'command', at: AT, office, readiness: readinessOf(rulings), rulings }
}

/** Cards of self-checks. */
export const SELF_CHECKS: Readonly<Record<string, () => RenderedCard>> = {
  'self-check-invite': () =>
    selfInviteCard({
      ...WHOSE,
      url: 'https://doorstep.example/me#code',
      code: 'dsm_0123456789ABCDEFGHJKMNPQRSTVWXYZ',
      hub: 'https://doorstep.example',
      until: AT + 600_000,
      runnerSum: 'a3f1c07be98d2c4457e6a1b0f3d98c7716253e4f50a1b2c3d4e5f60718293a4b',
      office: null,
      world: null,
    }),
  'self-check-invite-demo': () =>
    selfInviteCard({
      ...WHOSE,
      url: 'https://doorstep.example/me#code',
      code: 'dsm_0123456789ABCDEFGHJKMNPQRSTVWXYZ',
      hub: 'http://127.0.0.1:3978',
      until: AT + 600_000,
      office: null,
      world: null,
      alone: { why: 'other-worlds', named: 'here' },
    }),
  'self-check-running': () => selfRunningCard({ ...WHOSE, way: 'page' }),
  'self-check-well': () => selfResultCard({ ...WHOSE, ...again, result: pageResult(aSelfEvidence()) }),
  'self-check-vpn': () => selfResultCard({ ...WHOSE, ...again, result: pageResult(vpn) }),
  'self-check-hotel': () => selfResultCard({ ...WHOSE, ...again, result: pageResult(hotel) }),
  'self-check-command': () =>
    selfResultCard({ ...WHOSE, ...again, result: commandResult('london', 'London') }),
  'self-check-expired': () =>
    selfExpiredCard({ ...WHOSE, started: false, buttons: buttonsOf('Make a new link') }),
  'self-check-forgotten': () => selfForgottenCard({ buttons: buttonsOf('Check my connection') }),
  'self-check-list': () =>
    selfListCard({
      ...WHOSE,
      now: AT + 3_600_000,
      results: [pageResult(aSelfEvidence()), pageResult(vpn, AT - 7_200_000)],
      buttons: buttonsOf('Check again', 'Forget them'),
    }),
  'self-check-counts': () =>
    selfCountsCard({
      counts: [
        { office: 'Seattle', people: 14, outcomes: { well: 9, 'not-well': 3, unknown: 2 } },
        { office: 'London', people: 5, outcomes: { well: 5, 'not-well': 0, unknown: 0 } },
      ],
      keptHours: 24,
      fromPeople: 5,
      buttons: [],
    }),
}
