import dashboardTemplate from '../../cards/dashboard.template.json' with { type: 'json' }
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { EVIDENCE_MS, officeRow, officeSign, worstOfficesFirst } from './office-rows.ts'
import { readinessCounts } from './readiness-counts.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { type OfficeStatus, statusSays } from './status-card.ts'
import { outside, spoken } from './text.ts'
import {
  countText,
  momentText,
  NBSP,
  NEVER_CHECKED,
  READINESS_GLYPHS,
  READINESS_WORDS,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('dashboard', dashboardTemplate)

/** Rows of a card that stands in a channel all day: the worst, and `status` shows the rest. */
const ROWS_MAX = 10

/** All offices at a glance, in a card that is kept up to date. */
export interface DashboardView {
  readonly offices: readonly OfficeStatus[]
  /** When the card was made (epoch ms), and the zone in which that is told. */
  readonly at: number
  readonly timeZone: string
  readonly buttons?: readonly CardButton[]
}

/** The living dashboard: how many offices stand how, then the worst of them. Nothing is measured for it. */
export function dashboardCard(view: DashboardView): RenderedCard {
  const { at, timeZone } = view
  const offices = worstOfficesFirst(view.offices)
  const title = offices.length === 0 ? t`No offices yet` : countText(offices.length, 'office')
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${readinessCounts(offices)}`),
    kind: 'dashboard',
    ...bandData(title, '', t`As of ${momentText(at, timeZone)}, ${zoneText(timeZone)}`),
    hasCounts: offices.length > 0,
    counts: countsOf(offices),
    offices: cutList(
      offices.map((office, index) =>
        officeRow(office, index, officeSign(office, at), statusSays(office, at)),
      ),
      ROWS_MAX,
    ),
    ...footData(t`worst first`, t`too old after ${EVIDENCE_MS / 60_000}${NBSP}min`, t`changes by itself`),
    buttons: buttonData(view.buttons),
  })
}

/** What is left of a dashboard whose living copy stands elsewhere in the conversation. */
export function movedDashboardCard(at: number, timeZone: string): RenderedCard {
  const lead = t`The one that changes by itself is further down. This one stays as it is.`
  return pastDashboardCard(t`This dashboard has moved`, lead, at, timeZone)
}

/** What is left of a dashboard that somebody ended. `by`: their name, outside text. */
export function endedDashboardCard({ by, at, timeZone }: EndedView): RenderedCard {
  const lead = t`${outside(by)} stopped it. It changes no more; say dashboard for a new one.`
  return pastDashboardCard(t`This dashboard has ended`, lead, at, timeZone)
}

interface EndedView {
  readonly by: string
  readonly at: number
  readonly timeZone: string
}

function pastDashboardCard(title: string, lead: string, at: number, timeZone: string): RenderedCard {
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    kind: 'dashboard',
    ...bandData(title, lead, t`Since ${momentText(at, timeZone)}, ${zoneText(timeZone)}`),
    hasCounts: false,
    counts: [],
    offices: cutList([]),
    ...footData(),
    buttons: buttonData(),
  })
}

/** The three words that an office can have, with those never checked among the unproven: about neither is anything known. */
function countsOf(offices: readonly OfficeStatus[]) {
  const count = (readiness: OfficeStatus['readiness']) =>
    offices.filter((office) => office.readiness === readiness).length
  const never = count(null)
  return [
    {
      ...READINESS_GLYPHS['not-ready'],
      word: ` ${READINESS_WORDS['not-ready']}`,
      count: `${count('not-ready')}`,
    },
    {
      ...READINESS_GLYPHS.unproven,
      word: ` ${never > 0 && count('unproven') === 0 ? NEVER_CHECKED.word : READINESS_WORDS.unproven}`,
      count: `${count('unproven') + never}`,
    },
    { ...READINESS_GLYPHS.ready, word: ` ${READINESS_WORDS.ready}`, count: `${count('ready')}` },
  ]
}
