import { errorCard } from '../../../src/cards/error-card.ts'
import { commandHelpCard, helpCard } from '../../../src/cards/help-card.ts'
import { refusalCard } from '../../../src/cards/refusal-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { outside } from '../../../src/cards/text.ts'
import { buttonsOf } from './offices.ts'

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
}
