/** Prints the cases that do not lead to their rulings, as a JSON list of names: run in a child by `scripts/mutants.ts`. */
import { wrongs } from './compare.ts'
import { caseNames, readRecording, readTruth } from './files.ts'
import { evidenceOf, rulingsOf } from './recording.ts'

const isWrong = (name: string): boolean => {
  const evidence = evidenceOf(readRecording(name))
  return wrongs(rulingsOf(evidence, evidence.findings), readTruth(name) ?? {}).length > 0
}

console.log(JSON.stringify(caseNames().filter(isWrong)))
