import type { HubFacts } from '../core/hub-facts.ts'
import { t } from '../core/t.ts'
import type { CardButton } from './buttons.ts'
import { formCard } from './form-card.ts'
import type { RenderedCard } from './render-card.ts'
import { TROUBLE_WORDS } from './trouble-words.ts'
import { countText, earlierText, momentText, spanText, zoneText } from './wording.ts'

const WHAT_IT_IS = t`It tells for each office whether its network meets Microsoft’s exit criteria for Microsoft 365, and why.`

/** What Doorstep says of itself. */
export interface AboutView {
  readonly version: string
  /** The hub's own health; not given to people who may look at no office. */
  readonly health?: HubFacts
  /** When the card was made (epoch ms), and the zone in which that is told. */
  readonly at: number
  readonly timeZone: string
  readonly buttons: readonly CardButton[]
}

/** What it is and which version; with its health, where that may be seen. */
export function aboutCard({ version, health, at, timeZone, buttons }: AboutView): RenderedCard {
  return formCard({
    kind: 'about',
    title: t`Doorstep ${version}`,
    lead: WHAT_IT_IS,
    facts: health === undefined ? [] : healthOf(health, at),
    foot: health === undefined ? [] : [t`as of ${momentText(at, timeZone)}, ${zoneText(timeZone)}`],
    buttons,
  })
}

function healthOf(facts: HubFacts, now: number) {
  const { list, runners } = facts
  return [
    {
      label: t`Trouble`,
      value:
        facts.troubles.length === 0
          ? t`none that Doorstep knows of`
          : `${facts.troubles.map(({ word, count }) => TROUBLE_WORDS[word].now(count)).join('. ')}.`,
    },
    { label: t`Running for`, value: spanText(now - facts.startedAt) },
    { label: t`Checks`, value: facts.checks === 0 ? t`none is running` : t`${facts.checks} running` },
    { label: t`Runners`, value: runnersText(runners) },
    {
      label: t`Beacon`,
      value:
        runners.withBeacon === 0
          ? t`no runner knows one`
          : t`known to ${countText(runners.withBeacon, 'runner')}`,
    },
    { label: t`Endpoint list`, value: `${list.version}, ${listAge(list.refreshedAt, now)}` },
    {
      label: t`Store`,
      value: facts.store === 'embedded' ? t`in a folder of the hub` : t`in Azure Tables`,
    },
    {
      label: t`Sign-in`,
      value: facts.signIn === 'on' ? t`required, by Microsoft Entra` : t`off: only its own machine is served`,
    },
    {
      label: t`Last digest`,
      value: facts.lastDigestAt === null ? 'none' : earlierText(facts.lastDigestAt, now),
    },
  ]
}

function runnersText({ online, silent, neverSeen, outdated }: HubFacts['runners']): string {
  if (online + silent + neverSeen === 0) return t`none is registered`
  return [
    t`${online} online`,
    silent > 0 ? t`${silent} silent` : '',
    neverSeen > 0 ? t`${neverSeen} never seen` : '',
    outdated > 0 ? t`${outdated} of another version than the hub` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

function listAge(refreshedAt: number | null, now: number): string {
  return refreshedAt === null
    ? t`as it came with this version: Microsoft was never reached`
    : t`known to be the newest ${earlierText(refreshedAt, now)}`
}
