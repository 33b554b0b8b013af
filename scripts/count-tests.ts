/**
 * Prints `N passed, N failed, N skipped` from vitest's JSON report and ends with 1 when something failed or nothing
 * ran: `node scripts/count-tests.ts report.json`. A file that could not even be loaded counts as one failure.
 */
import { readFileSync } from 'node:fs'

interface Report {
  readonly testResults?: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

const counted = { passed: 0, failed: 0, skipped: 0 }
for (const file of read(process.argv[2] ?? '').testResults ?? []) {
  for (const { status } of file.assertionResults) {
    if (status === 'passed') counted.passed++
    else if (status === 'failed') counted.failed++
    else counted.skipped++
  }
  const isBroken =
    file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')
  if (isBroken) counted.failed++
}
console.log(`${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped`)
process.exitCode = counted.failed > 0 || counted.passed === 0 ? 1 : 0

/** The report; an empty one when vitest ended before it could write any. */
function read(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return {}
  }
}
