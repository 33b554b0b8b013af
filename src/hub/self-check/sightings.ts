import type { SelfCheckConfig } from '../../config/self-check-config.ts'
import type { Random } from '../../core/ports.ts'
import { directDialer } from '../../net/dialer.ts'
import { askServer } from '../../net/dns-client.ts'
import { realLookup } from '../../net/system-lookup.ts'
import { beaconSightings } from '../../probes/resolver-identity/answers.ts'

/** Who asked the beacon for these names; null: the beacon could not be read, which is no answer. */
export type ReadSightings = (nonces: readonly string[]) => Promise<readonly string[] | null>

/** A person waits for this. */
const QUERY_MS = 2_000

const DNS_PORT = 53

/** Bytes of one nonce: nobody guesses another browser's. */
const NONCE_BYTES = 10

/** Names per browser: resolvers that share the work are seen with some luck. */
const NONCES = 3

/** Names that one browser is told to look up. */
export function newNonces(random: Random): readonly string[] {
  return Array.from({ length: NONCES }, () => random.hex(NONCE_BYTES))
}

/**
 * Reads the beacon back over DNS: `s-<nonce>.<zone>`, asked at the address that is configured, or at `ns.<zone>` on 53.
 * The hub's own resolvers are not asked, so that what they remember plays no part.
 */
export function sightingsReader(
  { zone, at }: NonNullable<SelfCheckConfig['beacon']>,
  random: Random,
): ReadSightings {
  return async (nonces) => {
    const signal = AbortSignal.timeout(2 * QUERY_MS)
    const server = at ?? (await nameServer(zone, signal))
    if (server === null) return null
    const dns = { dialer: directDialer, random, port: server.port }
    const answers = await Promise.all(
      nonces.map((nonce) =>
        askServer(
          dns,
          { name: `s-${nonce}.${zone}`, type: 'TXT', server: server.address, timeoutMs: QUERY_MS },
          signal,
        ),
      ),
    )
    // A nonce that nobody asked for does not exist: that is an answer too.
    const known = answers.filter((answer) => answer.ok || answer.failure === 'dns-nxdomain')
    if (known.length === 0) return null
    const seen = known.flatMap((answer) => (answer.ok ? beaconSightings(answer.result.records) : []))
    return [...new Set(seen.map(({ ns }) => ns))]
  }
}

async function nameServer(zone: string, signal: AbortSignal) {
  const found = await realLookup(1)(`ns.${zone}`, 4, QUERY_MS, signal)
  const address = found.ok ? found.result.addresses[0]?.address : undefined
  return address === undefined ? null : { address, port: DNS_PORT }
}
