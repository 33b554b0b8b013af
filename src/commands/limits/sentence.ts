import type { CriterionId } from '../../core/verdict.ts'
import { fold, type Words } from '../words.ts'
import { criterionAt } from './units.ts'

/** What was typed or filled in, part by part. Outside text; empty where nothing was said. */
export interface Said {
  readonly office: string
  readonly criterion: string
  readonly value: string
  readonly until: string
  readonly reason: string
}

export const NOTHING_SAID: Said = { office: '', criterion: '', value: '', until: '', reason: '' }

/** Reads `<office> <criterion> [value] until <day> because <reason>` from the word `from` on. */
export function readSentence({ words, folded }: Words, from: number): Said {
  const start = folded[from] === 'office' ? from + 1 : from
  const found = criterionFrom(folded, start)
  const because = indexFrom(folded, 'because', found?.after ?? start)
  const until = indexFrom(folded, 'until', found?.after ?? start)
  const end = until < because ? until : because
  const officeEnd = found?.at ?? end
  return {
    office: words.slice(start, officeEnd).join(' '),
    criterion: found?.criterion ?? '',
    value: found === null ? '' : words.slice(found.after, end).join(' '),
    until: until < because ? words.slice(until + 1, because).join(' ') : '',
    reason: words.slice(because + 1).join(' '),
  }
}

/** The first criterion that is named after at least one word for the office. */
function criterionFrom(
  folded: readonly string[],
  start: number,
): { readonly criterion: CriterionId; readonly at: number; readonly after: number } | null {
  const end = indexFrom(folded, 'because', start)
  for (let at = start + 1; at < end; at++) {
    const found = criterionAt(folded, at)
    if (found) return { criterion: found.criterion, at, after: at + found.words }
  }
  return null
}

function indexFrom(folded: readonly string[], word: string, from: number): number {
  const at = folded.indexOf(word, from)
  return at < 0 ? folded.length : at
}

/** What a form sent. */
export function saidIn(inputs: Readonly<Record<string, string>>): Said {
  const textOf = (name: keyof Said) => (Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : '')
  return {
    office: textOf('office'),
    criterion: fold(textOf('criterion')),
    value: textOf('value'),
    until: textOf('until'),
    reason: textOf('reason'),
  }
}
