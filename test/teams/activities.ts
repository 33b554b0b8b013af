/** A message as Teams delivers it, with ids replaced; parts of it can be overridden. */
export function activity(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'message',
    id: '1763640000000',
    timestamp: '2025-11-20T12:00:00.000Z',
    localTimestamp: '2025-11-20T13:00:00.000+01:00',
    serviceUrl: 'http://127.0.0.1:3979/connector',
    channelId: 'msteams',
    from: { id: '29:ana', name: 'Ana Diaz', aadObjectId: '7A1F0A52-3B1C-4D8E-9A46-2C5D1E0F8B01' },
    conversation: { conversationType: 'personal', tenantId: 'tenant-1', id: 'a:ana' },
    recipient: { id: '28:doorstep', name: 'Doorstep' },
    text: 'check office Seattle',
    textFormat: 'plain',
    entities: [{ type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web' }],
    channelData: { tenant: { id: 'tenant-1' } },
    ...parts,
  }
}

/** When {@link activity} was sent, epoch ms. */
export const SENT_AT = Date.parse('2025-11-20T12:00:00.000Z')

/** The mention of the bot as an entity. */
export const BOT_MENTION = {
  type: 'mention',
  text: '<at>Doorstep</at>',
  mentioned: { id: '28:doorstep', name: 'Doorstep' },
}
