import { personText } from '../cards/roles-card.ts'
import { outside } from '../cards/text.ts'
import type { Person } from '../core/chat.ts'
import { t } from '../core/t.ts'
import type { CommandContext } from './command.ts'
import type { ScopeWords, Whom } from './role-words.ts'
import { fold } from './words.ts'

/** Somebody whom a command means, with what Teams said of them; the name is empty where it said nothing. */
export type Meant =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'missing' }
  | { readonly kind: 'problem'; readonly says: string }

/** Who is meant. An object id that is not in this chat is taken as it stands, without a name. */
export async function meantBy(whom: Whom, { roles }: CommandContext): Promise<Meant> {
  switch (whom.kind) {
    case 'missing':
      return whom
    case 'several':
      return { kind: 'problem', says: t`Name one person at a time.` }
    case 'name':
      return {
        kind: 'problem',
        says: t`I do not know people by name, for two may have the same: “${outside(whom.typed)}”. Type @ and pick the person from the list, or give the object id.`,
      }
    case 'id': {
      const found = await roles.find(whom.objectId)
      const known = (await roles.held()).find(({ objectId }) => objectId === whom.objectId)
      const person =
        found?.objectId === whom.objectId ? found : { objectId: whom.objectId, name: known?.name ?? '' }
      return { kind: 'person', person }
    }
    case 'mention': {
      const person = await roles.find(whom.mention.id)
      if (person !== null) return { kind: 'person', person }
      const says = t`Teams did not say who ${outside(whom.mention.name)} is. Try again, or give the object id.`
      return { kind: 'problem', says }
    }
  }
}

/** How a card calls a person. */
export function calledOn({ name, objectId }: Person): string {
  return personText(name, objectId)
}

/** The tag that was meant, in the spelling of the offices or of `known`; null: all offices. */
export type Scope =
  | { readonly kind: 'scope'; readonly tag: string | null }
  | { readonly kind: 'unsaid' }
  | { readonly kind: 'problem'; readonly says: string }

/** Finds the tag among those that there are: a misspelt one would give a role for nothing. */
export function scopeIn(words: ScopeWords, tags: readonly string[]): Scope {
  if (words.kind === 'unsaid') return words
  if (words.kind === 'all') return { kind: 'scope', tag: null }
  const tag = tags.find((one) => fold(one) === fold(words.typed))
  if (tag !== undefined) return { kind: 'scope', tag }
  const there =
    tags.length === 0
      ? t`No office has a tag yet`
      : t`Tags are ${tags
          .slice(0, MAX_TAGS)
          .map((one) => outside(`#${one}`))
          .join(', ')}`
  return { kind: 'problem', says: t`No office has the tag ${outside(`#${words.typed}`)}. ${there}.` }
}

/** Tags named in a sentence: what fits on two lines of a phone. */
const MAX_TAGS = 8

/** Every tag of the registry, once. */
export async function officeTags(context: CommandContext): Promise<readonly string[]> {
  const tags = (await context.offices()).flatMap((office) => office.tags)
  return [...new Set(tags)].sort()
}
