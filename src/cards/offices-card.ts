import officesTemplate from '../../cards/offices.template.json' with { type: 'json' }
import { t } from '../core/t.ts'
import { bandData, footData, type RunnerShown } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { checkedText, type OfficeShown, officeRow, officeSign } from './office-rows.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { outside, spoken } from './text.ts'
import { countText, listText, momentText, RUNNER_WORDS, zoneText } from './wording.ts'

const TEMPLATE = compileTemplate('offices', officesTemplate)

/** Rows of a list that a person still reads; the rest is counted. */
const ROWS_MAX = 20

/** An office as the registry knows it. */
export interface OfficeListed extends OfficeShown {
  /** Where it is, e.g. the nearest city. Outside text. */
  readonly place?: string
  /** Without the leading `#`. */
  readonly tags: readonly string[]
  readonly runners: readonly RunnerShown[]
}

/** The registry, in the order in which it is to be shown. */
export interface OfficesView {
  readonly offices: readonly OfficeListed[]
  /** When the list was made (epoch ms), and the zone in which that is told. */
  readonly at: number
  readonly timeZone: string
  readonly buttons?: readonly CardButton[]
}

function saysOf(office: OfficeListed, at: number): string {
  const runners = office.runners.map(
    ({ name, status, quarantined }) =>
      `${outside(name)} ${RUNNER_WORDS[status]}${quarantined ? t`, quarantined for rubbish` : ''}`,
  )
  return [
    office.place === undefined ? '' : outside(office.place),
    office.tags.map((tag) => outside(`#${tag}`)).join(' '),
    runners.length === 0 ? t`no runner` : listText(runners),
    office.checkedAt === null ? '' : checkedText(office, at),
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** The list of offices: where they are, how they stand, and whether their runners answer. */
export function officesCard(view: OfficesView): RenderedCard {
  const { offices, at } = view
  const title = offices.length === 0 ? t`No offices yet` : countText(offices.length, 'office')
  const unmanned = offices.filter(
    ({ runners }) => !runners.some(({ status }) => status === 'online' || status === 'busy'),
  ).length
  const lead =
    offices.length === 0
      ? t`Add one to begin.`
      : unmanned === 0
        ? t`Each has a runner that answers.`
        : t`${countText(unmanned, 'office has', 'offices have')} no runner that answers.`
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    ...bandData(title, lead, t`As of ${momentText(at, view.timeZone)}, ${zoneText(view.timeZone)}`),
    offices: cutList(
      offices.map((office, index) => officeRow(office, index, officeSign(office, at), saysOf(office, at))),
      ROWS_MAX,
    ),
    ...footData(),
    buttons: buttonData(view.buttons),
  })
}
