import type { Person } from '../../core/chat.ts'

/** One of the people that the chat page lets you be. */
export interface DemoPerson extends Person {
  /** Teams' id of the person for this bot. */
  readonly chatId: string
  /** What they do, shown in the person picker. */
  readonly title: string
}

/** The company of the demo world. */
export const DEMO_TENANT_ID = '5d0c1f3a-6f0e-4a57-9d5b-0b1f5a3c7e10'

/** The bot as this chat knows it; Teams writes `28:` before a bot's id. */
export const DEMO_BOT = { id: '28:doorstep', name: 'Doorstep' } as const

/** The first is the admin of local mode. */
export const DEMO_PEOPLE: readonly [DemoPerson, ...DemoPerson[]] = [
  {
    objectId: '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01',
    chatId: '29:ana',
    name: 'Ana Diaz',
    title: 'Network admin',
  },
  {
    objectId: 'c3e8b7d4-52f9-4c6a-8e21-6f0a9d4b7c02',
    chatId: '29:kenji',
    name: 'Kenji Mori',
    title: 'Help desk, Tokyo',
  },
  {
    objectId: '1f6d2c9e-8a47-4b35-b0d3-9e7c5a2f1d03',
    chatId: '29:maya',
    name: 'Maya Okafor',
    title: 'Sales, London',
  },
]

/** A conversation of the stand-in. */
export interface DemoConversation {
  readonly id: string
  readonly kind: 'personal' | 'channel'
  readonly title: string
  /** Whose personal chat it is; everybody's is null. */
  readonly ownerId: string | null
}

export const DEMO_TEAM = { id: '19:contoso-it@thread.tacv2', name: 'Contoso IT' } as const

export const DEMO_CONVERSATIONS: readonly DemoConversation[] = [
  ...DEMO_PEOPLE.map((person) => ({
    id: `a:${person.chatId.slice(3)}`,
    kind: 'personal' as const,
    title: DEMO_BOT.name,
    ownerId: person.objectId,
  })),
  { id: '19:network-operations@thread.tacv2', kind: 'channel', title: 'Network operations', ownerId: null },
]
