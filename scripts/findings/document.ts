import { SEVERITIES, type Severity } from '../../src/core/finding.ts'
import type { Declared } from './declared.ts'

/** What the document needs of a finding's words. */
export interface Words {
  readonly severity: Severity
  readonly remedy: string | null
  readonly source: string
}

const HEAD = `# Findings

A finding is one stated fact and the measurement it rests on. This is all of them. Codes and arguments do not change their
meaning; a criterion says which it looks at (\`src/criteria\`), the words that people read are in \`src/cards/findings\`.

Severities: a **fact** answers a question and asks for nothing by itself; a **notice** is worth knowing; a **warning**
should be looked at; a **problem** should be mended.

This page is made by \`npm run findings\` from the sources, and a test fails when it is behind them.
`

/** The page of all findings; `types` are those that arguments name. Throws when a code has words and no declaration, or the other way round. */
export function findingsDocument(
  declared: readonly Declared[],
  words: Readonly<Record<string, Words>>,
  types: readonly Declared[] = [],
): string {
  const codes = declared.map(({ code }) => code)
  const lone = [
    ...codes.filter((code) => !Object.hasOwn(words, code)),
    ...Object.keys(words).filter((code) => !codes.includes(code)),
  ]
  if (lone.length > 0) throw new Error(`without words or without a declaration: ${lone.join(', ')}`)
  const sorted = declared.toSorted(byCode)
  const rows = SEVERITIES.toReversed().flatMap((severity) => {
    const own = sorted.filter(({ code }) => words[code]?.severity === severity)
    return own.length === 0 ? [] : [`- ${severity}: ${own.map(({ code }) => link(code)).join(', ')}`]
  })
  const sections = sorted.flatMap((one) => {
    const said = words[one.code]
    return said === undefined ? [] : [section(one, said)]
  })
  const shared = types.length === 0 ? [] : [TYPES, ...types.toSorted(byCode).map(typeSection)]
  return [HEAD, `${rows.join('\n')}\n`, ...sections, ...shared].join('\n')
}

const TYPES = `## Types that several arguments share
`

function byCode(a: Declared, b: Declared): number {
  return a.code < b.code ? -1 : 1
}

function typeSection({ code, meaning, args }: Declared): string {
  return [`### ${code}`, '', meaning, '', '```ts', args, '```', ''].join('\n')
}

function link(code: string): string {
  return `[${code}](#${code})`
}

function section({ code, meaning, args }: Declared, { severity, remedy, source }: Words): string {
  return [
    `## ${code}`,
    '',
    `${meaning === '' ? '' : `${meaning} `}Severity: **${severity}**.`,
    '',
    '```ts',
    args,
    '```',
    '',
    `- What to do: ${remedy ?? 'nothing by itself.'}`,
    `- Source: ${source}`,
    '',
  ].join('\n')
}
