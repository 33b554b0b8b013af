/** Element definitions and rules that every card of ours keeps. Written for the elements we use, after schema 1.5.0. */

type Rule = 'string' | 'text' | 'boolean' | 'number' | 'object' | 'array' | 'pixels' | readonly string[]
interface Definition {
  readonly needs: Readonly<Record<string, Rule>>
  readonly may: Readonly<Record<string, Rule>>
}

const SPACING = ['None', 'Small', 'Default', 'Medium', 'Large', 'ExtraLarge', 'Padding'] as const
const COLOR = ['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention'] as const
const SIZE = ['Small', 'Default', 'Medium', 'Large', 'ExtraLarge'] as const
const WEIGHT = ['Lighter', 'Default', 'Bolder'] as const
const STYLE = ['default', 'emphasis', 'good', 'attention', 'warning', 'accent'] as const
const ALIGN = ['Left', 'Center', 'Right'] as const

const PLACED = { id: 'string', spacing: SPACING, separator: 'boolean' } as const
const LETTERS = { color: COLOR, size: SIZE, weight: WEIGHT, isSubtle: 'boolean' } as const

const INPUT = { id: 'string', label: 'string', errorMessage: 'string', isRequired: 'boolean' } as const
const FILLED = { value: 'text', spacing: SPACING } as const

const ELEMENTS: Readonly<Record<string, Definition>> = {
  AdaptiveCard: {
    needs: { $schema: 'string', version: ['1.5'], body: 'array', fallbackText: 'string', speak: 'string' },
    may: { actions: 'array' },
  },
  Container: { needs: { items: 'array' }, may: { ...PLACED, style: STYLE, bleed: 'boolean' } },
  ColumnSet: { needs: { columns: 'array' }, may: PLACED },
  Column: { needs: { items: 'array', width: 'pixels' }, may: PLACED },
  TextBlock: {
    needs: { text: 'string', wrap: 'boolean' },
    may: { ...PLACED, ...LETTERS, horizontalAlignment: ALIGN },
  },
  RichTextBlock: { needs: { inlines: 'array' }, may: { ...PLACED, horizontalAlignment: ALIGN } },
  TextRun: { needs: { text: 'string' }, may: { ...LETTERS, fontType: ['Default', 'Monospace'] } },
  // Clients that cannot draw it show the fallback; its series hold no text of ours but legends and labels.
  'Chart.Line': {
    needs: { title: 'string', data: 'array', fallback: 'object' },
    may: { id: 'string', spacing: SPACING },
  },
  'Action.Execute': {
    needs: { title: 'string', verb: ['doorstep'], data: 'object', fallback: 'object' },
    may: {},
  },
  'Input.Text': {
    needs: INPUT,
    may: { ...FILLED, placeholder: 'text', maxLength: 'number', isMultiline: 'boolean' },
  },
  'Input.Date': { needs: INPUT, may: FILLED },
  'Input.ChoiceSet': {
    needs: { ...INPUT, choices: 'array' },
    may: { ...FILLED, style: ['compact', 'expanded'], wrap: 'boolean' },
  },
  // The one link that a card of ours has leads to the hub itself.
  'Action.OpenUrl': { needs: { title: 'string', url: ['https://doorstep.example/me#code'] }, may: {} },
  'Action.Submit': { needs: { title: 'string', data: 'object' }, may: {} },
}

export interface CardNode {
  readonly [key: string]: unknown
}

function isNode(value: unknown): value is CardNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every object of a card that has a type. */
export function nodesOf(value: unknown): readonly CardNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  if (!isNode(value)) return []
  return [...('type' in value ? [value] : []), ...Object.values(value).flatMap(nodesOf)]
}

function breaks(rule: Rule, value: unknown): boolean {
  if (typeof rule !== 'string') return !rule.includes(String(value))
  if (rule === 'array') return !Array.isArray(value) || value.length === 0
  if (rule === 'object') return !isNode(value)
  if (rule === 'pixels') return !/^(?:auto|stretch|\d+px)$/.test(String(value))
  if (rule === 'text') return typeof value !== 'string'
  return typeof value !== rule || value === ''
}

function nodeFaults(node: CardNode): readonly string[] {
  const type = String(node['type'])
  const definition = ELEMENTS[type]
  if (definition === undefined) return [`${type} is not an element we use`]
  const rules: Readonly<Record<string, Rule>> = { ...definition.may, ...definition.needs }
  return [
    ...Object.keys(definition.needs)
      .filter((key) => !(key in node))
      .map((key) => `${type} lacks ${key}`),
    ...Object.entries(node)
      .filter(([key]) => key !== 'type')
      .flatMap(([key, value]) => {
        const rule = rules[key]
        if (rule === undefined) return [`${type} has an unknown ${key}`]
        return breaks(rule, value) ? [`${type}.${key} is ${JSON.stringify(value)}`] : []
      }),
  ]
}

/** What a TextBlock would read as Markdown: emphasis, links, code, and a text that begins like a list or a heading. */
const MARKDOWN = /[*_[\]()~`\\<>]|^\s*(?:[-+#>]\s|\d+\.\s)/u

/** Characters that turn or hide text; the isolates, U+200B and U+2060 are our own. */
const INVISIBLE = /(?![\u2068\u2069\u200B\u2060])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u

function textFaults(node: CardNode): readonly string[] {
  const text = String(node['text'] ?? '')
  const faults: string[] = []
  if (node['type'] === 'TextBlock' && node['wrap'] !== true) faults.push(`does not wrap: ${text}`)
  if (node['type'] === 'TextBlock' && MARKDOWN.test(text)) faults.push(`reads as markup: ${text}`)
  if (INVISIBLE.test(text)) faults.push(`invisible characters: ${JSON.stringify(text)}`)
  if (/\u2068[^\u2069]*\u2068|^[^\u2068]*\u2069|\u2068[^\u2069]*$/u.test(text))
    faults.push(`isolate left open: ${text}`)
  return faults
}

/** A limit for all cards, and what ours aim at. */
export const BYTES_MAX = 24 * 1024
export const BYTES_AIM = 12 * 1024

/** What is wrong with a card; empty for a card we would send. */
export function cardFaults(card: object): readonly string[] {
  const json = JSON.stringify(card)
  const nodes = nodesOf(card)
  const faults = nodes.flatMap((node) => [...nodeFaults(node), ...textFaults(node)])
  const root = card as CardNode
  const ids = nodes.flatMap((node) => (typeof node['id'] === 'string' ? [node['id']] : []))
  const actions = Array.isArray(root['actions']) ? (root['actions'] as readonly CardNode[]) : []
  const actionIds = actions.map(({ data }) => JSON.stringify(data))
  if (Buffer.byteLength(json) > BYTES_MAX) faults.push(`${Buffer.byteLength(json)} bytes`)
  if (json.includes('${')) faults.push('a template expression is left')
  if (/:null|:NaN|"(?:undefined|null|NaN|\[object Object\])"/u.test(json)) faults.push('a value is missing')
  if (new Set(ids).size !== ids.length) faults.push(`an id stands twice: ${ids.join(' ')}`)
  if (ids.filter((id) => id.startsWith('band-')).length !== 1) faults.push('not exactly one band')
  if (root['fallbackText'] !== root['speak']) faults.push('fallbackText and speak differ')
  if (/[*_[\]()~`\\<>]|:\/\//u.test(String(root['speak'])))
    faults.push(`markup in speak: ${String(root['speak'])}`)
  if (actions.length > 6) faults.push('more than six buttons')
  if (new Set(actionIds).size !== actionIds.length) faults.push('two buttons do the same')
  for (const { type, data, fallback } of actions) {
    if (type === 'Action.OpenUrl') continue
    if (!isNode(data) || Object.keys(data).join() !== 'actionId')
      faults.push('a button carries more than its action')
    if (!isNode(fallback) || JSON.stringify(fallback['data']) !== JSON.stringify(data))
      faults.push('the fallback of a button does something else')
  }
  return faults
}
