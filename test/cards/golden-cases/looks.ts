import type { RenderedCard } from '../../../src/cards/render-card.ts'
import type { ListChange, ListHeld, SetTurned } from '../../../src/core/list-change.ts'
import { evidenceAgain } from '../../../src/hub/evidence-again.ts'
import { contextOf, HUB_LIST, type TestContext } from '../../commands/context.ts'
import { anOffice, NOON } from '../../support/check-kit.ts'
import { pastLatest } from '../../support/past.ts'
import { storedEvidence } from '../../support/stored-evidence.ts'
import { cardAfter } from './card-after.ts'

const HOUR_MS = 3_600_000
const OFFICES = ['Seattle', 'London', 'Sydney', 'Tokyo', 'Zürich *HQ* [x](http://y)'].map((name, index) =>
  anOffice(index === 0 ? 'seattle' : `site-${index}`, { name }),
)

const SET: SetTurned = {
  set: 11,
  serviceArea: 'Skype',
  kind: 'changed',
  added: ['192.0.2.0/24', '198.51.100.0/25'],
  removed: [],
  category: null,
  required: true,
  effectiveOn: '2026-12-31',
}
const CHANGE: ListChange = {
  version: HUB_LIST.version,
  before: '2026102900',
  at: NOON - 26 * HOUR_MS,
  sets: [
    SET,
    { ...SET, set: 2, serviceArea: 'Exchange', effectiveOn: null, added: ['*.new.example'], required: false },
    {
      ...SET,
      set: 171,
      kind: 'new',
      serviceArea: 'Common',
      added: ['a.example', 'b.example'],
      effectiveOn: '2027-01-15',
    },
    {
      ...SET,
      set: 1,
      serviceArea: 'Exchange',
      kind: 'gone',
      added: [],
      removed: ['old.example'],
      effectiveOn: null,
    },
    {
      ...SET,
      set: 46,
      serviceArea: 'SharePoint',
      added: [],
      removed: [],
      category: { from: 'Default', to: 'Allow' },
      effectiveOn: null,
    },
  ],
}

function operator(over: Partial<TestContext> = {}): TestContext {
  const latest = [{ ...pastLatest({ at: NOON, officeId: 'seattle' }), listVersion: HUB_LIST.version }]
  return { ...contextOf('operator', OFFICES, latest), ...over }
}
const listed = (changes: readonly ListChange[], held: ListHeld = HUB_LIST) => ({
  endpointLists: { held: () => held, changes: async () => changes },
})
const KEPT = evidenceAgain(
  { evidenceOf: async () => storedEvidence('optimize-only-breakout') },
  async () => '0.1.0',
)
/** The letters of a file that another zlib would pack otherwise. */
const FILE = `doorstep-evidence:${'AXhpVBtc9q3k2m7w'.repeat(300)}`

/** Golden cards that look at lists, evidence and schedules: each made by the command that a person says. */
export const LOOKS: Readonly<Record<string, () => RenderedCard>> = {
  'endpoints.changed': await cardAfter(operator(listed([CHANGE])), 'endpoints'),
  'endpoints.covered': await cardAfter(
    {
      ...contextOf('operator', OFFICES.slice(0, 1), [
        { ...pastLatest({ at: NOON, officeId: 'seattle' }), listVersion: HUB_LIST.version },
      ]),
      ...listed([]),
    },
    'endpoints',
  ),
  'endpoints.never-refreshed': await cardAfter(
    operator(listed([], { version: HUB_LIST.version, refreshedAt: null, refused: null })),
    'endpoints',
  ),
  'evidence.file': await cardAfter(
    operator({ evidence: { ...KEPT, file: async () => FILE } }),
    'evidence Seattle',
  ),
  'evidence.none': await cardAfter(operator(), 'evidence London'),
  'what-if.turns': await cardAfter(operator({ evidence: KEPT }), 'what-if Seattle no-hairpin 1 ms'),
  'what-if.same': await cardAfter(
    { ...contextOf('admin', OFFICES, [pastLatest({ at: NOON, officeId: 'seattle' })]), evidence: KEPT },
    'what-if Seattle no-hairpin 900 ms',
  ),
  'digest.form': await cardAfter(operator(), 'digest'),
  'digest.form-wrong': await cardAfter(operator(), 'digest fridays 25:00 for Seatle'),
  'digest.set': await cardAfter(operator(), 'digest weekdays 07:30 for all - London full'),
}
