import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { declaredIn, typesIn } from '../../scripts/findings/declared.ts'
import { findingsDocument } from '../../scripts/findings/document.ts'
import { currentFindings, FINDINGS_FILE } from '../../scripts/findings/read.ts'
import { FINDING_WORDS } from '../../src/cards/finding-sentences.ts'

const SOURCE = `
/** Not this one. */
export interface Located { readonly address: string }
export interface PathFindings {
  /** The name of \`{tenant}\`
   * leads nowhere. */
  'host-absent': { readonly host: string }
  'no-proxy-set': Record<string, never>
  'tls-seen': {
    /** The host. */
    readonly host: string
    readonly hops: readonly { readonly at: number }[]
  }
}
`

describe('the page of findings', () => {
  it('is up to date; npm run findings makes it so', () => {
    expect(readFileSync(FINDINGS_FILE, 'utf8')).toBe(currentFindings())
  })

  it('has every code that has words, once', () => {
    const page = currentFindings()
    for (const code of Object.keys(FINDING_WORDS)) expect(page.split(`\n## ${code}\n`), code).toHaveLength(2)
  })

  it('takes codes, meaning and arguments from the types', () => {
    expect(declaredIn(SOURCE)).toEqual([
      { code: 'host-absent', meaning: 'The name of `{tenant}` leads nowhere.', args: 'host: string' },
      { code: 'no-proxy-set', meaning: '', args: '// none' },
      { code: 'tls-seen', meaning: '', args: '/** The host. */\nhost: string\nhops: { at: number }[]' },
    ])
  })

  it('says what the arguments are made of', () => {
    expect(typesIn(SOURCE)).toEqual([{ code: 'Located', meaning: 'Not this one.', args: 'address: string' }])
    expect(currentFindings()).toContain('### Located')
  })

  it('is not made where a code lacks words or a type', () => {
    const words = { severity: 'fact', remedy: null, source: 'x' } as const
    const [absent, , seen] = declaredIn(SOURCE)
    if (absent === undefined || seen === undefined) throw new Error('not declared')
    expect(() => findingsDocument([absent, seen], { 'host-absent': words })).toThrow(/tls-seen/)
    expect(() => findingsDocument([absent], { 'host-absent': words, other: words })).toThrow(/other/)
    expect(findingsDocument([absent], { 'host-absent': words })).toContain(
      '- fact: [host-absent](#host-absent)',
    )
  })
})
