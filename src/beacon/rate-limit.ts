import type { Clock } from '../core/ports.ts'
import { addressBytes } from '../net/address-bytes.ts'

/** What to do with a datagram: answer it, answer only "ask over TCP", or nothing. */
export type Allowance = 'answer' | 'slip' | 'drop'

/** Seconds of the rate that may come at once: a check of many offices behind one resolver is a burst. */
const BURST_SECONDS = 5
/**
 * Of what is too much, every second one is slipped (as BIND's response rate limiting does by default): a real resolver
 * whose network is abused gets through over TCP, and whoever forges addresses gains nothing by an answer that is no
 * larger than the query.
 */
const SLIP_EVERY = 2
/** Networks remembered (about 10 MB) before the one that was quiet longest is forgotten. */
const MOST_NETWORKS = 50_000

interface Bucket {
  tokens: number
  at: number
  over: number
}

/** A token bucket per network: a /24 of IPv4, a /56 of IPv6, the smallest that one customer commonly has. */
export function rateLimit(
  perSecond: number,
  clock: Pick<Clock, 'monotonic'>,
  mostNetworks = MOST_NETWORKS,
): { take(address: string): Allowance } {
  const most = perSecond * BURST_SECONDS
  // In the order of the latest datagram.
  const buckets = new Map<string, Bucket>()
  return {
    take: (address) => {
      const network = networkOf(address)
      const now = clock.monotonic()
      const bucket = buckets.get(network) ?? { tokens: most, at: now, over: 0 }
      buckets.delete(network)
      buckets.set(network, bucket)
      forgetQuiet(buckets, mostNetworks)
      bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * perSecond)
      bucket.at = now
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1
        return 'answer'
      }
      bucket.over += 1
      return bucket.over % SLIP_EVERY === 0 ? 'slip' : 'drop'
    },
  }
}

function forgetQuiet(buckets: Map<string, Bucket>, most: number): void {
  for (const network of buckets.keys()) {
    if (buckets.size <= most) return
    buckets.delete(network)
  }
}

/** The network that an address counts for. */
export function networkOf(address: string): string {
  const bytes = addressBytes(address)
  if (bytes === null) return address
  return bytes.subarray(0, bytes.length === 4 ? 3 : 7).toString('hex')
}
