import { formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { countText } from '../../cards/wording.ts'
import { t } from '../../core/t.ts'
import type { Answer, CommandContext } from '../command.ts'
import { some } from './facts.ts'
import { type ImportPlan, VANISH_FREE, VANISH_SHARE } from './plan.ts'

/** What a button of the dry run keeps. */
export interface KeptImport {
  readonly step: 'apply' | 'sure'
  readonly csv: string
  /** The plan that was shown, by its {@link digestOf}. */
  readonly plan: string
  /** Offices that the file does not name go too. */
  readonly remove: boolean
  /** Who gave the first yes, by object id; null: nobody yet. */
  readonly first: string | null
}

/**
 * Asks for the second yes, which another admin gives: one person's slip must not empty the registry. Where there is no
 * other admin the same person gives it. `note` says why a press did not count.
 */
export async function secondYes(
  kept: KeptImport,
  plan: ImportPlan,
  registered: number,
  context: CommandContext,
  note: string | null = null,
): Promise<Answer> {
  const first = kept.first ?? context.person.objectId
  const others = await otherAdmins(context, first)
  const gone = plan.missing.length
  const keep = JSON.stringify({ ...kept, step: 'sure', first } satisfies KeptImport)
  const alone = others.length === 0
  // In a personal chat nobody else can press.
  const pressable = alone || context.conversationKind !== 'personal'
  const button = () =>
    context.offer(t`Yes, remove ${gone}`, 'edit-office', 'office import and remove', {
      uses: alone ? 'once' : 'many',
      onlyMe: alone,
      keep,
    })
  const card = formCard({
    title: t`Really remove ${countText(gone, 'office')}?`,
    lead: t`That is ${gone} of ${registered}. Nothing is stored yet.`,
    problems: [
      ...(note === null ? [] : [note]),
      t`A second yes is asked for when more than ${VANISH_FREE} offices or more than one in ${VANISH_SHARE} would go.`,
      ...(alone ? [] : [whoSays(others, pressable)]),
      t`Their runners get no work any more, and their ids are never used again.`,
    ],
    facts: some(plan.missing, (office) => ({ label: t`Goes`, value: outside(office.name) })),
    buttons: pressable ? [await button()] : [],
  })
  return { kind: 'card', card, inPlace: true }
}

/** Whether the one who presses may give the second yes: another than the first, or the only admin there is. */
export async function isSecond(kept: KeptImport, context: CommandContext): Promise<boolean> {
  if (kept.first !== null && kept.first !== context.person.objectId) return true
  return (await otherAdmins(context, context.person.objectId)).length === 0
}

/** Names shown at most. */
const NAMED_MAX = 3

function whoSays(others: readonly string[], pressable: boolean): string {
  const names = others.slice(0, NAMED_MAX).map(outside).join(t` or `)
  return pressable
    ? t`Another admin must press Yes, for example ${names}.`
    : t`Another admin must say it, for example ${names}: do the import in a chat or channel where one of them is.`
}

/** Admins of all offices besides this person, by name or id. Where nobody holds a role, nobody is another. */
async function otherAdmins(context: CommandContext, objectId: string): Promise<readonly string[]> {
  const held = await context.roles.held()
  const admins = held.filter((one) => one.role === 'admin' && one.tag === null && one.objectId !== objectId)
  return [...new Map(admins.map((one) => [one.objectId, one.name ?? one.objectId])).values()]
}
