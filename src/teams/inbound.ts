import { z } from 'zod'
import type { CardClick, ConversationChange, ConversationRef, InboundMessage, Person } from '../core/chat.ts'
import { type Activity, tenantOf } from './activity.ts'
import { messageText } from './message-text.ts'

/** What an authenticated activity means to us. */
export type Inbound =
  | { readonly kind: 'message'; readonly message: InboundMessage }
  | { readonly kind: 'click'; readonly click: CardClick }
  | { readonly kind: 'change'; readonly change: ConversationChange }
  /** Nothing to do: edits, reactions, bots, people without an object id, activities of the past. */
  | { readonly kind: 'ignored'; readonly why: string }
  /** An invoke that nobody stands behind whom we could know, or one of the past: not acted on, and told so. */
  | { readonly kind: 'ignored-invoke'; readonly why: 'nobody' | 'too-old' }
  /** A client redraws a card on its own: nobody pressed anything. */
  | { readonly kind: 'refresh' }
  /** An invoke that we do not know, or one of ours in a wrong shape. */
  | { readonly kind: 'unknown-invoke' }
  | { readonly kind: 'bad-invoke' }

/** Older activities are not acted on: a token is good for an hour, what it came with should not be. */
const MAX_AGE_MS = 10 * 60_000

/** Reads one activity. `now` is epoch ms. */
export function readInbound(activity: Activity, now: number): Inbound {
  const at = Date.parse(activity.timestamp)
  const ref = refOf(activity)
  if (ref === null) return { kind: 'ignored', why: 'no tenant' }
  const isInvoke = activity.type === 'invoke'
  if (now - at > MAX_AGE_MS) {
    return isInvoke ? { kind: 'ignored-invoke', why: 'too-old' } : { kind: 'ignored', why: 'too old' }
  }
  if (activity.type === 'installationUpdate' || activity.type === 'conversationUpdate') {
    return { kind: 'change', change: changeOf(activity, at, ref) }
  }
  if (!isInvoke && activity.type !== 'message') return { kind: 'ignored', why: 'not a message' }
  if (isInvoke && activity.name !== 'adaptiveCard/action') return { kind: 'unknown-invoke' }
  const person = personOf(activity)
  if (person === null) {
    return isInvoke
      ? { kind: 'ignored-invoke', why: 'nobody' }
      : { kind: 'ignored', why: 'nobody with an object id' }
  }
  if (isInvoke) {
    const data = invokeSchema.safeParse(activity.value)
    if (!data.success) return { kind: 'bad-invoke' }
    if (data.data.trigger === 'automatic') return { kind: 'refresh' }
    return { kind: 'click', click: clickOf(activity, at, ref, person, data.data.action.data, 'invoke') }
  }
  if (activity.value !== undefined && activity.value !== null) {
    return { kind: 'click', click: clickOf(activity, at, ref, person, activity.value, 'submit') }
  }
  return {
    kind: 'message',
    message: {
      id: activity.id,
      at,
      person,
      conversation: ref,
      timeZone: activity.localTimezone ?? null,
      ...messageText(activity),
    },
  }
}

const invokeSchema = z.object({
  action: z.object({ data: z.record(z.string(), z.unknown()) }),
  trigger: z.unknown().optional(),
})

/** Ids of stored actions: 128 bits in base64url or longer, never anything that needs quoting. */
const ACTION_ID = /^[A-Za-z0-9_-]{1,64}$/

const MAX_INPUTS = 50
/** Characters of one input: a file of 2,000 offices that somebody pastes into a form (a body has 256 KB at most). */
const MAX_INPUT_LENGTH = 200_000

function clickOf(
  activity: Activity,
  at: number,
  conversation: ConversationRef,
  person: Person,
  data: unknown,
  via: CardClick['via'],
): CardClick {
  const fields = typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.entries(data) : []
  const actionId = fields.find(([name]) => name === 'actionId')?.[1]
  const inputs: Record<string, string> = Object.create(null)
  for (const [name, value] of fields.slice(0, MAX_INPUTS)) {
    // Number fields arrive as numbers from some clients and as texts from others.
    const text = typeof value === 'number' ? String(value) : value
    if (name !== 'actionId' && typeof text === 'string') inputs[name] = text.slice(0, MAX_INPUT_LENGTH)
  }
  return {
    id: activity.id,
    at,
    actionId: typeof actionId === 'string' && ACTION_ID.test(actionId) ? actionId : '',
    inputs,
    person,
    conversation,
    cardId: activity.replyToId ?? null,
    timeZone: activity.localTimezone ?? null,
    via,
  }
}

function personOf({ from }: Activity): Person | null {
  // `28:` marks bots in Teams; they carry no object id of a person, but say so twice. A visitor of a meeting has no
  // account: nobody vouches for an object id that comes with one.
  const visitor = from.id.startsWith('8:teamsvisitor:')
  if (from.role === 'bot' || from.id.startsWith('28:') || visitor || !from.aadObjectId) return null
  return { objectId: from.aadObjectId.toLowerCase(), name: from.name ?? '' }
}

function refOf(activity: Activity): ConversationRef | null {
  const tenantId = tenantOf(activity)
  if (tenantId === null) return null
  const { team, channel } = activity.channelData ?? {}
  return {
    conversationId: activity.conversation.id,
    kind: KINDS[activity.conversation.conversationType ?? 'groupChat'],
    tenantId,
    serviceUrl: activity.serviceUrl,
    bot: { id: activity.recipient.id, name: activity.recipient.name ?? '' },
    teamId: team?.id ?? null,
    channelId: channel?.id ?? null,
  }
}

/** A conversation that does not say what it is gets the least trust: secrets are shown in personal chats only. */
const KINDS = { personal: 'personal', groupChat: 'group', channel: 'channel' } as const

/**
 * What Teams' channel events mean; one that is not named here is a change of names at most. A shared channel that is
 * shared with one team less (`channelUnshared`) stays where it is: the host team's bot is told, and is still in it.
 */
const EVENTS: Readonly<Record<string, ConversationChange['what']>> = {
  channelDeleted: 'removed',
  teamDeleted: 'removed',
  teamHardDeleted: 'removed',
  teamArchived: 'removed',
  channelRestored: 'restored',
  teamRestored: 'restored',
  teamUnarchived: 'restored',
}

/**
 * Channels to which a bot is added one by one, beside their team. What happens there is no matter of the team's other
 * channels. https://learn.microsoft.com/microsoftteams/platform/build-apps-for-shared-private-channels
 */
const APART: ReadonlySet<string> = new Set(['private', 'shared'])

function changeOf(activity: Activity, at: number, ref: ConversationRef): ConversationChange {
  const { channelData } = activity
  const event = channelData?.eventType ?? ''
  const what = whatChanged(activity, event)
  const ofChannel = event.startsWith('channel') || APART.has(channelData?.channel?.type ?? '')
  const ofTeam = Boolean(channelData?.team?.id) && !ofChannel
  const selected = what === 'added' ? channelData?.settings?.selectedChannel?.id : null
  // A channel's event arrives in its team's first channel and names the channel beside it.
  const conversationId = (ofChannel ? channelData?.channel?.id : selected) ?? ref.conversationId
  return {
    id: activity.id,
    at,
    what,
    conversation: { ...ref, conversationId },
    scope: ofTeam ? 'team' : 'conversation',
    teamName: channelData?.team?.name ?? null,
    name: channelData?.channel?.name ?? activity.conversation.name ?? null,
    person: personOf(activity),
  }
}

function whatChanged(activity: Activity, event: string): ConversationChange['what'] {
  const names = (list: Activity['membersAdded']): boolean =>
    (list ?? []).some((member) => member.id === activity.recipient.id)
  if (activity.action === 'remove' || names(activity.membersRemoved)) return 'removed'
  if (activity.action === 'add' || names(activity.membersAdded)) return 'added'
  // An upgrade is `remove-upgrade`, then `add-upgrade`: the bot was never away.
  return EVENTS[event] ?? (activity.action === 'add-upgrade' ? 'restored' : 'changed')
}
