import compareTemplate from '../../cards/compare.template.json' with { type: 'json' }
import type { Ruling } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { CRITERIA, type CriterionId } from '../core/verdict.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { rowData } from './rows.ts'
import { outside, spoken } from './text.ts'
import {
  CRITERION_TITLES,
  countText,
  listText,
  momentText,
  NEVER_CHECKED,
  VERDICT_GLYPHS,
  VERDICT_WORDS,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('compare', compareTemplate)

/** Names in one row at most: more are counted. A row stays readable on a phone. */
const NAMES_MAX = 6

/** Names in the title at most, with the count of the others as the last. */
const TITLE_NAMES_MAX = 3

/** One of those that are compared. */
export interface ComparedSide {
  /** How the card names it: an office, or an office with a date. Outside text. */
  readonly name: string
  readonly rulings: readonly Ruling[]
  /** When it was judged, epoch ms. */
  readonly at: number
}

/** Two judgements or more beside each other. */
export interface CompareView {
  /** At least two. */
  readonly sides: readonly ComparedSide[]
  readonly timeZone: string
  /** Offices that were meant too: those that were never checked (outside text), and how many the person may not see. */
  readonly without?: { readonly neverChecked: readonly string[]; readonly notYours: number }
  readonly buttons?: readonly CardButton[]
}

/**
 * Only what differs: of two, each criterion with both verdicts and what they rest on; of more, each criterion with the
 * offices of each verdict, where an office that stands alone says why.
 */
export function compareCard(view: CompareView): RenderedCard {
  const { sides, timeZone } = view
  const judged = CRITERIA.filter((id) => sides.some((side) => rulingOf(side, id)))
  const differing = judged.filter((id) => new Set(sides.map((side) => rulingOf(side, id)?.verdict)).size > 1)
  const title = namesText(sides, TITLE_NAMES_MAX)
  const lead =
    differing.length === 0
      ? t`Nothing differs: all ${countText(judged.length, 'verdict')} are the same.`
      : t`${differing.length} of ${countText(judged.length, 'verdict')} ${differing.length === 1 ? t`differs` : t`differ`}.`
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    bandStyle: 'emphasis',
    ...bandData(title, lead, t`${judgedText(sides, timeZone)} Nothing was measured for this.`),
    differences: cutList(
      differing.map((id) => ({
        criterion: CRITERION_TITLES[id],
        sides:
          sides.length === 2
            ? sides.map((side, index) => verdictRow(id, index + 1, [side]))
            : VERDICTS_APART.flatMap((verdict, index) => {
                const those = sides.filter((side) => rulingOf(side, id)?.verdict === verdict)
                return those.length === 0 ? [] : [verdictRow(id, index + 1, those)]
              }),
      })),
    ),
    ...footData(t`verdicts are compared, not numbers`, ...withoutText(view.without)),
    buttons: buttonData(view.buttons),
  })
}

/** Worst first; a criterion that was not judged comes last. */
const VERDICTS_APART = ['fail', 'unproven', 'pass', 'not-applicable', undefined] as const

function rulingOf(side: ComparedSide, id: CriterionId): Ruling | undefined {
  return side.rulings.find(({ criterion }) => criterion === id)
}

/** Offices of one verdict; what it rests on is told of one alone, for others have their own numbers. */
function verdictRow(id: CriterionId, index: number, sides: readonly ComparedSide[]) {
  const [first] = sides
  const ruling = first && rulingOf(first, id)
  const sign =
    ruling === undefined
      ? { ...NEVER_CHECKED, word: t`not judged` }
      : { ...VERDICT_GLYPHS[ruling.verdict], word: VERDICT_WORDS[ruling.verdict] }
  return rowData(`${id}-${index}`, sign, namesText(sides), sides.length === 1 ? (ruling?.because ?? '') : '')
}

function namesText(sides: readonly Pick<ComparedSide, 'name'>[], most = NAMES_MAX): string {
  return listText(
    sides.map(({ name }) => outside(name)),
    most,
  )
}

function judgedText(sides: readonly ComparedSide[], timeZone: string): string {
  const times = sides.map(({ at }) => at)
  const zone = zoneText(timeZone)
  if (sides.length === 2) {
    return t`Judged ${times.map((at) => momentText(at, timeZone)).join(t` and `)}, ${zone}.`
  }
  const [first, last] = [Math.min(...times), Math.max(...times)].map((at) => momentText(at, timeZone))
  return t`Judged ${first === last ? first : t`between ${first} and ${last}`}, ${zone}.`
}

function withoutText(without: CompareView['without']): readonly string[] {
  if (without === undefined) return []
  const { neverChecked, notYours } = without
  const names = namesText(neverChecked.map((name) => ({ name })))
  return [
    ...(names === '' ? [] : [t`never checked: ${names}`]),
    ...(notYours === 0 ? [] : [t`left out: ${countText(notYours, 'office')} that you may not see`]),
  ]
}
