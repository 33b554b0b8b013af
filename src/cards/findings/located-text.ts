import type { Located } from '../../core/finding.ts'
import { t } from '../../core/t.ts'
import { kmText, listText } from '../formats.ts'
import { outside } from '../text.ts'

/** An address with its place, distance, owner and whose range it is in. */
export function locatedText(at: Located): string {
  const parts = [outside(at.address)]
  if (at.label !== null) parts.push(outside(at.label))
  if (at.km !== null) parts.push(t`${kmText(at.km)} away`)
  if (at.owner !== null) parts.push(t`owned by ${outside(at.owner)}`)
  if (at.registered) parts.push(t`registered for the office`)
  if (at.otherOffices.length > 0) parts.push(t`in the range of ${listText(at.otherOffices.map(outside))}`)
  return parts.join(', ')
}
