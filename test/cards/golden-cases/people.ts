import { auditCard } from '../../../src/cards/audit-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { rolesCard } from '../../../src/cards/roles-card.ts'
import type { Answer } from '../../../src/commands/command.ts'
import { notAllowed, personalOnly } from '../../../src/commands/not-allowed.ts'
import { confirmCard, grantedCard, grantForm } from '../../../src/commands/role-cards.ts'
import type { AuditEntry } from '../../../src/core/audited.ts'
import type { Denied } from '../../../src/core/authority.ts'
import { tooOftenCard } from '../../../src/hub/too-often.ts'
import { AT, buttonsOf, earlier } from './offices.ts'

const ANA = { objectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01', name: 'Ana Silva' }
const BO = { objectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b02', name: 'Bo Jensen' }
const NOBODY = '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b03'

const line = (over: Partial<AuditEntry> & { minutes: number }): AuditEntry => {
  const { minutes, ...rest } = over
  return {
    at: earlier(minutes),
    ...BO,
    verb: 'check',
    command: 'check office London',
    conversationId: 'a:bo',
    where: 'personal',
    click: false,
    offices: ['london'],
    outcome: 'done',
    reference: '4e1f09a2',
    mark: '',
    ...rest,
  }
}

const AUDITED: readonly AuditEntry[] = [
  line({ minutes: 1 }),
  line({ minutes: 4, command: 'check Seattle', outcome: 'refused', reference: '0c77d1b8' }),
  line({ minutes: 9, ...ANA, verb: 'role', command: 'role grant @Bo operator for #emea', where: 'channel' }),
  line({ minutes: 15, click: true, where: 'channel', command: 'status' }),
  line({ minutes: 30, outcome: 'not-understood', verb: '', command: 'make *coffee* [now](http://x) ${y}' }),
  line({ minutes: 42, outcome: 'limited', verb: '', command: 'status', where: 'group' }),
  line({ minutes: 50, outcome: 'failed', verb: '', command: 'why London local-dns' }),
  line({
    minutes: 61,
    name: '',
    objectId: NOBODY,
    verb: '',
    command: 'runner (left out)',
    outcome: 'refused',
  }),
]

const denied = (over: Partial<Denied>): Denied => ({
  ok: false,
  needs: 'operator',
  has: 'member',
  verb: 'check',
  office: null,
  elsewhere: [],
  outsider: null,
  ask: [ANA.name, 'Ben Okafor'],
  reference: '0c77d1b8',
  ...over,
})

function cardOf(answer: Answer | null): RenderedCard {
  if (answer?.kind !== 'card') throw new Error('this is answered with a card')
  return answer.card
}

/** Golden cards about people: roles, the audit, and refusals of them. */
export const PEOPLE: Readonly<Record<string, () => RenderedCard>> = {
  'role.list': () =>
    rolesCard({
      roles: [
        { ...ANA, role: 'admin', tag: null, given: null },
        { name: null, objectId: NOBODY, role: 'operator', tag: null, given: null },
        { ...BO, role: 'operator', tag: 'emea', given: { by: ANA.name, at: AT } },
        {
          objectId: NOBODY,
          name: 'Mo *x* [y](http://z) ${w}',
          role: 'viewer',
          tag: 'north-america',
          given: { by: BO.name, at: earlier(90_000) },
        },
      ],
      everyone: 'member',
      timeZone: 'Europe/London',
      buttons: buttonsOf('Give a role'),
    }),
  'role.granted': () =>
    grantedCard({
      person: BO,
      role: 'operator',
      tag: 'emea',
      by: ANA.name,
      reference: '4e1f09a2',
      buttons: buttonsOf('Take it away'),
    }),
  'role.confirm': () =>
    confirmCard({ person: BO, role: 'admin', tag: null, buttons: buttonsOf('Make admin') }),
  'role.form': () =>
    grantForm({
      person: null,
      typed: '@Bo *x*',
      role: 'operator',
      scope: { kind: 'tag', typed: 'mars' },
      mayAll: true,
      tags: ['amer', 'emea'],
      problems: ['No office has the tag #mars. Tags are #amer, #emea.'],
      buttons: buttonsOf('Give'),
    }),
  'audit.page': () =>
    auditCard({
      lines: AUDITED,
      about: 'the last 30 days',
      more: true,
      timeZone: 'Europe/London',
      buttons: buttonsOf('Next'),
    }),
  'audit.nothing': () => auditCard({ lines: [], about: 'the last 12 hours', more: false, timeZone: 'UTC' }),
  'refusal.other-tag': () =>
    cardOf(notAllowed(denied({ office: { name: 'Seattle', tags: ['amer'] }, elsewhere: ['emea'] }))),
  'refusal.no-role': () =>
    cardOf(notAllowed(denied({ needs: 'admin', verb: 'audit', has: 'viewer', ask: [] }))),
  'refusal.guest': () => cardOf(notAllowed(denied({ needs: 'member', verb: 'help', outsider: 'guest' }))),
  'refusal.unknown-person': () =>
    cardOf(notAllowed(denied({ needs: 'member', verb: 'help', outsider: 'unknown' }))),
  'refusal.personal-only': () => cardOf(personalOnly({ conversationKind: 'channel' }, 'A one-time code')),
  'refusal.too-often': () =>
    tooOftenCard(
      { ok: false, whose: 'person', burst: 20, againAt: AT + 130_000, tell: true },
      'Europe/London',
    ),
}
