/** How one endpoint set became another. Patterns and ranges are outside text. */
export interface SetTurned {
  readonly set: number
  readonly serviceArea: string
  readonly kind: 'new' | 'gone' | 'changed'
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** `from Allow to Optimize` and the like; null: the same. */
  readonly category: { readonly from: string; readonly to: string } | null
  readonly required: boolean
  /** From when what is added may be used, `YYYY-MM-DD`; null: Microsoft named no day. */
  readonly effectiveOn: string | null
}

/** A new endpoint list that this hub took, and what it changed. */
export interface ListChange {
  readonly version: string
  /** The version held before. */
  readonly before: string
  /** When it was taken, epoch ms. */
  readonly at: number
  readonly sets: readonly SetTurned[]
}

/** An endpoint list that a hub holds. */
export interface ListHeld {
  readonly version: string
  /** When it was last known to be the newest, epoch ms; null: never, it is the snapshot that came with the program. */
  readonly refreshedAt: number | null
  /** Microsoft's newest version, where its list was not believed, and why, in English; null: none was refused. */
  readonly refused: { readonly version: string; readonly problem: string } | null
}

/** Reports whether a network must let something new through: what is added to a set, or a set that is new. */
export function needsLetThrough({ added }: SetTurned): boolean {
  return added.length > 0
}

/** Those that must be let through first, the earliest day first, then by set. */
export function mostUrgentFirst(sets: readonly SetTurned[]): readonly SetTurned[] {
  const rank = (one: SetTurned): string =>
    `${needsLetThrough(one) ? 0 : 1} ${one.effectiveOn ?? '9999-99-99'} ${String(one.set).padStart(6, '0')}`
  return sets.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}
