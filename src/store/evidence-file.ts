import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import type { Ruling } from '../core/ruling.ts'
import type { StoredEvidence } from '../core/stored-evidence.ts'
import { CRITERIA } from '../core/verdict.ts'

const FORMAT = 'doorstep-evidence'

/** Counts up when an older Doorstep could not judge the file rightly. */
const VERSION = 1

/** Begins a file in its short form: the JSON deflated and in base64, a sixth of its size, so that a card holds it. */
const SHORT_FORM = `${FORMAT}:`

/** Inflated bytes that are believed: the largest check of many runners stays far below. */
const BYTES_MAX = 16 * 1024 * 1024

/** Evidence on its way to whoever wants to judge it again. */
export interface EvidenceFile extends Omit<StoredEvidence, 'rulings'> {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  /** The Doorstep that wrote it. */
  readonly doorstep: string
  /** The criteria that ruled, as `id@version`. */
  readonly criteria: readonly string[]
  /** What was ruled; the findings that a ruling names stand in the evidence. */
  readonly rulings: readonly Pick<Ruling, 'criterion' | 'level' | 'verdict' | 'because'>[]
}

const HEAD = z.looseObject({ format: z.literal(FORMAT), version: z.number().int() })

const FILE = z.looseObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  doorstep: z.string(),
  criteria: z.array(z.string()),
  checkId: z.string(),
  closedAt: z.number(),
  readiness: z.enum(['ready', 'not-ready', 'unproven']),
  rulings: z.array(
    z.looseObject({
      criterion: z.enum(CRITERIA),
      verdict: z.enum(['pass', 'fail', 'unproven', 'not-applicable']),
      because: z.string(),
    }),
  ),
  measurements: z.array(z.looseObject({ measurementId: z.string(), probe: z.string() })),
  evidence: z.looseObject({
    office: z.looseObject({ id: z.string(), name: z.string() }),
    owed: z.array(z.looseObject({ measurementId: z.string(), runnerId: z.string() })),
    questions: z.array(z.looseObject({ question: z.string() })),
    findings: z.array(z.looseObject({ code: z.string(), measurementId: z.string() })),
    now: z.number(),
  }),
})

/** The file of some evidence, as an object that JSON holds whole. */
export function evidenceFile(
  stored: StoredEvidence,
  doorstep: string,
  criteria: readonly string[],
): EvidenceFile {
  const rulings = stored.rulings.map(({ criterion, level, verdict, because }) => ({
    criterion,
    level,
    verdict,
    because,
  }))
  return { format: FORMAT, version: VERSION, doorstep, criteria, ...stored, rulings }
}

/** The short form of a file; {@link readEvidenceFile} reads both forms. */
export function shortForm(file: EvidenceFile): string {
  return (
    SHORT_FORM + deflateRawSync(Buffer.from(JSON.stringify(file), 'utf8'), { level: 9 }).toString('base64')
  )
}

/** Reads a file in either form. `says`: in one sentence what is wrong with it and what to do. Never throws. */
export function readEvidenceFile(
  text: string,
): { readonly ok: true; readonly file: EvidenceFile } | { readonly ok: false; readonly says: string } {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  if (trimmed === '') return { ok: false, says: 'The file is empty. Copy the text of the card again.' }
  // Answers may have been kept whole, with the words above each part.
  const short = trimmed.startsWith('{') ? -1 : trimmed.indexOf(SHORT_FORM)
  const json = short < 0 ? trimmed : inflated(trimmed.slice(short + SHORT_FORM.length))
  if (json === null) {
    return { ok: false, says: 'The text is cut off or changed. Copy the whole text again, all parts of it.' }
  }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { ok: false, says: 'The file is no JSON, or it is cut off. Copy or download it again.' }
  }
  const head = HEAD.safeParse(value)
  if (!head.success) {
    return { ok: false, says: 'This is no evidence of Doorstep. Ask for one with: evidence <office>.' }
  }
  if (head.data.version > VERSION) {
    return {
      ok: false,
      says: `The file has version ${head.data.version}, and this Doorstep reads ${VERSION}. Judge it with a newer Doorstep.`,
    }
  }
  const read = FILE.safeParse(value)
  if (read.success) return { ok: true, file: read.data as unknown as EvidenceFile }
  const where = read.error.issues[0]?.path.map(String).join('.') ?? ''
  return { ok: false, says: `The file is damaged at ${where || 'its top'}. Ask for it again.` }
}

function inflated(text: string): string | null {
  // Words of the card have marks that base64 has not; the lines of a file have no spaces.
  const base64 = /[^A-Za-z0-9+/=\s]/.test(text) ? text.split('\n').filter(isOneWord).join('') : text
  const packed = Buffer.from(base64.replace(/\s+/g, ''), 'base64')
  try {
    return inflateRawSync(packed, { maxOutputLength: BYTES_MAX }).toString('utf8')
  } catch {
    return null
  }
}

function isOneWord(line: string): boolean {
  return !/\s/.test(line.trim())
}
