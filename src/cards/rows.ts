import type { Ruling } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { CRITERIA, type CriterionId, type Level, type Verdict } from '../core/verdict.ts'
import { prose } from './text.ts'
import {
  type Color,
  CRITERION_TITLES,
  countingLabel,
  type Glyph,
  PENDING,
  USUAL_LEVELS,
  VERDICT_GLYPHS,
  VERDICT_WORDS,
} from './wording.ts'

/** One row as templates name it: glyph, name and word on one line, what was measured below. */
export interface RowData {
  readonly id: string
  readonly glyph: string
  readonly color: Color
  readonly name: string
  readonly word: string
  readonly says: string
  readonly hasSays: boolean
}

/** A row from its parts; `says` may be empty and may hold names that went through `outside`. */
export function rowData(
  id: string,
  sign: Glyph & { readonly word: string },
  name: string,
  says: string,
): RowData {
  const sentence = prose(says)
  const { glyph, color, word } = sign
  return { id, glyph, color, name, word, says: sentence, hasSays: sentence !== '' }
}

/** A criterion that has no ruling yet, in a card that is still being filled. */
export interface PendingRow {
  readonly criterion: CriterionId
  readonly level?: Level
  readonly state: 'waiting' | 'measuring'
  /** What is in so far, e.g. `9 of 14 samples are in.` */
  readonly says?: string
}

/** A criterion as a card may know it: by a full ruling, by its verdict alone (older evidence), or not yet. */
export type CriterionState = Pick<Ruling, 'criterion' | 'level' | 'verdict' | 'because'> | PendingRow

function criterionRow(state: CriterionState): RowData {
  const title = CRITERION_TITLES[state.criterion]
  if ('state' in state) return rowData(state.criterion, PENDING[state.state], title, state.says ?? '')
  const sign = { ...VERDICT_GLYPHS[state.verdict], word: VERDICT_WORDS[state.verdict] }
  return rowData(state.criterion, sign, title, state.because)
}

/** The two sections of criteria as templates name them. */
export interface CriterionSections {
  readonly hasRequired: boolean
  readonly requiredLabel: string
  readonly required: readonly RowData[]
  readonly hasOptional: boolean
  readonly optionalLabel: string
  readonly optional: readonly RowData[]
}

function levelOf(state: CriterionState): Level {
  return state.level ?? USUAL_LEVELS[state.criterion]
}

function label(name: string, states: readonly CriterionState[]): string {
  const verdicts = states.flatMap((state): Verdict[] => ('state' in state ? [] : [state.verdict]))
  const open = states.length - verdicts.length
  return open === 0
    ? countingLabel(name, verdicts)
    : t`${name}: ${verdicts.length} of ${states.length} judged`
}

/** Required and optional criteria apart, each in the criteria's own order, so that rows never move between edits. */
export function criterionSections(states: readonly CriterionState[]): CriterionSections {
  const ordered = CRITERIA.flatMap((id) => states.find((state) => state.criterion === id) ?? [])
  const required = ordered.filter((state) => levelOf(state) === 'required')
  const optional = ordered.filter((state) => levelOf(state) === 'optional')
  return {
    hasRequired: required.length > 0,
    requiredLabel: label(t`Required`, required),
    required: required.map(criterionRow),
    hasOptional: optional.length > 0,
    optionalLabel: label(t`Optional`, optional),
    optional: optional.map(criterionRow),
  }
}

/** No criterion at all, for cards that show something else. */
export const NO_SECTIONS: CriterionSections = criterionSections([])
