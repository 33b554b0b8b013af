import type { HubFacts } from '../core/hub-facts.ts'
import type { CardButton } from './buttons.ts'
import { formCard } from './form-card.ts'
import type { RenderedCard } from './render-card.ts'
import { TROUBLE_WORDS } from './trouble-words.ts'
import { countText, earlierText, momentText, spanText, zoneText } from './wording.ts'

const WHAT_IT_IS =
  'It tells for each office whether its network meets Microsoft’s exit criteria for Microsoft 365, and why.'

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
    title: `Doorstep ${version}`,
    lead: WHAT_IT_IS,
    facts: health === undefined ? [] : healthOf(health, at),
    foot: health === undefined ? [] : [`as of ${momentText(at, timeZone)}, ${zoneText(timeZone)}`],
    buttons,
  })
}

function healthOf(facts: HubFacts, now: number) {
  const { list, runners } = facts
  return [
    {
      label: 'Trouble',
      value:
        facts.troubles.length === 0
          ? 'none that Doorstep knows of'
          : `${facts.troubles.map(({ word, count }) => TROUBLE_WORDS[word].now(count)).join('. ')}.`,
    },
    { label: 'Running for', value: spanText(now - facts.startedAt) },
    { label: 'Checks', value: facts.checks === 0 ? 'none is running' : `${facts.checks} running` },
    { label: 'Runners', value: runnersText(runners) },
    {
      label: 'Beacon',
      value:
        runners.withBeacon === 0
          ? 'no runner knows one'
          : `known to ${countText(runners.withBeacon, 'runner')}`,
    },
    { label: 'Endpoint list', value: `${list.version}, ${listAge(list.refreshedAt, now)}` },
    {
      label: 'Store',
      value: facts.store === 'embedded' ? 'in a folder of the hub' : 'in Azure Tables',
    },
    {
      label: 'Sign-in',
      value: facts.signIn === 'on' ? 'required, by Microsoft Entra' : 'off: only its own machine is served',
    },
    {
      label: 'Last digest',
      value: facts.lastDigestAt === null ? 'none' : earlierText(facts.lastDigestAt, now),
    },
  ]
}

function runnersText({ online, silent, neverSeen, outdated }: HubFacts['runners']): string {
  if (online + silent + neverSeen === 0) return 'none is registered'
  return [
    `${online} online`,
    silent > 0 ? `${silent} silent` : '',
    neverSeen > 0 ? `${neverSeen} never seen` : '',
    outdated > 0 ? `${outdated} of another version than the hub` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

function listAge(refreshedAt: number | null, now: number): string {
  return refreshedAt === null
    ? 'as it came with this version: Microsoft was never reached'
    : `known to be the newest ${earlierText(refreshedAt, now)}`
}
