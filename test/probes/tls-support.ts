import { expect } from 'vitest'
import type { Target } from '../../src/core/measurement.ts'
import type { TlsSeen } from '../../src/core/ports.ts'
import { tlsPath } from '../../src/probes/tls-path.ts'
import type { Made } from './certificates.ts'
import { contextOf, evaluation, type Fakes, good, system } from './fakes.ts'

export const HOST = 'outlook.office365.com'
export const TARGET: Target = { set: 1, host: HOST }

export const ISSUING = 'C=US, O=Microsoft Corporation, CN=Microsoft Azure RSA TLS Issuing CA 03'
export const LEAF = 'CN=outlook.com'

/** A resolver that leads every name to one public address. */
export const reachable: NonNullable<Fakes['dns']> = { systemLookup: async () => system(['52.96.1.1']) }

/** What a handshake showed of a chain; no error means that it verified. */
export const chainOf = (made: readonly Made[], verifyError: string | null): Partial<TlsSeen> => ({
  chain: made.map((one) => one.der),
  verified: verifyError === null,
  verifyError,
})

/** Runs the probe, sends the result through JSON and `read`, and evaluates it. */
export const look = async (fakes: Fakes, targets: readonly Target[] = [TARGET], probe = tlsPath) => {
  const outcome = await probe.run({ targets }, contextOf({ dns: reachable, ...fakes }))
  const result = good(outcome)
  const read = good(probe.read(JSON.parse(JSON.stringify(result))))
  expect(read).toEqual(result)
  return { result, findings: probe.evaluate(read, evaluation('tls-path', targets)) }
}
