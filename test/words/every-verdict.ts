import { wrongs } from '../cases/compare.ts'
import { caseNames, readRecording, readTruth } from '../cases/files.ts'
import { evidenceOf, rulingsOf } from '../cases/recording.ts'

const isWrong = (name: string): boolean => {
  const evidence = evidenceOf(readRecording(name))
  const truth = Object.entries(readTruth(name) ?? {}).map(([id, { verdict }]) => [id, { verdict }])
  return wrongs(rulingsOf(evidence, evidence.findings), Object.fromEntries(truth)).length > 0
}

// A program: the fixtures whose verdicts are wrong, whatever the texts say, as JSON.
process.stdout.write(JSON.stringify(caseNames().filter(isWrong)))
