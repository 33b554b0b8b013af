import { parseReply } from '../../src/net/dns-guard.ts'
import { breach, dnsMutant } from '../../test/net/dns-mutants.ts'
import { seeded } from '../../test/support/mutants.ts'
import { type Part, round } from './numbers.ts'

/** As many as were tried when dns-packet alone took 242 ms for the worst and accepted 26 % of them. */
const MUTANTS = 1_000_000
/** Reading one answer may hold a runner's loop up this long, in ms: less than what a check of the loop's delay reports. */
const MOST_MS = 20

/** Reads a million mutated DNS answers through the guard and times each. Throws for one that breaks a rule. */
export function measureMutants(): Part {
  const random = seeded(20_261_126)
  let [slowest, slow, accepted, total] = [0, 0, 0, 0]
  for (let made = 0; made < MUTANTS; made++) {
    const one = dnsMutant(random)
    const start = performance.now()
    const reply = parseReply(one.bytes, one.asked, one.transport)
    const ms = performance.now() - start
    total += ms
    slowest = Math.max(slowest, ms)
    if (ms > MOST_MS) slow += 1
    if (reply.kind === 'answer') accepted += 1
    const broken = breach(reply, one)
    if (broken !== null) throw new Error(`mutant ${made}: ${broken}: ${one.bytes.toString('hex')}`)
  }
  const numbers = {
    mutants: MUTANTS,
    accepted,
    worstMs: round(slowest),
    above20Ms: slow,
    meanUs: round((1000 * total) / MUTANTS),
  }
  return {
    rows: [
      {
        what: 'a million mutated DNS answers: the slowest to read',
        measured: `${numbers.worstMs} ms (${numbers.meanUs} us on average, ${accepted} consistent ones accepted)`,
        budget: `<= ${MOST_MS} ms, no inconsistent one accepted`,
      },
    ],
    numbers: { dnsMutants: numbers },
  }
}
