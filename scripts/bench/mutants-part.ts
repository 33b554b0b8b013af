import { parseReply, type Reply } from '../../src/net/dns-guard.ts'
import { breach, type DnsMutant, dnsMutant } from '../../test/net/dns-mutants.ts'
import { seeded } from '../../test/support/mutants.ts'
import { type Part, round } from './numbers.ts'

/** As many as were tried when dns-packet alone took 242 ms for the worst and accepted 26 % of them. */
const MUTANTS = 1_000_000
/** Reading one answer may hold a runner's loop up this long, in ms: less than what a check of the loop's delay reports. */
const MOST_MS = 20

/** A read that seems slow is done this often again: what the mutant costs is the least, the rest is the machine. */
const AGAIN = 5

/** Reads a million mutated DNS answers through the guard and times each. Throws for one that breaks a rule. */
export function measureMutants(): Part {
  const random = seeded(20_261_126)
  let [slowest, accepted, total] = [0, 0, 0]
  for (let made = 0; made < MUTANTS; made++) {
    const one = dnsMutant(random)
    const [reply, ms] = timed(one)
    total += ms
    if (ms > slowest) {
      const again = Array.from({ length: AGAIN }, () => timed(one)[1])
      slowest = Math.max(slowest, Math.min(ms, ...again))
    }
    if (reply.kind === 'answer') accepted += 1
    const broken = breach(reply, one)
    if (broken !== null) throw new Error(`mutant ${made}: ${broken}: ${one.bytes.toString('hex')}`)
  }
  const numbers = {
    mutants: MUTANTS,
    accepted,
    worstMs: round(slowest),
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

function timed({ bytes, asked, transport }: DnsMutant): [Reply, number] {
  const start = performance.now()
  const reply = parseReply(bytes, asked, transport)
  return [reply, performance.now() - start]
}
