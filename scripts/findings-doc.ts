/** Writes `docs/findings.md` from the findings' types and words: `npm run findings`. */
import { writeFileSync } from 'node:fs'
import { currentFindings, FINDINGS_FILE } from './findings/read.ts'

writeFileSync(FINDINGS_FILE, currentFindings())
