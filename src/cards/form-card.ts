import formTemplate from '../../cards/form.template.json' with { type: 'json' }
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { field, label, prose, spoken, wholeField } from './text.ts'

const TEMPLATE = compileTemplate('form', formTemplate)

/** Characters of a field unless it says otherwise: an office name with its aliases fits. */
const FIELD_CHARS = 400

/** Characters that a field to copy from holds: no more fit on a card. */
export const COPY_CHARS = 20_000

/** Fields of one form at most: more than a screen of a phone is a page, not a form. */
const FIELDS_MAX = 12

/** One thing to fill in. What a client sends back is read again by the command: nothing here is a check. */
export interface FormField {
  /** Name under which the text comes back, `[a-z][A-Za-z]*`. */
  readonly id: string
  readonly label: string
  /** `copy`: several lines, shown whole, to be copied from. */
  readonly kind: 'text' | 'lines' | 'date' | 'choice' | 'copy'
  /** What stands in it now; outside text is fine, an input shows it as it is. */
  readonly value?: string
  readonly placeholder?: string
  readonly required?: boolean
  /** What to say when a required field is left empty. */
  readonly hint?: string
  readonly maxLength?: number
  readonly choices?: readonly { readonly title: string; readonly value: string }[]
}

/** A form, or the preview of what a form would do. Outside text in sentences goes through `outside` first. */
export interface FormView {
  /** What it is, where that is no form: what a check would do, or what Doorstep says of itself. */
  readonly kind?: 'dry-run' | 'about'
  readonly title: string
  readonly lead?: string
  /** What was wrong with what was sent, a sentence each. */
  readonly problems?: readonly string[]
  /** What will be done, as names and values. */
  readonly facts?: readonly { readonly label: string; readonly value: string }[]
  readonly fields?: readonly FormField[]
  readonly foot?: readonly string[]
  readonly buttons: readonly CardButton[]
}

/** One card for everything that has more than two fields: the form itself, again with what was wrong, and its preview. */
export function formCard(view: FormView): RenderedCard {
  const problems = (view.problems ?? []).map((says) => ({ mark: '! ', says: prose(says) }))
  return renderCard(TEMPLATE, {
    summary: spoken(
      [sentence(view.title), ...(view.problems ?? []), view.lead ?? ''].filter(Boolean).join(' '),
    ),
    kind: view.kind ?? 'form',
    ...bandData(view.title, view.lead),
    problems: cutList(problems),
    facts: cutList(
      (view.facts ?? []).map((fact) => ({ label: label(fact.label), value: prose(fact.value) })),
    ),
    fields: { items: (view.fields ?? []).slice(0, FIELDS_MAX).map(fieldData) },
    ...footData(...(view.foot ?? [])),
    buttons: buttonData(view.buttons),
  })
}

/** A title as a sentence: a question has its mark already. */
function sentence(title: string): string {
  return /[.?!]$/.test(title) ? title : `${title}.`
}

function fieldData(one: FormField): object {
  return {
    kind: one.kind === 'lines' || one.kind === 'copy' ? 'text' : one.kind,
    id: one.id,
    label: label(one.label) || one.id,
    isRequired: one.required === true,
    errorMessage: prose(one.hint ?? '') || prose(t`Fill in: ${one.label}.`),
    value: one.kind === 'copy' ? wholeField(one.value ?? '') : field(one.value ?? ''),
    placeholder: label(one.placeholder ?? ''),
    maxLength: one.kind === 'copy' ? COPY_CHARS : (one.maxLength ?? FIELD_CHARS),
    isMultiline: one.kind === 'lines' || one.kind === 'copy',
    choices: (one.choices ?? []).map(({ title, value }) => ({
      title: label(title),
      value: [...field(value)].slice(0, FIELD_CHARS).join(''),
    })),
  }
}
