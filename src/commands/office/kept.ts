import { type Draft, EMPTY_DRAFT, FIELDS } from './draft.ts'

/** What the buttons of the office forms keep between one card and the next. */
export interface Kept {
  /** `look`: read the form and show the preview. `again`: show the form. `save`: do it. */
  readonly step: 'look' | 'again' | 'save'
  /** The office that is changed; null for a new one. */
  readonly id: string | null
  /** The row that the draft was made from. */
  readonly etag: string | null
  readonly draft: Draft
}

/** What a button keeps. */
export function keep(kept: Kept): string {
  return JSON.stringify(kept)
}

/** Reads what a button of ours kept; null where another version wrote it. */
export function readKept(text: string | null): Kept | null {
  if (text === null) return null
  const kept = objectIn(text)
  const { step, id, etag, draft } = kept
  if (step !== 'look' && step !== 'again' && step !== 'save') return null
  if (typeof draft !== 'object' || draft === null) return null
  const fields = FIELDS.map(
    (field) => [field, textIn(draft as Record<string, unknown>, field) ?? ''] as const,
  )
  return {
    step,
    id: typeof id === 'string' ? id : null,
    etag: typeof etag === 'string' ? etag : null,
    draft: { ...EMPTY_DRAFT, ...Object.fromEntries(fields) },
  }
}

/** An object that was kept as JSON; empty for anything else. */
export function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** A text of an object; null where there is none of that name. */
export function textIn(object: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  return typeof value === 'string' ? value : null
}
