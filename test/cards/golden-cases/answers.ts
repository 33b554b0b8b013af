import { errorCard } from '../../../src/cards/error-card.ts'
import { formCard } from '../../../src/cards/form-card.ts'
import { commandHelpCard, helpCard, welcomeCard } from '../../../src/cards/help-card.ts'
import { refusalCard } from '../../../src/cards/refusal-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { runnerCodeCard, runnersCard } from '../../../src/cards/runners-card.ts'
import { outside } from '../../../src/cards/text.ts'
import { AT, buttonsOf } from './offices.ts'

/** Golden cards that speak of no office: help, refusals, errors. */
export const ANSWERS: Readonly<Record<string, () => RenderedCard>> = {
  'help.all': () =>
    helpCard({
      groups: [
        {
          heading: 'Check',
          lines: [
            { say: 'check Seattle', get: 'Measure now. The answer takes a few seconds.' },
            { say: 'check all', get: 'Every office, then one card.' },
          ],
        },
        {
          heading: 'Look',
          lines: [
            { say: 'status', get: 'The latest verdicts with their age, without measuring.' },
            { say: 'why London local-dns', get: 'What was measured, the rule, the limit, what to do.' },
            { say: 'offices', get: 'Which offices there are.' },
          ],
        },
        { heading: 'Doorstep', lines: [{ say: 'help check', get: 'More about one command.' }] },
      ],
      foot: ['you are an operator'],
      buttons: buttonsOf('Check Seattle', 'Status'),
    }),
  'help.command': () =>
    commandHelpCard({
      name: 'check',
      does: 'Measures an office now and says, criterion by criterion, whether it is ready.',
      forms: ['check <office>', 'check #<tag>', 'check all'],
      examples: [
        { say: 'check Seattle', get: 'One office, live.' },
        { say: 'check #emea', get: 'Every office with that tag.' },
      ],
      buttons: buttonsOf('Check Seattle'),
    }),
  'welcome.channel': () =>
    welcomeCard({
      examples: [
        { say: 'check office Seattle', get: 'measures now; the answer takes a few seconds' },
        { say: 'status', get: 'how every office stood when it was last checked' },
        { say: 'help', get: 'what you may do here' },
      ],
      admins: ['Ana Silva', 'Ben Okafor'],
      mustMention: true,
      buttons: buttonsOf('Status', 'Help'),
    }),
  'welcome.personal': () =>
    welcomeCard({
      examples: [
        { say: 'offices', get: 'which offices there are' },
        { say: 'status', get: 'how every office stood when it was last checked' },
        { say: 'help', get: 'what you may do here' },
      ],
      admins: [],
      mustMention: false,
      buttons: buttonsOf('Status', 'Help'),
    }),
  'refusal.unknown-office': () =>
    refusalCard({
      happened: `No office is called “${outside('Seatle *HQ* [x](http://y)')}”`,
      why: 'Nothing was checked.',
      todo: 'Did you mean one of these?',
      buttons: buttonsOf('Check Seattle', 'All offices'),
    }),
  'refusal.not-allowed': () =>
    refusalCard({
      happened: 'Adding an office needs the admin role',
      why: 'You are an operator, so nothing was changed.',
      todo: `Ask ${outside('Ana Silva')} or ${outside('Ben Okafor')}.`,
      reference: 'R7Q2-MD',
      buttons: buttonsOf('What may I do?'),
    }),
  'error.reference': () => errorCard({ reference: 'E4T9-QX', buttons: buttonsOf('Try again') }),
  'form.limit': () =>
    formCard({
      title: 'Set a limit',
      lead: 'It takes the place of Microsoft’s number for this office until the date.',
      fields: [
        { id: 'office', label: 'Office', kind: 'text', required: true, placeholder: 'Seattle' },
        {
          id: 'criterion',
          label: 'Criterion',
          kind: 'choice',
          value: 'local-egress',
          choices: [
            { title: 'Local egress (km)', value: 'local-egress' },
            { title: 'Local DNS (km)', value: 'local-dns' },
          ],
        },
        { id: 'value', label: 'Limit', kind: 'text', required: true, placeholder: '300 km' },
        { id: 'until', label: 'Until', kind: 'date', required: true },
        { id: 'reason', label: 'Because', kind: 'lines', required: true },
      ],
      buttons: buttonsOf('Set limit'),
    }),
  'form.wrong': () =>
    formCard({
      title: 'Set a limit',
      problems: ['300 miles is no distance I know. Write km, for example 300 km.'],
      facts: [
        { label: 'Office', value: outside('Seattle *HQ* [x](http://y)') },
        { label: 'Now', value: '800 km, Microsoft’s number' },
      ],
      fields: [{ id: 'value', label: 'Limit', kind: 'text', required: true, value: '300 miles *x* ${y}' }],
      foot: ['nothing was changed yet'],
      buttons: buttonsOf('Set limit', 'Cancel'),
    }),
  'runners.all': () =>
    runnersCard({
      offices: [
        {
          office: 'Seattle',
          runners: [
            {
              name: 'seattle-1',
              status: 'online',
              version: '0.1.0',
              platform: 'linux x64, Node 24.21.0',
              seenAt: AT - 120_000,
            },
            { name: 'seattle-2', status: 'never-seen' },
          ],
        },
        { office: 'London', runners: [{ name: 'london-1', status: 'silent', quarantined: true }] },
        { office: 'Lyon', runners: [] },
      ],
      ofOne: false,
      at: AT,
      buttons: buttonsOf('Look again'),
    }),
  'runners.office': () =>
    runnersCard({
      offices: [{ office: 'Lyon', runners: [{ name: 'lyon-1', status: 'online', version: '0.1.0' }] }],
      ofOne: true,
      at: AT,
      buttons: buttonsOf('Look again', 'Add a runner'),
    }),
  'runners.code': () =>
    runnerCodeCard({
      office: 'Lyon',
      code: 'dse_lyon_0123456789ABCDEFGHJKMNPQRSTVWXYZ',
      expiresAt: AT + 3_600_000,
      timeZone: 'Europe/Paris',
      hub: 'https://doorstep.example',
      buttons: buttonsOf('Is it there?'),
    }),
}
