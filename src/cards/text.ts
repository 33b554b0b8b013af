/** Characters of outside text that are kept, in code points: longer names are cut, with an ellipsis. */
const OUTSIDE_MAX = 80

/**
 * Bytes of a whole sentence that are kept, as JSON in UTF-8. Our own sentences stay below; with every sentence of a card
 * at this size and its lists cut, the card still fits (`render-card.ts`).
 */
const PROSE_BYTES_MAX = 480

/** Below this no letter and ellipsis fit. */
const BYTES_LEFT_MIN = 8

/** A TextRun does not break a long word and would leave a phone's card: after this many letters it may break. */
const UNBROKEN_MAX = 24

/** Letters of a button: wider ones leave a 320 px card, and buttons do not wrap. */
const LABEL_MAX = 28

/** Marks stacked on one letter beyond this many draw over the lines above. */
const MARKS_MAX = 4

const ISOLATE = '\u2068'
const ISOLATE_END = '\u2069'
const BREAK_HERE = '\u200B'
const WORD_JOINER = '\u2060'

const EXCESS_MARKS = new RegExp(`(\\p{M}{${MARKS_MAX}})\\p{M}+`, 'gu')
const LONG_WORD = new RegExp(
  `[^\\s${BREAK_HERE}${ISOLATE}${ISOLATE_END}]{${UNBROKEN_MAX},}?(?=[^\\s\\p{M}])`,
  'gu',
)

/** What stays on one line: a number and its unit, a limit and its number, the parts of a date. */
const TOGETHER =
  /(?<=\d) (?=(?:km|ms|s|min|h|%|MB\/s)(?![\p{L}\d]))|(?<=\b(?:limit|target)) (?=\d)|(?<=\b\d{1,2}) (?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b)|(?<=\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)) (?=\d{4}\b)/gu

/** Control characters and line ends become blanks; what draws nothing or turns the direction of text goes. */
function withoutInvisible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\p{Cf}\p{DI}\p{Co}]/gu, '')
    .replace(EXCESS_MARKS, '$1')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** At most so many code points, with an ellipsis for the rest; a long text is looked at only as far as it is kept. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  let [count, end, last] = [0, 0, 0]
  for (const point of text) {
    count++
    if (count === most) last = end
    if (count > most) return `${text.slice(0, last)}…`
    end += point.length
  }
  return text
}

/** What a code point takes on the wire: UTF-8 bytes within a JSON string. */
function pointBytes(code: number): number {
  if (code === 0x22 || code === 0x5c) return 2
  if (code < 0x20) return JSON.stringify(String.fromCharCode(code)).length - 2
  if (code >= 0xd800 && code <= 0xdfff) return 6
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/** The same of a text. */
function wireBytes(text: string): number {
  let bytes = 0
  for (const point of text) bytes += pointBytes(point.codePointAt(0) ?? 0)
  return bytes
}

/** As much of a text as fits, with an ellipsis where something is missing. */
function cutToBytes(text: string, most: number): string {
  const room = most - wireBytes('…')
  let [bytes, end, last] = [0, 0, 0]
  for (const point of text) {
    bytes += pointBytes(point.codePointAt(0) ?? 0)
    if (bytes > most) return `${text.slice(0, last)}…`
    end += point.length
    if (bytes <= room) last = end
  }
  return text
}

function withBreaks(text: string): string {
  return text.replace(LONG_WORD, `$&${BREAK_HERE}`)
}

/**
 * Makes a text that somebody else wrote (the name of an office or a runner, a city, the owner of a certificate, what
 * a person typed) fit for one of our sentences: nothing invisible, 80 characters at most, breakable, and isolated, so
 * that an Arabic name cannot pull our numbers to its other side. Markup stays as it is typed: it may only stand in a
 * TextRun, which reads none.
 */
export function outside(text: string): string {
  const plain = cut(withoutInvisible(text), OUTSIDE_MAX)
  return `${ISOLATE}${plain === '' ? 'unnamed' : withBreaks(plain)}${ISOLATE_END}`
}

/**
 * The last look at a sentence before it is placed: what `outside` put around names stays, any other invisible
 * character goes, and so do isolates that are not closed where they should be.
 */
export function prose(text: string): string {
  const parts = text.split(/(\u2068[^\u2068\u2069]*\u2069)/u)
  const kept: string[] = []
  let left = PROSE_BYTES_MAX
  for (const [index, part] of parts.entries()) {
    if (left < BYTES_LEFT_MIN || part === '') continue
    const isName = index % 2 === 1
    const plain = cutToBytes(isName ? withoutInvisible(part) : keepBlanks(part), left)
    left -= wireBytes(plain)
    const breakable = withBreaks(isName ? plain : plain.replace(TOGETHER, '\u00A0'))
    kept.push(isName ? `${ISOLATE}${breakable}${ISOLATE_END}` : breakable)
  }
  return kept.join('').replace(/ {2,}/g, ' ').trim()
}

/** As `withoutInvisible`, but a blank at either end stays: the part stands next to a name. */
function keepBlanks(part: string): string {
  const plain = withoutInvisible(part)
  if (plain === '') return ' '
  return `${/^\s/u.test(part) ? ' ' : ''}${plain}${/\s$/u.test(part) ? ' ' : ''}`
}

/** The title of a button. It may carry a name, and buttons read no markup. */
export function label(text: string): string {
  return cut(withoutInvisible(text), LABEL_MAX)
}

/** Characters of a field's text that are kept: what people see of it on a card. */
const FIELD_MAX = 1_000

/** What stands in an input of a card, which reads no markup: line ends stay, other characters that draw nothing go. */
export function field(text: string): string {
  return cut(wholeField(text), FIELD_MAX)
}

/** As {@link field}, not cut: for a text that people copy, whose maker keeps it small enough for a card. */
export function wholeField(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(withoutInvisible)
    .join('\n')
}

const READ_AS_MARKUP: Readonly<Record<string, string>> = {
  '[': '［',
  ']': '］',
  '(': '（',
  ')': '）',
  '<': '＜',
  '>': '＞',
  '*': '＊',
  _: '＿',
  '~': '～',
  '`': '｀',
  '\\': '＼',
}

/**
 * A sentence for places whose reader we do not know (notifications, screen readers, clients that cannot draw cards):
 * no invisible characters, and what could be read as markup or as a link is replaced by its wide form.
 */
export function spoken(text: string): string {
  return visible(prose(text))
    .replace(/[[\]()<>*_~`\\]/g, (character) => READ_AS_MARKUP[character] ?? '')
    .replaceAll('://', `:${WORD_JOINER}//`)
}

/** A text without the marks that `outside`, `prose` and `defused` put into it: for terminals. */
export function visible(text: string): string {
  return text.replace(/[\u2068\u2069\u200B\u2060]/g, '').replace(/\u00A0/g, ' ')
}

/**
 * Keeps data from looking like a template expression. The library does not expand data again, but a leftover `${` in
 * a finished card is how we know that a template asked for something it was not given.
 */
export function defused<T>(data: T): T {
  if (typeof data === 'string') return data.replaceAll('${', `$${WORD_JOINER}{`) as T
  if (Array.isArray(data)) return data.map((entry: unknown) => defused(entry)) as T
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, defused(value)])) as T
}

/** An id that Adaptive Cards and our own readers can rely on; `otherwise` when the text is not one. */
export function elementId(text: string, otherwise: string): string {
  return /^[a-z0-9][a-z0-9-]{0,39}$/.test(text) ? text : otherwise
}
