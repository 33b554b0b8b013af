import schema from '../support/adaptive-card-1.5.json' with { type: 'json' }

/**
 * Walks a card along the definitions of Adaptive Cards 1.5 and the Teams extensions that we use. Unlike a JSON schema
 * check, whose `anyOf` lists fifty reasons, it says which property of which element is wrong.
 */

interface Definition {
  readonly mixins?: readonly string[]
  /** Its objects carry no `type`. */
  readonly untyped?: boolean
  readonly needs: Readonly<Record<string, string>>
  readonly may: Readonly<Record<string, string>>
}

const TYPES = schema.types as Readonly<Record<string, Definition>>
const GROUPS = schema.groups as Readonly<Record<string, readonly string[]>>
const ENUMS = schema.enums as Readonly<Record<string, readonly string[]>>
const MIXINS = schema.mixins as Readonly<Record<string, Readonly<Record<string, string>>>>

/** What is wrong with a card, each with the path to it; empty for a card that the schema allows. */
export function schemaFaults(card: unknown): readonly string[] {
  return nodeFaults(card, 'AdaptiveCard', 'card')
}

function nodeFaults(value: unknown, wanted: string, path: string): readonly string[] {
  if (!isObject(value)) return [`${path} is no object`]
  const named = value['type']
  const allowed = GROUPS[wanted] ?? [wanted]
  const type = TYPES[wanted]?.untyped === true || named === undefined ? wanted : String(named)
  const definition = TYPES[type]
  if (!definition || !allowed.includes(type)) return [`${path} is a ${type}, not a ${wanted}`]
  if (named === undefined && definition.untyped !== true && !MAY_BE_UNNAMED.has(type)) {
    return [`${path} has no type`]
  }
  const rules: Record<string, string> = Object.assign(
    {},
    ...(definition.mixins ?? []).map((name) => MIXINS[name]),
    definition.may,
    definition.needs,
  )
  const missing = Object.keys(definition.needs).filter((key) => !(key in value))
  const wrong = Object.entries(value).flatMap(([key, entry]) => {
    if (key === 'type') return []
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    return rule === undefined
      ? [`${path} (${type}) has an unknown ${key}`]
      : faultsOf(entry, rule, `${path}.${key}`)
  })
  return [...missing.map((key) => `${path} (${type}) lacks ${key}`), ...wrong]
}

/** The schema lets these go without a type where nothing else can stand. */
const MAY_BE_UNNAMED = new Set(['Column', 'TableRow', 'TableCell'])

function faultsOf(value: unknown, rule: string, path: string): readonly string[] {
  const tries = rule.split('|').map((choice) => oneFaults(value, choice, path))
  return tries.find((faults) => faults.length === 0) ?? tries[0] ?? []
}

function oneFaults(value: unknown, rule: string, path: string): readonly string[] {
  const inner = /^[[{](.*)[\]}]$/.exec(rule)?.[1]
  if (inner !== undefined && rule.startsWith('{')) return nodeFaults(value, inner, path)
  if (inner !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((entry, index) => nodeFaults(entry, inner, `${path}[${index}]`))
  }
  return fits(value, rule) ? [] : [`${path} is ${JSON.stringify(value)}, not ${rule}`]
}

function fits(value: unknown, rule: string): boolean {
  const names = ENUMS[rule]
  // Clients take the names of enumerations in any case.
  if (names)
    return typeof value === 'string' && names.some((name) => name.toLowerCase() === value.toLowerCase())
  switch (rule) {
    case 'object':
      return isObject(value)
    case 'array':
      return Array.isArray(value)
    case 'strings':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    case 'px':
      return typeof value === 'string' && /^\d+px$/.test(value)
    case 'width':
      return (typeof value === 'number' && value > 0) || /^(?:auto|stretch|\d+px|\d+)$/.test(String(value))
    default:
      return typeof value === rule && !Number.isNaN(value)
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
