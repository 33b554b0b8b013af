import selfCheckTemplate from '../../cards/self-check.template.json' with { type: 'json' }
import type { SelfCount, SelfOutcome, SelfResult } from '../core/self-check.ts'
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { type FormField, type FormView, formCard } from './form-card.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { helpDeskText, OUTCOME_WORDS, type SelfText, selfText } from './self-check-text.ts'
import { label, outside, prose, spoken, wholeField } from './text.ts'
import {
  type Color,
  countText,
  type Glyph,
  momentText,
  spanText,
  VERDICT_GLYPHS,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('self-check', selfCheckTemplate)

/** As lines are marked, with the word beside it. */
const GLYPHS: Readonly<Record<SelfOutcome, Glyph>> = {
  well: VERDICT_GLYPHS.pass,
  'not-well': VERDICT_GLYPHS.fail,
  unknown: VERDICT_GLYPHS.unproven,
}

const STYLES: Readonly<Record<SelfOutcome, string>> = {
  well: 'good',
  'not-well': 'attention',
  unknown: 'warning',
}

/** Whose self-check it is, and how long it is kept. */
interface Whose {
  /** Outside text. */
  readonly name: string
  readonly timeZone: string
  readonly keptHours: number
  readonly buttons?: readonly CardButton[]
}

interface Line {
  readonly about: string
  readonly glyph: string
  readonly color: Color
  readonly word: string
  readonly says: string
}

interface View {
  readonly title: string
  readonly lead: string
  readonly note?: string
  readonly style?: string
  readonly lines?: readonly Line[]
  readonly texts?: readonly string[]
  readonly fields?: readonly FormField[]
  /** The one link that a card of ours has: to the hub itself, from its configuration and a code that it made. */
  readonly link?: { readonly title: string; readonly url: string }
  readonly foot: readonly string[]
  readonly buttons?: readonly CardButton[]
}

function selfCard(view: View): RenderedCard {
  const { title, lead, note = '', lines = [], fields = [], link } = view
  return renderCard(TEMPLATE, {
    summary: spoken([`${title}.`, lead].filter((part) => part !== '').join(' ')),
    style: view.style ?? 'emphasis',
    ...bandData(title, lead, note),
    lines: cutList(lines),
    texts: cutList((view.texts ?? []).map((says) => ({ says: prose(says) }))),
    fields: {
      items: fields.map(({ id, label: name, value = '' }) => ({
        id,
        label: label(name),
        value: wholeField(value),
      })),
    },
    links: link === undefined ? [] : [link],
    ...footData(...view.foot),
    // With the link there are six actions at most.
    buttons: buttonData(view.buttons).slice(0, link === undefined ? 6 : 5),
  })
}

/** An invitation to a self-check: a link and a code, for one use, in a personal chat alone. */
export interface SelfInviteView extends Whose {
  /** The page's address with the code in its fragment. */
  readonly url: string
  readonly code: string
  /** The hub's origin. */
  readonly hub: string
  /** Epoch ms. */
  readonly until: number
  /** SHA-256 of the runner's file, in hex; null: not known. */
  readonly runnerSum?: string | null
  /** The office that was named; null: the hub looks for one. Outside text. */
  readonly office: string | null
  /** The world that the office is in: only a command that runs there can be compared with it. Outside text. */
  readonly world: string | null
  /** Missing: the hub finds one by itself. Else why it finds none, and which one may be named. Outside text. */
  readonly alone?: { readonly why: 'no-office' | 'other-worlds'; readonly named: string | null }
}

/** What it will do, the link, and the command for those who want to know more. */
export function selfInviteCard(view: SelfInviteView): RenderedCard {
  const { url, code, hub, until, timeZone, keptHours, runnerSum = null, buttons = [] } = view
  return selfCard({
    title: t`Check your own connection`,
    lead: t`Press the button: a page opens and looks from your browser, in about 15 seconds. Nothing is installed.`,
    note: t`Good once, until ${momentText(until, timeZone)}, ${zoneText(timeZone)}`,
    texts: [
      comparedText(view),
      t`It sees your address, your time zone, your DNS server where there is a beacon, and how long Microsoft 365 takes to answer. Only you see your result.`,
      t`To see more (proxies, inspection, calls), run the command below on your computer. It asks for the code.`,
    ],
    fields: [
      {
        id: 'line',
        kind: 'copy',
        label: t`The command instead`,
        value: `node runner.mjs self-check --hub ${hub}`,
      },
      { id: 'code', kind: 'copy', label: t`One-time code`, value: code },
      ...(runnerSum === null
        ? []
        : [{ id: 'sum', kind: 'copy', label: t`SHA-256 of runner.mjs`, value: runnerSum } as const]),
    ],
    link: { title: t`Open the self-check`, url },
    foot: [t`kept for ${hoursText(keptHours)}`, t`whoever has the link answers in your name`],
    buttons,
  })
}

/** Which office it will be compared with, or why with none. */
function comparedText({ office, world, alone }: SelfInviteView): string {
  if (office !== null) {
    return world === null
      ? t`It is compared with ${outside(office)}.`
      : t`${outside(office)} is in the world ${outside(world)}: only the command, started in that world, is compared with it.`
  }
  if (alone === undefined)
    return t`It is compared with the office nearest to you. To name one, say “me” and its name.`
  const { why, named } = alone
  return [
    why === 'no-office'
      ? t`No office is registered, so the page compares with none.`
      : t`The offices here are in worlds of their own, so the page compares with none. The command can, started in an office’s world.`,
    ...(named === null ? [] : [t`Say “me ${outside(named)}” to compare with ${outside(named)}.`]),
  ].join(' ')
}

/** The code is spent, and no result has come. */
export function selfRunningCard({
  way,
  ...view
}: Whose & { readonly way: 'page' | 'command' }): RenderedCard {
  return selfCard({
    title: t`Your connection is being checked`,
    lead:
      way === 'page'
        ? t`The page looks from your browser. This card will show what it sees.`
        : t`The command looks from your computer, for a minute at most. This card will show what it sees.`,
    foot: [t`self-reported by ${outside(view.name)}`],
    buttons: view.buttons ?? [],
  })
}

/** Its time ran out. */
export function selfExpiredCard({ started, ...view }: Whose & { readonly started: boolean }): RenderedCard {
  return selfCard({
    title: started ? t`No result came` : t`This link is too old`,
    lead: started
      ? t`The self-check was begun and did not end. The page was closed, most likely.`
      : t`A link is good for ten minutes. Nothing was looked at.`,
    foot: [],
    buttons: view.buttons ?? [],
  })
}

/** What somebody had forgotten. */
export function selfForgottenCard(view: Pick<Whose, 'buttons'>): RenderedCard {
  return selfCard({
    title: t`This self-check is forgotten`,
    lead: t`Its result was removed because you asked for that.`,
    foot: [],
    buttons: view.buttons ?? [],
  })
}

/** The result: what is well and what is not, beside the office, with a text for the help desk. */
export function selfResultCard({ result, ...view }: Whose & { readonly result: SelfResult }): RenderedCard {
  const { name, timeZone, keptHours, buttons = [] } = view
  const text = selfText(result)
  const way = result.kind === 'page' ? t`in a browser` : t`by command`
  return selfCard({
    title: text.title,
    lead: `${text.compare} ${text.todo}`,
    note: t`Self-reported by ${outside(name)} ${way}, ${momentText(result.at, timeZone)}, ${zoneText(timeZone)}`,
    style: STYLES[text.outcome],
    lines: linesOf(text),
    texts: [text.office, text.blind].filter((says) => says !== ''),
    fields: [
      { id: 'copy', kind: 'copy', label: t`Copy for the help desk`, value: helpDeskText(result, view) },
    ],
    foot: [t`kept for ${hoursText(keptHours)}`, t`only you see it`, t`to remove it: forget my checks`],
    buttons,
  })
}

function linesOf({ lines }: SelfText): readonly Line[] {
  return lines.map(({ about, state, says }) => ({
    about: prose(about),
    glyph: GLYPHS[state].glyph,
    color: GLYPHS[state].color,
    word: OUTCOME_WORDS[state],
    says: prose(says),
  }))
}

/** One's own results, newest first. */
export function selfListCard({
  results,
  now,
  ...view
}: Whose & { readonly results: readonly SelfResult[]; readonly now: number }): RenderedCard {
  return formCard({
    title: results.length === 0 ? t`You have no self-checks` : t`Your self-checks`,
    lead: t`They are kept for ${hoursText(view.keptHours)}, and only you see them.`,
    facts: results.map((result) => {
      const text = selfText(result)
      return {
        label: momentText(result.at, view.timeZone),
        value: t`${text.title}, ${result.kind === 'page' ? t`in a browser` : t`by command`}, ${spanText(now - result.at)} earlier. ${text.compare}`,
      }
    }),
    foot: [zoneText(view.timeZone), ...(results.length === 0 ? [] : [t`to remove them: forget my checks`])],
    buttons: view.buttons ?? [],
  })
}

/** What admins see: people per office, from five up. Names are outside text. */
export function selfCountsCard(view: {
  readonly counts: readonly (Omit<SelfCount, 'officeId'> & { readonly office: string })[]
  readonly keptHours: number
  readonly fromPeople: number
  readonly buttons: readonly CardButton[]
}): RenderedCard {
  const { counts, keptHours, fromPeople, buttons } = view
  const facts: FormView['facts'] = counts.map(({ office, people, outcomes }) => ({
    label: office,
    value: t`${countText(people, 'person', 'people')}: ${outcomes.well} well, ${outcomes['not-well']} not well, ${outcomes.unknown} not known`,
  }))
  return formCard({
    title: t`Self-checks by office`,
    lead:
      counts.length === 0
        ? t`No office has ${fromPeople} people who checked themselves in the last ${hoursText(keptHours)}.`
        : t`The latest of each person in the last ${hoursText(keptHours)}.`,
    facts,
    foot: [
      t`offices with fewer than ${fromPeople} people are not told of`,
      t`self-reported, and in no office’s verdict`,
    ],
    buttons,
  })
}

function hoursText(hours: number): string {
  return countText(hours, 'hour')
}
