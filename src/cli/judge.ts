import { readFile, stat } from 'node:fs/promises'
import type { Judged } from '../core/stored-evidence.ts'
import { judgeAll } from '../criteria/judge.ts'
import { type EvidenceFile, readEvidenceFile } from '../store/evidence-file.ts'

/** Both from sysexits.h, as people's scripts know them: wrong use, and input that cannot be read. */
const EX_USAGE = 64
const EX_DATAERR = 65

/** Far above any evidence: whoever names a film by accident shall not wait for it. */
const FILE_BYTES_MAX = 64 * 1024 * 1024

const USAGE = `doorstep judge [--json] <file>

Judges the evidence of a check again, without any network: a line per criterion, and the readiness.
--json prints the evidence itself. Ends with 0 when the verdicts are those in the file, 1 when they differ.
`

/** `doorstep judge FILE`: the same criteria, on the same evidence, on this machine. */
export async function judge(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json')
  const [path, ...more] = argv.filter((word) => word !== '--json')
  if (path === undefined || path === '--help' || more.length > 0) {
    process.stderr.write(USAGE)
    return path === '--help' ? 0 : EX_USAGE
  }
  const text = await textOf(path)
  if (!text.ok) return wrong(text.says)
  const read = readEvidenceFile(text.text)
  if (!read.ok) return wrong(read.says)
  if (json) {
    process.stdout.write(`${JSON.stringify(read.file, null, 2)}\n`)
    return 0
  }
  const judged = judgeFile(read.file)
  if (judged === null)
    return wrong('The evidence in the file is damaged and cannot be judged. Ask for it again.')
  const { lines, differs } = compareWith(read.file, judged)
  process.stdout.write(`${lines.join('\n')}\n`)
  return differs ? 1 : 0
}

/** What the criteria of this Doorstep say of a file's evidence; null: parts of it are not what they should be. */
export function judgeFile(file: EvidenceFile): Judged | null {
  const measured = new Set(file.measurements.map(({ measurementId }) => measurementId))
  // A fact without its measurement rests on nothing.
  if (file.evidence.findings.some(({ measurementId }) => !measured.has(measurementId))) return null
  try {
    return judgeAll(file.evidence)
  } catch {
    // Criteria believe their arguments; a file was made by somebody, and each of its values may be of another kind.
    return null
  }
}

/** A line per criterion with what the file says where that differs, then the readiness. */
export function compareWith(
  file: EvidenceFile,
  judged: Judged,
): { readonly lines: readonly string[]; readonly differs: boolean } {
  const before = new Map(file.rulings.map((ruling) => [ruling.criterion, ruling.verdict]))
  let differs = judged.readiness !== file.readiness
  const lines = judged.rulings.map(({ criterion, verdict, because }) => {
    const was = before.get(criterion)
    const same = was === verdict
    differs ||= !same
    return printable(
      `${criterion}: ${verdict}${same ? '' : ` (the file says ${was ?? 'nothing'})`}. ${because}`,
    )
  })
  const readiness = judged.readiness === file.readiness ? '' : ` (the file says ${file.readiness})`
  return { lines: [...lines, `readiness: ${judged.readiness}${readiness}`], differs }
}

/** Names in a file are somebody's words: nothing in them may steer the terminal. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, '')
}

async function textOf(
  path: string,
): Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly says: string }> {
  try {
    const { size } = await stat(path)
    if (size > FILE_BYTES_MAX) return { ok: false, says: `${path} is too large to be evidence.` }
    return { ok: true, text: await readFile(path, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const says =
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code ?? 'unknown'}).`
    return { ok: false, says }
  }
}

function wrong(says: string): number {
  process.stderr.write(`${says}\n`)
  return EX_DATAERR
}
