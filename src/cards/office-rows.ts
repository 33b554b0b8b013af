import { t } from '../core/t.ts'
import type { Readiness } from '../core/verdict.ts'
import { type RowData, rowData } from './rows.ts'
import { elementId, outside } from './text.ts'
import {
  earlierText,
  type Glyph,
  NEVER_CHECKED,
  READINESS_GLYPHS,
  READINESS_WORDS,
  READINESS_WORST_FIRST,
  TOO_OLD,
} from './wording.ts'

/** Evidence counts for an hour: after that a card keeps the verdict and says that it is too old. */
export const EVIDENCE_MS = 60 * 60_000

/** What every list of offices shows of one. */
export interface OfficeShown {
  readonly id: string
  /** Outside text. */
  readonly name: string
  /** Null: never checked. */
  readonly readiness: Readiness | null
  /** When it was last judged, epoch ms; null: never. */
  readonly checkedAt: number | null
}

/** Reports whether the last verdict is too old to speak for now. */
export function isTooOld(office: Pick<OfficeShown, 'checkedAt'>, at: number): boolean {
  return office.checkedAt !== null && at - office.checkedAt > EVIDENCE_MS
}

/** Glyph and word of an office: its readiness, with the mark when that is too old. */
export function officeSign(office: OfficeShown, at: number): Glyph & { readonly word: string } {
  if (office.readiness === null || office.checkedAt === null) return NEVER_CHECKED
  const word = READINESS_WORDS[office.readiness]
  if (isTooOld(office, at)) return { ...TOO_OLD, word: `${word}, ${TOO_OLD.word}` }
  return { ...READINESS_GLYPHS[office.readiness], word }
}

/** `checked 5 min earlier`, or that it never was. */
export function checkedText(office: Pick<OfficeShown, 'checkedAt'>, at: number): string {
  return office.checkedAt === null ? t`not checked yet` : t`checked ${earlierText(office.checkedAt, at)}`
}

/** Offices from worst to best; of equal ones those with the newest evidence first, then by name. */
export function worstOfficesFirst<T extends OfficeShown>(offices: readonly T[]): readonly T[] {
  const rank = (office: T): number => READINESS_WORST_FIRST.indexOf(office.readiness)
  return [...offices].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (b.checkedAt ?? 0) - (a.checkedAt ?? 0) ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
}

/** The row of an office; its name is outside text. */
export function officeRow(
  office: Pick<OfficeShown, 'id' | 'name'>,
  index: number,
  sign: Glyph & { readonly word: string },
  says: string,
): RowData {
  return rowData(elementId(office.id, `at-${index + 1}`), sign, outside(office.name), says)
}
