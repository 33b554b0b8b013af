import helpTemplate from '../../cards/help.template.json' with { type: 'json' }
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { outside, prose, spoken } from './text.ts'
import { listText } from './wording.ts'

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

/** Lines as templates name them; the first of a group carries its heading, so that a long card can be cut anywhere. */
function lineData(heading: string, lines: readonly HelpLine[], separator: boolean): readonly object[] {
  return lines.map(({ say, get }, index) => {
    const first = index === 0
    const sentence = prose(get)
    return {
      heading: prose(heading),
      hasHeading: first,
      separator: first && separator,
      spacing: first ? 'Large' : 'Default',
      saySpacing: first ? 'Small' : 'None',
      say: prose(say),
      get: sentence,
      hasGet: sentence !== '',
    }
  })
}

function render(
  title: string,
  lead: string,
  view: Pick<HelpView, 'groups' | 'foot' | 'buttons'>,
  { kind = 'help', note = '' } = {},
): RenderedCard {
  const example = view.groups[0]?.lines[0]?.say
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${lead}${example === undefined ? '' : t` For example: ${example}`}`),
    kind,
    ...bandData(title, lead, note),
    lines: cutList(view.groups.flatMap(({ heading, lines }, group) => lineData(heading, lines, group > 0))),
    ...footData(...(view.foot ?? [])),
    buttons: buttonData(view.buttons),
  })
}

/** The commands of this person, in groups, with examples that work. */
export function helpCard(view: HelpView): RenderedCard {
  return render('Doorstep', WHAT_I_DO, view)
}

/** The first card in a conversation. */
export interface WelcomeView {
  /** Three lines that work as they stand. */
  readonly examples: readonly HelpLine[]
  /** Names of the people to ask for a role; outside text. */
  readonly admins: readonly string[]
  /** In channels and group chats the bot hears only what mentions it. */
  readonly mustMention: boolean
  readonly buttons?: readonly CardButton[]
}

/** Who I am, three things to say, and whom to ask for more. Shown once per conversation. */
export function welcomeCard({ examples, admins, mustMention, buttons }: WelcomeView): RenderedCard {
  const who = listText(admins.slice(0, ADMINS_MAX).map(outside))
  const foot = [who === '' ? t`No admin is known here: ask whoever added me` : t`Admins: ${who}`]
  return render(
    t`Hello, I am Doorstep`,
    WHAT_I_DO,
    { groups: [{ heading: t`Say for example`, lines: examples }], foot, ...(buttons ? { buttons } : {}) },
    {
      kind: 'welcome',
      note: mustMention ? t`Here I hear only what mentions me: @Doorstep, then what you want.` : '',
    },
  )
}

/** Names that a person still reads in a sentence. */
const ADMINS_MAX = 3

const WHAT_I_DO = t`I check whether each office reaches Microsoft 365 the short way.`

/** One command: what it does, its forms, and examples that work. */
export function commandHelpCard(view: CommandHelpView): RenderedCard {
  const { name, does, forms, examples, ...rest } = view
  const groups = [
    { heading: t`Examples`, lines: examples },
    { heading: forms.length === 1 ? t`Form` : t`Forms`, lines: forms.map((say) => ({ say, get: '' })) },
  ]
  return render(name, does, { ...rest, groups })
}
