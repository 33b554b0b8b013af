import { t } from '../core/t.ts'
import { CRITERIA, type Readiness, type Verdict } from '../core/verdict.ts'
import { COPY_CHARS } from './form-card.ts'
import { visible } from './text.ts'
import { READINESS_WORDS, READINESS_WORST_FIRST, VERDICT_WORDS } from './wording.ts'

/** What a card is, by the id of its band. The first three are results, named by their readiness. */
export const CARD_KINDS = [
  'ready',
  'not-ready',
  'unproven',
  'progress',
  'refusal',
  'help',
  'offices',
  'status',
  'why',
  'samples',
  'history',
  'compare',
  'summary',
  'error',
  'welcome',
  'dashboard',
  'digest',
  'alert',
  'form',
  'roles',
  'audit',
  'cancelled',
  'dry-run',
  'about',
  'self-check',
] as const
export type CardKind = (typeof CARD_KINDS)[number]

interface Node {
  readonly [key: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The elements directly inside an element, in the order in which they are read. */
function childrenOf(node: Node): readonly Node[] {
  return ['body', 'items', 'columns'].flatMap((key) => {
    const inner = node[key]
    return Array.isArray(inner) ? inner.filter(isNode) : []
  })
}

function everyNode(node: Node): readonly Node[] {
  return [node, ...childrenOf(node).flatMap(everyNode)]
}

function ownText(node: Node): string {
  if (node['type'] === 'TextBlock') return visible(String(node['text'] ?? ''))
  if (node['type'] !== 'RichTextBlock' || !Array.isArray(node['inlines'])) return ''
  return visible(
    node['inlines'].map((inline: unknown) => (isNode(inline) ? String(inline['text'] ?? '') : '')).join(''),
  )
}

function textById(card: Node, id: string): string | null {
  const found = everyNode(card).find((node) => node['id'] === id)
  return found === undefined ? null : ownText(found)
}

/** What a card is; null for a card that is not ours. */
export function cardKind(card: object): CardKind | null {
  const ids = everyNode(card as Node).map((node) => node['id'])
  return CARD_KINDS.find((kind) => ids.includes(`band-${kind}`)) ?? null
}

function keyOf<K extends string>(words: Readonly<Record<K, string>>, word: string): K | undefined {
  return (Object.keys(words) as K[]).find((key) => words[key] === word)
}

function resultLines(card: Node, readiness: Readiness): string[] {
  const rows = CRITERIA.flatMap((id) => {
    const word = textById(card, `word-${id}`)
    if (word === null) return []
    const verdict: Verdict = keyOf(VERDICT_WORDS, word) ?? 'unproven'
    return [`${id} ${verdict} ${textById(card, `because-${id}`) ?? ''}`.trimEnd()]
  })
  return [...rows, t`readiness ${readiness}`]
}

function summaryLines(card: Node): string[] {
  const rows = everyNode(card).filter((node) => String(node['id'] ?? '').startsWith('office-'))
  const offices = rows.map((row) => {
    const id = String(row['id'])
    const word = textById(row, `word-${id}`) ?? ''
    const texts = everyNode(row)
      .map(ownText)
      .filter((text) => text !== '')
    const [, name = ''] = texts
    return { name, readiness: keyOf(READINESS_WORDS, word), word, says: textById(row, `because-${id}`) ?? '' }
  })
  const worst = READINESS_WORST_FIRST.find((readiness) =>
    offices.some((office) => (office.readiness ?? null) === readiness),
  )
  const more = childrenOf(card)
    .map(ownText)
    .filter((text) => /^\+\d+ more$/u.test(text))
  return [
    ...offices.map(({ name, readiness, word, says }) => `${name} ${readiness ?? word} ${says}`.trimEnd()),
    ...more,
    t`readiness ${worst ?? 'unproven'}`,
  ]
}

/** A row's glyph, name and word are one line; so are the parts of a fact. */
function readableLines(node: Node): string[] {
  if (node['type'] !== 'ColumnSet') return [ownText(node), ...childrenOf(node).flatMap(readableLines)]
  const columns = childrenOf(node).map((column) => childrenOf(column).flatMap(readableLines))
  const firsts = columns.map((lines) => lines.find((line) => line !== '') ?? '')
  const rest = columns.flatMap((lines) => lines.filter((line) => line !== '').slice(1))
  return [firsts.filter((line) => line !== '').join(' '), ...rest]
}

/**
 * A card as plain lines, for terminals. A result gives one line per criterion, `<criterion id> <verdict> <because>`, and
 * last `readiness <ready|not-ready|unproven>`; a summary one line per office, and last the worst readiness; any other
 * card its readable text.
 */
export function cardLines(card: object): string[] {
  const kind = cardKind(card)
  if (kind === 'ready' || kind === 'not-ready' || kind === 'unproven') return resultLines(card as Node, kind)
  if (kind === 'summary') return summaryLines(card as Node)
  return readableLines(card as Node).filter((line) => line !== '')
}

/** What somebody is to copy from a card, or to open: each under its name. A form's own fields are not. */
export function cardCopies(card: object): string[] {
  const nodes = everyNode(card as Node)
  const fields = nodes.filter(
    (node) =>
      node['type'] === 'Input.Text' && node['maxLength'] === COPY_CHARS && String(node['value'] ?? '') !== '',
  )
  const links = nodes
    .flatMap((node) => (Array.isArray(node['actions']) ? node['actions'].filter(isNode) : []))
    .filter((action) => action['type'] === 'Action.OpenUrl')
  return [
    ...links.flatMap((action) => [`${visible(String(action['title']))}:`, String(action['url'])]),
    ...fields.flatMap((node) => [`${visible(String(node['label']))}:`, String(node['value'])]),
  ]
}
