import type { StoredEvidence } from '../../src/core/stored-evidence.ts'
import { judgeAll } from '../../src/criteria/judge.ts'
import { readRecording } from '../cases/files.ts'
import { evidenceOf } from '../cases/recording.ts'

/** What a check of a recorded situation would have left behind; `vpn-backhaul` and its like are folders of fixtures. */
export function storedEvidence(situation: string): StoredEvidence {
  const recording = readRecording(situation)
  const evidence = evidenceOf(recording)
  const { rulings, readiness } = judgeAll(evidence)
  const { measurements } = recording
  return { checkId: 'c1', closedAt: evidence.now, evidence, measurements, rulings, readiness }
}
