import { parseReply } from '../../src/net/dns-guard.ts'
import { parseStun } from '../../src/net/stun-message.ts'
import {
  authorityKeyOf,
  parseCertificate,
  shortName,
  signedPath,
} from '../../src/probes/tls-path/certificates.ts'
import { breach, dnsMutant } from '../../test/net/dns-mutants.ts'
import { isSound, stunMutant, TRANSACTION } from '../../test/net/stun-mutants.ts'
import { makeCertificate } from '../../test/probes/certificates.ts'
import { mutant, seeded } from '../../test/support/mutants.ts'
import { type Part, type Row, round } from './numbers.ts'

/** As many as were tried when dns-packet alone took 242 ms for the worst and accepted 26 % of them. */
const MUTANTS = 1_000_000
/** Reading one answer may hold a runner's loop up this long, in ms: less than what a check of the loop's delay reports. */
const MOST_MS = 20

/** A read that seems slow is done this often again: what the mutant costs is the least, the rest is the machine. */
const AGAIN = 5

/** How mutants of one kind are made and read, and what of an accepted one must hold. */
interface Kind<M, R> {
  readonly what: string
  readonly make: (random: () => number) => M
  readonly read: (one: M) => R
  readonly accepts: (read: R) => boolean
  /** What breaks a rule; null when nothing does. */
  readonly broken: (read: R, one: M) => string | null
}

/** Reads a million mutated messages of each kind as a runner would, and times each. Throws for one that breaks a rule. */
export async function measureMutants(): Promise<Part> {
  const authority = await makeCertificate({ name: 'CN=Example Issuing CA, O=Example' })
  const leaf = await makeCertificate({ name: 'CN=mail.example', by: authority, host: 'mail.example' })
  const dns = measureKind({
    what: 'DNS answers',
    make: dnsMutant,
    read: ({ bytes, asked, transport }) => parseReply(bytes, asked, transport),
    accepts: ({ kind }) => kind === 'answer',
    broken: breach,
  })
  const stun = measureKind({
    what: 'STUN messages',
    make: stunMutant,
    read: (bytes) => parseStun(bytes, TRANSACTION),
    accepts: ({ kind }) => kind === 'mapped' || kind === 'error',
    broken: (reply) => (isSound(reply) ? null : 'an address or a code that is none'),
  })
  const certificates = measureKind({
    what: 'certificates',
    make: (random) => mutant(leaf.der, random),
    // All that is done with one of a chain: its names, who signed it, and by which key it is told from others.
    read: (der) => {
      const read = parseCertificate(der)
      if (read === null) return null
      return { name: shortName(read.issuer), key: authorityKeyOf(signedPath([read, authority.certificate])) }
    },
    accepts: (read) => read !== null,
    broken: (read) =>
      read === null || (read.name.length <= 120 && /^[\w:-]{1,60}$/.test(read.key))
        ? null
        : 'a name or a key that is none',
  })
  return {
    rows: [dns.row, stun.row, certificates.row],
    numbers: { dnsMutants: dns.numbers, stunMutants: stun.numbers, certificateMutants: certificates.numbers },
  }
}

function measureKind<M, R>(
  kind: Kind<M, R>,
): { readonly row: Row; readonly numbers: Record<string, number> } {
  const { what, make, read, accepts, broken } = kind
  const timed = (one: M): readonly [R, number] => {
    const start = performance.now()
    const result = read(one)
    return [result, performance.now() - start]
  }
  const random = seeded(20_261_126)
  let [slowest, accepted, total] = [0, 0, 0]
  for (let made = 0; made < MUTANTS; made++) {
    const one = make(random)
    const [result, ms] = timed(one)
    total += ms
    if (ms > slowest) {
      const again = Array.from({ length: AGAIN }, () => timed(one)[1])
      slowest = Math.max(slowest, Math.min(ms, ...again))
    }
    if (accepts(result)) accepted += 1
    const why = broken(result, one)
    if (why !== null) throw new Error(`mutant ${made} of ${what}: ${why}`)
  }
  const numbers = {
    mutants: MUTANTS,
    accepted,
    worstMs: round(slowest),
    meanUs: round((1000 * total) / MUTANTS),
  }
  return {
    row: {
      what: `a million mutated ${what}: the slowest to read`,
      measured: `${numbers.worstMs} ms (${numbers.meanUs} us on average, ${accepted} consistent ones accepted)`,
      budget: `<= ${MOST_MS} ms, no inconsistent one accepted`,
    },
    numbers,
  }
}
