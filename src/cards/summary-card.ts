import summaryTemplate from '../../cards/summary.template.json' with { type: 'json' }
import { t } from '../core/t.ts'
import type { Readiness } from '../core/verdict.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { officeRow, worstOfficesFirst } from './office-rows.ts'
import { leftOutFoot, stoppedText } from './progress-card.ts'
import { readinessCounts } from './readiness-counts.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { spoken } from './text.ts'
import { countText, MEASURING, momentText, READINESS_GLYPHS, READINESS_WORDS, zoneText } from './wording.ts'

const TEMPLATE = compileTemplate('summary', summaryTemplate)

/** Rows of the summary: what fits a phone in two screens. The rest is counted. */
const ROWS_MAX = 10

/** One office of a check of several. */
export interface OfficeSummed {
  readonly id: string
  /** Outside text. */
  readonly name: string
  /** Null while it is being measured. */
  readonly readiness: Readiness | null
  /** One sentence with number and limit, e.g. the worst ruling's `because`. */
  readonly says: string
}

/** A check of several offices. */
export interface SummaryView {
  readonly offices: readonly OfficeSummed[]
  readonly at: number
  readonly timeZone: string
  readonly checkId: string
  /** How many of the offices belong to a world. */
  readonly inWorlds: number
  /** Which ten to show, 1 is the worst; beyond the last is the last. Not given: the first. */
  readonly page?: number
  /** Offices that were left out, because whoever asked may not check them. */
  readonly leftOut?: number
  /** Who stopped the check, outside text; not given: nobody. */
  readonly cancelledBy?: string
  readonly buttons?: readonly CardButton[]
}

const TILES: readonly Readiness[] = ['not-ready', 'unproven', 'ready']

/** Pages that so many offices take; at least one. */
export function summaryPages(offices: number): number {
  return Math.max(1, Math.ceil(offices / ROWS_MAX))
}

/** One card for a check of many offices: the counts, then ten of them, worst first. */
export function summaryCard(view: SummaryView): RenderedCard {
  const offices = worstOfficesFirst(view.offices.map((office) => ({ ...office, checkedAt: view.at })))
  const open = offices.filter(({ readiness }) => readiness === null).length
  const total = countText(offices.length, 'office')
  const { cancelledBy } = view
  const title =
    cancelledBy !== undefined
      ? t`The check of ${total} was stopped`
      : open > 0
        ? t`Checking ${total}`
        : t`${total} checked`
  const pages = summaryPages(offices.length)
  const page = Math.min(Math.max(1, view.page ?? 1), pages)
  const first = (page - 1) * ROWS_MAX
  const rows = offices
    .slice(first)
    .map((office, index) =>
      officeRow(
        office,
        first + index,
        office.readiness === null
          ? MEASURING
          : { ...READINESS_GLYPHS[office.readiness], word: READINESS_WORDS[office.readiness] },
        office.says,
      ),
    )
  const done = readinessCounts(offices.filter(({ readiness }) => readiness !== null))
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${done}`),
    ...bandData(
      title,
      cancelledBy !== undefined
        ? stoppedText(cancelledBy, '')
        : open > 0
          ? t`${offices.length - open} of ${total} ${offices.length - open === 1 ? t`is` : t`are`} done.`
          : '',
      t`As of ${momentText(view.at, view.timeZone)}, ${zoneText(view.timeZone)}`,
    ),
    tiles: TILES.map((readiness) => ({
      count: String(offices.filter((office) => office.readiness === readiness).length),
      glyph: READINESS_GLYPHS[readiness].glyph,
      color: READINESS_GLYPHS[readiness].color,
      label: `\u00A0${READINESS_WORDS[readiness].replace(' ', '\u00A0')}`,
    })),
    offices: cutList(rows, ROWS_MAX),
    ...footData(
      pages === 1
        ? t`worst first`
        : t`worst first, ${first + 1} to ${Math.min(first + ROWS_MAX, offices.length)} of ${offices.length}`,
      leftOutFoot(view.leftOut),
      t`check ${view.checkId}`,
      view.inWorlds > 0 ? t`demo world` : '',
    ),
    buttons: buttonData(view.buttons),
  })
}
