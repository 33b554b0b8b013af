import type { Ruling } from '../../src/core/ruling.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import type { TrueRulings } from './files.ts'

/** What a ruling says in words: its sentence and those of its signals. */
export const wordsOf = (ruling: Ruling): string =>
  [ruling.because, ...ruling.signals.map(({ name, word, says }) => `${name} ${word}: ${says}`)]
    .join('\n')
    .replaceAll('\u00a0', ' ')

/** Where rulings are not what is true, one line each; none when all is right. */
export const wrongs = (rulings: readonly Ruling[], truth: TrueRulings): readonly string[] =>
  CRITERIA.flatMap((id) => {
    const wanted = truth[id]
    const ruling = rulings.find(({ criterion }) => criterion === id)
    if (wanted === undefined) return []
    if (ruling === undefined) return [`${id}: no ruling`]
    const said = wordsOf(ruling)
    if (![wanted.verdict].flat().includes(ruling.verdict))
      return [`${id}: ${ruling.verdict}, but ${wanted.verdict} is right: ${said}`]
    if (wanted.says !== undefined && !new RegExp(wanted.says, 'i').test(said))
      return [`${id}: says nothing like /${wanted.says}/: ${said}`]
    return []
  })
