import type { Finding, FindingOf } from '../../core/finding.ts'
import { answersReach, type ReachMemory } from '../../core/reach-memory.ts'

/**
 * States of the required names that fail for a runner whether they fail elsewhere too: `reach-fails-here` for each that
 * last answered another office, and one `reach-fails-everywhere` for all that answered none of those that asked. What
 * no other office asked for is not compared. None of these is owed, and no criterion fails by one.
 */
export function compareReach(
  findings: readonly Finding[],
  elsewhere: readonly ReachMemory[],
): readonly Finding[] {
  const seen = findings.filter((finding): finding is FindingOf<'reach-seen'> => finding.code === 'reach-seen')
  return [...new Set(seen.map(({ runnerId }) => runnerId))].flatMap((runnerId) =>
    compareRunner(
      seen.filter((finding) => finding.runnerId === runnerId),
      elsewhere,
    ),
  )
}

function compareRunner(
  seen: readonly FindingOf<'reach-seen'>[],
  elsewhere: readonly ReachMemory[],
): readonly Finding[] {
  const here: Finding[] = []
  const nowhere: { readonly host: string; readonly asked: number }[] = []
  const done = new Set<string>()
  for (const { args, runnerId, measurementId } of seen) {
    for (const { host, failure } of args.hosts) {
      const answers = args.hosts.some((one) => one.host === host && answersReach(one))
      if (answers || done.has(host)) continue
      done.add(host)
      const answering = elsewhere.filter((office) => office.answered.includes(host)).length
      const failing = elsewhere.filter((office) => office.failed.includes(host)).length
      if (answering === 0 && failing > 0) nowhere.push({ host, asked: failing })
      if (answering === 0) continue
      const told = { set: args.set, host, failure, offices: answering }
      const question = `fails-here:${host}`
      here.push({ code: 'reach-fails-here', question, runnerId, measurementId, args: told })
    }
  }
  const [first] = seen
  if (first === undefined || nowhere.length === 0) return here
  const { runnerId, measurementId } = first
  const args = {
    hosts: nowhere.map(({ host }) => host),
    offices: Math.min(...nowhere.map(({ asked }) => asked)),
  }
  const question = 'fails-everywhere'
  return [...here, { code: 'reach-fails-everywhere', question, runnerId, measurementId, args }]
}
