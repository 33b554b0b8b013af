import type { Severity } from '../../core/finding.ts'

/**
 * What people read of each finding of one family. The codes, their arguments and these rows are the whole vocabulary
 * (`docs/findings.md` is made from them).
 */
export type FindingWords<Args> = {
  readonly [C in keyof Args]: {
    readonly severity: Severity
    /** The fact in one or a few sentences. Addresses and names in it are outside text: it belongs in a TextRun. */
    sentence(args: Args[C]): string
    /** What to do about it; null where the fact by itself asks for nothing. */
    readonly remedy: string | null
    /** Where the method, or the meaning, is from. */
    readonly source: string
  }
}
