import helpTemplate from '../../cards/help.template.json' with { type: 'json' }
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { prose, spoken } from './text.ts'

const TEMPLATE = compileTemplate('help', helpTemplate)

/** Something to say, and what it gives; `get` may be empty. */
export interface HelpLine {
  readonly say: string
  readonly get: string
}

/** Commands that belong together. */
export interface HelpGroup {
  readonly heading: string
  readonly lines: readonly HelpLine[]
}

/** What this person may do here; generated from the commands. */
export interface HelpView {
  readonly groups: readonly HelpGroup[]
  /** The person's role and whatever else they should know, e.g. `You are an operator`. */
  readonly foot?: readonly string[]
  readonly buttons?: readonly CardButton[]
}

/** Help for one command; generated from it. */
export interface CommandHelpView {
  /** The command's name, e.g. `check office`. */
  readonly name: string
  readonly does: string
  /** Its forms, e.g. `check <office>`. */
  readonly forms: readonly string[]
  readonly examples: readonly HelpLine[]
  readonly foot?: readonly string[]
  readonly buttons?: readonly CardButton[]
}

function render(
  title: string,
  lead: string,
  view: Pick<HelpView, 'groups' | 'foot' | 'buttons'>,
): RenderedCard {
  const groups = view.groups.filter(({ lines }) => lines.length > 0)
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${lead}`),
    ...bandData(title, lead),
    groups: cutList(
      groups.map(({ heading, lines }, index) => ({
        heading,
        separator: index > 0,
        lines: lines.map(({ say, get }) => {
          const sentence = prose(get)
          return { say: prose(say), get: sentence, hasGet: sentence !== '' }
        }),
      })),
    ),
    ...footData(...(view.foot ?? [])),
    buttons: buttonData(view.buttons),
  })
}

/** The commands of this person, in groups, with examples that work. */
export function helpCard(view: HelpView): RenderedCard {
  return render(
    'Doorstep',
    'I check whether each office reaches Microsoft 365 the short way. Say, for example:',
    view,
  )
}

/** One command: what it does, its forms, and examples that work. */
export function commandHelpCard(view: CommandHelpView): RenderedCard {
  const { name, does, forms, examples, ...rest } = view
  const groups = [
    { heading: 'Examples', lines: examples },
    { heading: forms.length === 1 ? 'Form' : 'Forms', lines: forms.map((say) => ({ say, get: '' })) },
  ]
  return render(name, does, { ...rest, groups })
}
