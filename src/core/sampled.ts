import type { Measurement } from './measurement.ts'

/** A text that somebody else wrote: a name, an address, a header. Whoever shows it makes it harmless first. */
export interface Theirs {
  readonly theirs: string
}

/** A part of a sentence: our own words and numbers, or somebody else's text. */
export type SamplePiece = string | Theirs

/** Raw samples in one line: what they are of, and what they say. Times are ms. */
export interface SampleLine {
  readonly of: SamplePiece
  readonly says: readonly SamplePiece[]
  /** The host as a question names it after its colon; absent: the line is about no one host. */
  readonly about?: string
}

/** A measurement as it was stored, with its raw samples; null: there is a result, and this version cannot read it. */
export interface Sampled {
  readonly measurement: Measurement
  readonly lines: readonly SampleLine[] | null
}
