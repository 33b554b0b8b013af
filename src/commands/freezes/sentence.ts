import { restOf, type Words } from '../words.ts'

/** What was typed or filled in, part by part. Outside text; empty where nothing was said. */
export interface FreezeSaid {
  readonly office: string
  readonly until: string
  readonly reason: string
}

/** Reads `<office> until <when> because <reason>` from the word `from` on; never refuses. */
export function freezeInWords(words: Words, from: number): FreezeSaid {
  const { folded } = words
  const start = folded[from] === 'office' ? from + 1 : from
  const because = at(folded, 'because', start)
  const until = at(folded.slice(0, because), 'until', start)
  const text = (first: number, end: number) => words.words.slice(first, end).join(' ')
  return {
    office: text(start, until),
    until: text(until + 1, because),
    reason: restOf(words, because + 1),
  }
}

/** What a form sent. */
export function freezeInForm(inputs: Readonly<Record<string, string>>): FreezeSaid {
  const textOf = (name: keyof FreezeSaid) => (Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : '')
  return { office: textOf('office'), until: textOf('until'), reason: textOf('reason') }
}

function at(folded: readonly string[], word: string, from: number): number {
  const found = folded.indexOf(word, from)
  return found < 0 ? folded.length : found
}
