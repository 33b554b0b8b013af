import { t } from '../../core/t.ts'

/** A line of the file that begins a row, with its cells. Line 1 is the first of the text. */
export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** What is wrong with a line, in words that follow `line 3: `. */
export interface LineProblem {
  readonly line: number
  readonly says: string
}

/** What a text was read as. Any problem means that the rows are not to be used. */
export interface CsvRead {
  readonly rows: readonly CsvRow[]
  readonly problems: readonly LineProblem[]
}

/** Characters of a file at most: what one request may bring, and more than 1,000 offices take. */
export const CSV_CHARS_MAX = 200_000

/** Rows of a file at most. */
export const ROWS_MAX = 2_000

/** Characters of a cell at most: twenty ranges fit. */
const CELL_MAX = 1_000

const SEPARATORS = [',', ';', '\t'] as const

/**
 * Reads rows of cells as RFC 4180 has them: quotes around a cell, doubled inside. Takes a byte order mark, any line ends,
 * blank lines, and commas, semicolons or tabs between cells, whichever the first line has most of. It stops at the first
 * quote that makes the rest doubtful.
 */
export function readCsv(whole: string): CsvRead {
  const text = whole.replace(/^\uFEFF/, '')
  if (text.length > CSV_CHARS_MAX) return bad(1, t`the file is longer than ${CSV_CHARS_MAX} characters`)
  if (text.includes('\0')) return bad(1, t`this is not UTF-8 text (perhaps UTF-16): save it as “CSV UTF-8”`)
  const damaged = text.indexOf('\uFFFD')
  if (damaged >= 0) return bad(lineAt(text, damaged), t`some letters are lost: save the file as “CSV UTF-8”`)
  const separator = separatorOf(text)
  const rows: CsvRow[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const begun = line
    const cells: string[] = []
    for (;;) {
      const cell = readCell(text, at, separator)
      if (typeof cell === 'string') return { rows, problems: [{ line: begun, says: cell }] }
      if (cell.text.length > CELL_MAX) return bad(begun, t`a cell has more than ${CELL_MAX} characters`)
      if (/[\r\n]/.test(cell.text)) return bad(begun, t`a cell goes over several lines`)
      cells.push(cell.text.trim())
      at = cell.end
      if (text[at] !== separator) break
      at++
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    line++
    if (cells.some((cell) => cell !== '')) rows.push({ line: begun, cells })
    if (rows.length > ROWS_MAX + 1) return bad(begun, t`the file has more than ${ROWS_MAX} rows`)
  }
  return { rows, problems: [] }
}

function bad(line: number, says: string): CsvRead {
  return { rows: [], problems: [{ line, says }] }
}

/** One cell from `at` on, and where it ends: at a separator, a line end or the end of the text. */
function readCell(text: string, at: number, separator: string): { text: string; end: number } | string {
  const isEnd = (index: number) =>
    index >= text.length || '\r\n'.includes(text[index] ?? '') || text[index] === separator
  let from = at
  while (text[from] === ' ') from++
  if (text[from] !== '"') {
    let end = at
    while (!isEnd(end)) {
      if (text[end] === '"')
        return t`a quote stands in the middle of a cell: put the whole cell in quotes and double it`
      end++
    }
    return { text: text.slice(at, end), end }
  }
  let end = from + 1
  for (;;) {
    const quote = text.indexOf('"', end)
    if (quote < 0) return t`a quote is not closed`
    if (text[quote + 1] !== '"') {
      const inner = text.slice(from + 1, quote).replaceAll('""', '"')
      end = quote + 1
      while (text[end] === ' ') end++
      return isEnd(end) ? { text: inner, end } : t`letters follow a closed quote`
    }
    end = quote + 2
  }
}

function separatorOf(text: string): string {
  const [first = ''] = text.split(/[\r\n]/, 1)
  const countOf = (separator: string) => first.split(separator).length
  return SEPARATORS.reduce<string>((best, one) => (countOf(one) > countOf(best) ? one : best), ',')
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split(/\r\n|\r|\n/).length
}

/** What a spreadsheet would run, with as many apostrophes before it as it may have. */
const RUNS = /^'*[=+\-@\t\r]/

/** A text that no spreadsheet runs as a formula (ASVS 1.2.10): an apostrophe before it. */
export function guarded(text: string): string {
  return RUNS.test(text) ? `'${text}` : text
}

/** Undoes {@link guarded}. */
export function unguarded(text: string): string {
  return text.startsWith("'") && RUNS.test(text.slice(1)) ? text.slice(1) : text
}

/** One line of a file. */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => (/[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
}
