import statusTemplate from '../../cards/status.template.json' with { type: 'json' }
import type { Freeze } from '../core/freeze.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import {
  checkedText,
  EVIDENCE_MS,
  isTooOld,
  type OfficeShown,
  officeRow,
  officeSign,
  worstOfficesFirst,
} from './office-rows.ts'
import { readinessCounts } from './readiness-counts.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { type CriterionState, criterionSections, NO_SECTIONS } from './rows.ts'
import { outside, spoken } from './text.ts'
import {
  countText,
  earlierText,
  momentText,
  NBSP,
  NEVER_CHECKED,
  READINESS_STYLES,
  READINESS_WORDS,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('status', statusTemplate)

/** Rows of one page: the longest names and sentences of so many offices still fit into one card. */
export const STATUS_ROWS = 12

/** An office with what its latest check said. */
export interface OfficeStatus extends OfficeShown {
  /** The worst criterion in a sentence, e.g. a ruling's `because`; empty when all is well. */
  readonly says: string
}

/** The latest verdicts of all offices, without new probes. */
export interface StatusView {
  readonly offices: readonly OfficeStatus[]
  /** When the card was made (epoch ms), and the zone in which that is told. */
  readonly at: number
  readonly timeZone: string
  /** From 1; pages beyond the last show the last. Without it, the first. */
  readonly page?: number
  readonly buttons?: readonly CardButton[]
}

/** How many pages it takes to show so many offices. */
export function statusPages(offices: number): number {
  return Math.max(1, Math.ceil(offices / STATUS_ROWS))
}

/** What a list says below an office's name: the worst criterion in a sentence, and the age of the verdict. */
export function statusSays(office: OfficeStatus, at: number): string {
  const age = checkedText(office, at)
  const says = office.says === '' ? '' : `${office.says} `
  return `${says}${age.charAt(0).toUpperCase()}${age.slice(1)}.`
}

const LIMIT = t`limit ${EVIDENCE_MS / 60_000}${NBSP}min`

/** The latest verdict of every office, worst first, each with its age. */
export function statusCard(view: StatusView): RenderedCard {
  const { at, timeZone } = view
  const offices = worstOfficesFirst(view.offices)
  const pages = statusPages(offices.length)
  const page = Math.min(Math.max(1, view.page ?? 1), pages)
  const old = offices.filter((office) => isTooOld(office, at)).length
  const title = offices.length === 0 ? t`No offices yet` : t`Status of ${countText(offices.length, 'office')}`
  const lead = `${readinessCounts(offices)}${old === 0 ? '' : t` ${countText(old, 'verdict is', 'verdicts are')} too old, ${LIMIT}.`}`
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${lead}`),
    bandStyle: 'emphasis',
    ...bandData(
      title,
      lead,
      t`As of ${momentText(at, timeZone)}, ${zoneText(timeZone)}. Nothing was measured for this.`,
    ),
    offices: cutList(
      offices
        .slice((page - 1) * STATUS_ROWS, page * STATUS_ROWS)
        .map((office, index) => officeRow(office, index, officeSign(office, at), statusSays(office, at))),
    ),
    ...NO_SECTIONS,
    ...footData(t`worst first`, pages === 1 ? '' : t`page ${page} of ${pages}`),
    buttons: buttonData(view.buttons),
  })
}

/** The latest verdicts of one office, without new probes. */
export interface OfficeStatusView {
  readonly office: Pick<Office, 'name' | 'timeZone' | 'world'>
  readonly readiness: OfficeShown['readiness']
  readonly checkedAt: number | null
  readonly criteria: readonly CriterionState[]
  readonly checkId?: string
  /** Who mutes its alerts and until when; null: nobody. */
  readonly frozen?: Pick<Freeze, 'until' | 'by'> | null
  readonly at: number
  readonly buttons?: readonly CardButton[]
}

/** What is known about one office. Verdicts that are too old stay, and the band says that they are. */
export function officeStatusCard(view: OfficeStatusView): RenderedCard {
  const { office, at, readiness, checkedAt } = view
  const name = outside(office.name)
  const old = isTooOld(view, at)
  const sign = officeSign({ id: '', name: '', readiness, checkedAt }, at)
  const known = readiness !== null && checkedAt !== null
  const title = known
    ? t`${name} ${old ? t`was` : t`is`} ${READINESS_WORDS[readiness]}`
    : t`${name} was ${NEVER_CHECKED.word}`
  const lead = known
    ? old
      ? t`That was ${earlierText(checkedAt, at)}: too old to speak for now, ${LIMIT}.`
      : t`Checked ${earlierText(checkedAt, at)}. Nothing was measured for this card.`
    : t`So nothing is known about it.`
  const when = known ? checkedAt : at
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    bandStyle: known ? (old ? 'warning' : READINESS_STYLES[readiness]) : 'emphasis',
    ...bandData(
      `${sign.glyph} ${title}`,
      lead,
      `${known ? t`Checked` : t`As of`} ${momentText(when, office.timeZone)}, ${zoneText(office.timeZone)}`,
    ),
    offices: cutList([]),
    ...(known ? criterionSections(view.criteria) : NO_SECTIONS),
    ...footData(
      view.frozen
        ? t`frozen by ${outside(view.frozen.by.name)} until ${momentText(view.frozen.until, office.timeZone)}`
        : '',
      view.checkId === undefined ? '' : t`check ${view.checkId}`,
      office.world === null ? '' : t`demo world`,
    ),
    buttons: buttonData(view.buttons),
  })
}
