import { beforeAll, describe, expect, it } from 'vitest'
import { tlsPath } from '../../src/probes/tls-path.ts'
import { mutant, seeded } from '../support/mutants.ts'
import { type Made, makeCertificate } from './certificates.ts'
import { evaluation, tls } from './fakes.ts'
import { HOST, ISSUING, LEAF, look, TARGET } from './tls-support.ts'

/** OpenSSL reads each certificate anew, so these are dear; the probe reads every chain several times. */
const CHAINS = 400

describe('mutated certificates', () => {
  let chain: readonly Made[] = []
  beforeAll(async () => {
    const root = await makeCertificate({ name: 'CN=Root, O=Example' })
    const issuing = await makeCertificate({ name: ISSUING, by: root })
    chain = [await makeCertificate({ name: LEAF, by: issuing, host: HOST }), issuing, root]
  })

  it('never make the probe throw, and leave each question one finding', async () => {
    const random = seeded(20_261_126)
    for (let made = 0; made < CHAINS; made++) {
      const sent = chain.map(({ der }) => (random() < 0.6 ? changed(der, random) : der))
      const handshake = async () =>
        tls({ chain: sent, verified: random() < 0.2, verifyError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
      const { findings } = await look({ tcp: { handshake } })
      const owed = tlsPath.questions({ targets: [TARGET] })
      for (const question of owed) {
        const answers = findings.filter((finding) => finding.question === question)
        expect(answers, `chain ${made}`).toHaveLength(1)
      }
    }
  })

  it('never make evaluation throw, whatever a runner sends in their place', async () => {
    const { result } = await look({
      tcp: { handshake: async () => tls({ chain: chain.map(({ der }) => der) }) },
    })
    const text = JSON.stringify(result)
    const random = seeded(7)
    for (let made = 0; made < CHAINS; made++) {
      const read = tlsPath.read(jsonOf(mutant(Buffer.from(text), random).toString('latin1')))
      if (read.ok) tlsPath.evaluate(read.result, evaluation('tls-path', [TARGET]))
      else expect(read.failure).toBe('result-refused')
    }
  })
})

/** A mutant that TLS could carry: a certificate of no bytes it cannot (RFC 8446 4.4.2). */
function changed(der: Uint8Array, random: () => number): Uint8Array {
  const bytes = new Uint8Array(mutant(der, random))
  return bytes.length === 0 ? new Uint8Array([0]) : bytes
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
