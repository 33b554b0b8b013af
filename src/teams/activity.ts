import { z } from 'zod'

/** Ids and names that Teams sends stay far below this; longer is not Teams. */
const shortText = z.string().max(1_000)
const id = shortText.min(1)

/**
 * An object id is a GUID; Microsoft's own emulator sends one digit too many. A role is only ever held by a proper GUID
 * from the configuration, so a longer id is a person without one.
 */
const objectId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12,16}$/i)

const account = z.object({ id, name: shortText.nullish(), aadObjectId: objectId.nullish() })

const mentionOrOther = z.object({
  type: shortText.nullish(),
  text: shortText.nullish(),
  mentioned: z.object({ id: shortText.nullish(), name: shortText.nullish() }).nullish(),
})

const namedFields = { id: shortText.nullish(), name: shortText.nullish() }
const named = z.object(namedFields).nullish()

/**
 * The fields of a Bot Framework activity that we read, and no others: everything else in the body is dropped here.
 * https://github.com/microsoft/botframework-sdk/blob/main/specs/botframework-activity/botframework-activity.md
 */
export const activitySchema = z.object({
  type: id,
  id,
  timestamp: z.iso.datetime({ offset: true }),
  serviceUrl: id,
  channelId: id,
  from: account.extend({ role: shortText.nullish() }),
  conversation: z.object({
    id,
    conversationType: z.enum(['personal', 'groupChat', 'channel']).nullish(),
    tenantId: shortText.nullish(),
    name: shortText.nullish(),
  }),
  recipient: account,
  text: z.string().nullish(),
  /** The sender's zone as Teams clients say it, an IANA name. */
  localTimezone: shortText.nullish(),
  entities: z.array(mentionOrOther).max(1_000).nullish(),
  value: z.unknown().optional(),
  name: shortText.nullish(),
  action: shortText.nullish(),
  replyToId: shortText.nullish(),
  membersAdded: z.array(z.object({ id })).max(1_000).nullish(),
  membersRemoved: z.array(z.object({ id })).max(1_000).nullish(),
  channelData: z
    .object({
      tenant: named,
      team: named,
      channel: z.object({ ...namedFields, type: shortText.nullish() }).nullish(),
      eventType: shortText.nullish(),
      settings: z.object({ selectedChannel: named }).nullish(),
    })
    .nullish(),
})

/** An activity whose shape is known. Not yet one that is known to come from Teams. */
export type Activity = z.infer<typeof activitySchema>

/** The tenant an activity speaks of, or null when it names none or two that differ. */
export function tenantOf(activity: Activity): string | null {
  const here = activity.conversation.tenantId
  const data = activity.channelData?.tenant?.id
  if (here && data && here !== data) return null
  return here || data || null
}
