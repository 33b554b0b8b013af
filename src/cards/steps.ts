import type { Ruling } from '../core/ruling.ts'
import { prose } from './text.ts'
import { CHECK_AGAIN, worstFirst } from './wording.ts'

/** One step of repair as templates name it. */
export interface StepData {
  readonly number: string
  readonly act: string
  readonly how: string
  readonly hasHow: boolean
}

/**
 * What to do, in the order of the remedies and, within one order, worst first. Several criteria often ask for the same
 * act: it is named once, and a consequence is not named while its cause fails. The last step is always the check. No
 * remedy, no steps.
 */
export function stepData(rulings: readonly Ruling[]): readonly StepData[] {
  const failing = new Set(
    rulings.filter(({ verdict }) => verdict === 'fail').map(({ criterion }) => criterion),
  )
  const remedies = worstFirst(rulings)
    .flatMap(({ remedy }) => remedy ?? [])
    .filter(({ mendedBy }) => !mendedBy?.some((criterion) => failing.has(criterion)))
    .sort((a, b) => a.order - b.order)
  const acts = [...new Set(remedies.map(({ act }) => act))]
  const named = acts.map((act) => ({ act, how: remedies.find((remedy) => remedy.act === act)?.how ?? '' }))
  const all = named.length === 0 ? [] : [...named, { act: CHECK_AGAIN, how: '' }]
  return all.map(({ act, how }, index) => {
    const sentence = prose(how)
    return { number: String(index + 1), act: prose(act), how: sentence, hasHow: sentence !== '' }
  })
}
