import type { ConversationRef, Outsider, Person } from './chat.ts'

/** What Teams says about a person who speaks, or who is spoken of. */
export interface People {
  /** Why the person who speaks here is no member of the tenant; null: they are one. */
  outsider(person: Person, conversation: ConversationRef): Promise<Outsider | null>
  /** Who is meant by a mention or an object id; null when Teams does not say, or not soon enough. */
  find(conversation: ConversationRef, id: string): Promise<Person | null>
}
