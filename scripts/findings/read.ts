import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FINDING_WORDS } from '../../src/cards/finding-sentences.ts'
import { declaredIn, typesIn } from './declared.ts'
import { findingsDocument } from './document.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const FAMILIES = join(ROOT, 'src', 'core', 'findings')

/** Where the page is. */
export const FINDINGS_FILE = join(ROOT, 'docs', 'findings.md')

/** The page as the sources have it now. */
export function currentFindings(): string {
  const files = readdirSync(FAMILIES)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(FAMILIES, name))
  const sources = [join(ROOT, 'src', 'core', 'finding.ts'), ...files].map((file) =>
    readFileSync(file, 'utf8'),
  )
  return findingsDocument(sources.flatMap(declaredIn), FINDING_WORDS, sources.slice(1).flatMap(typesIn))
}
