import compareTemplate from '../../cards/compare.template.json' with { type: 'json' }
import type { Ruling } from '../core/ruling.ts'
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
  momentText,
  NEVER_CHECKED,
  VERDICT_GLYPHS,
  VERDICT_WORDS,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('compare', compareTemplate)

/** One of the two that are compared. */
export interface ComparedSide {
  /** How the card names it: an office, or an office with a date. Outside text. */
  readonly name: string
  readonly rulings: readonly Ruling[]
  /** When it was judged, epoch ms. */
  readonly at: number
}

/** Two judgements beside each other. */
export interface CompareView {
  readonly sides: readonly [ComparedSide, ComparedSide]
  readonly timeZone: string
  readonly buttons?: readonly CardButton[]
}

/** Only what differs: each criterion with both verdicts and what they rest on. */
export function compareCard(view: CompareView): RenderedCard {
  const { sides, timeZone } = view
  const of = (side: ComparedSide, id: CriterionId) => side.rulings.find(({ criterion }) => criterion === id)
  const judged = CRITERIA.filter((id) => sides.some((side) => of(side, id)))
  const differing = judged.filter((id) => of(sides[0], id)?.verdict !== of(sides[1], id)?.verdict)
  const title = `${outside(sides[0].name)} and ${outside(sides[1].name)}`
  const lead =
    differing.length === 0
      ? `Nothing differs: all ${countText(judged.length, 'verdict')} are the same.`
      : `${differing.length} of ${countText(judged.length, 'verdict')} ${differing.length === 1 ? 'differs' : 'differ'}.`
  const when = sides.map(({ at }) => momentText(at, timeZone)).join(' and ')
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    bandStyle: 'emphasis',
    ...bandData(title, lead, `Judged ${when}, ${zoneText(timeZone)}. Nothing was measured for this.`),
    differences: cutList(
      differing.map((id) => ({
        criterion: CRITERION_TITLES[id],
        sides: sides.map((side, index) => {
          const ruling = of(side, id)
          const sign =
            ruling === undefined
              ? { ...NEVER_CHECKED, word: 'not judged' }
              : { ...VERDICT_GLYPHS[ruling.verdict], word: VERDICT_WORDS[ruling.verdict] }
          return rowData(`${id}-${index + 1}`, sign, outside(side.name), ruling?.because ?? '')
        }),
      })),
    ),
    ...footData('verdicts are compared, not numbers'),
    buttons: buttonData(view.buttons),
  })
}
