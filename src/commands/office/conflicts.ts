import { outside } from '../../cards/text.ts'
import { listText } from '../../cards/wording.ts'
import { overlap, parseRange } from '../../core/cidr.ts'
import type { Office } from '../../core/office.ts'
import type { Geography } from '../../core/registry.ts'
import { t } from '../../core/t.ts'
import { foldedName, namesOf } from '../match-office.ts'
import type { OfficeValues } from './draft.ts'

/** Names that another office has already, one sentence each: what is typed must mean one office. */
export function nameConflicts(
  values: Pick<OfficeValues, 'name' | 'aliases'>,
  others: readonly Pick<Office, 'id' | 'name' | 'aliases'>[],
): readonly string[] {
  return [values.name, ...values.aliases].flatMap((name) => {
    const holder = others.find((other) => namesOf(other).includes(foldedName(name)))
    return holder === undefined ? [] : [t`${outside(name)} already names the office ${outside(holder.name)}.`]
  })
}

/** What is allowed and worth a look before it is saved, one sentence each. */
export function warningsOf(
  office: Office,
  others: readonly Office[],
  geography: Pick<Geography, 'door'>,
): readonly string[] {
  const unknown = office.doors.filter((code) => geography.door(office, code) === null)
  return [
    ...(office.placed ? [] : [t`It has no place, so no distance is judged.`]),
    ...(office.egress.length > 0
      ? []
      : [t`No egress is registered, so local egress is judged by distance alone.`]),
    ...(['egress', 'resolvers'] as const).flatMap((kind) =>
      others.flatMap((other) => {
        const shared = office[kind].filter((range) => other[kind].some((theirs) => share(range, theirs)))
        const what = kind === 'egress' ? 'egress' : 'resolver'
        return shared.length === 0
          ? []
          : [t`${listText(shared.map(outside))} is ${what} of ${outside(other.name)} too.`]
      }),
    ),
    ...(unknown.length === 0
      ? []
      : [t`I do not know where ${listText(unknown.map(outside))} is; it is accepted all the same.`]),
  ]
}

function share(a: string, b: string): boolean {
  const [left, right] = [parseRange(a), parseRange(b)]
  return left !== null && right !== null && overlap(left, right)
}
