import { parseAst } from 'vitest/node'
import { textKey } from '../../src/core/speech.ts'

/** The texts of one file. */
export interface Texts {
  /** Keys of texts, in the order of the file. */
  readonly texts: readonly string[]
  /** What is counted: its English singular and plural. */
  readonly counts: readonly (readonly [one: string, many: string])[]
}

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

/** The texts of a TypeScript file: what is tagged with `t`, and what `countText` counts. */
export function textsOfSource(source: string): Texts {
  const texts: string[] = []
  const counts: (readonly [string, string])[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one)
    if (!isNode(value)) return
    if (isTagged(value)) texts.push(keyOf(value.quasi))
    const counted = countedBy(value)
    if (counted !== null) counts.push(counted)
    for (const one of Object.values(value)) walk(one)
  }
  walk(parseAst(source, { lang: 'ts' }).body)
  return { texts, counts }
}

/** A sentence: it begins with a capital, has three words at least, and ends as sentences do. */
const SENTENCE = /^[A-Z].*\s\S+\s.*[.?]$/s

/** Sentences of a TypeScript file that are not tagged, so no translation reaches them. What an error says is no text. */
export function untaggedIn(source: string): readonly string[] {
  const found: string[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one)
    if (!isNode(value) || value.type === 'NewExpression') return
    const text = value.type === 'TemplateLiteral' ? keyOf(value) : literalOf(value)
    if (text !== null && SENTENCE.test(text)) found.push(text)
    const inside = isTagged(value) ? value.quasi.expressions : Object.values(value)
    for (const one of inside) walk(one)
  }
  walk(parseAst(source, { lang: 'ts' }).body)
  return found
}

/** The texts of a card's template: those without a value; the rest comes from its data function. */
export function textsOfTemplate(template: unknown): readonly string[] {
  if (Array.isArray(template)) return template.flatMap(textsOfTemplate)
  if (typeof template !== 'object' || template === null) return []
  return Object.entries(template).flatMap(([key, value]) =>
    key === 'text' && typeof value === 'string' && !value.includes('${') ? [value] : textsOfTemplate(value),
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

interface Template {
  readonly quasis: readonly { readonly value: { readonly cooked: string } }[]
  readonly expressions: readonly unknown[]
}

interface Tagged {
  readonly quasi: Template
}

function keyOf(template: object): string {
  const { quasis } = template as Template
  return textKey(quasis.map(({ value }) => value.cooked))
}

function isTagged(node: Node): node is Node & Tagged {
  return node.type === 'TaggedTemplateExpression' && isNode(node['tag']) && node['tag']['name'] === 't'
}

/** `countText(n, 'office')` counts offices; `countText(n, 'entry', 'entries')` says its plural. */
function countedBy(node: Node): readonly [string, string] | null {
  if (node.type !== 'CallExpression' || !isNode(node['callee']) || node['callee']['name'] !== 'countText')
    return null
  const [, one, many] = Array.isArray(node['arguments']) ? node['arguments'].map(literalOf) : []
  return typeof one === 'string' ? [one, many ?? `${one}s`] : null
}

function literalOf(node: unknown): string | null {
  return isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : null
}
