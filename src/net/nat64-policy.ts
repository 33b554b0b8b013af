import { ipv4Behind, NAT64_NAME, prefixesIn } from '../core/nat64.ts'
import { type AddressPolicy, addressPolicy } from './address-policy.ts'
import { normalName } from './dns-guard.ts'

/** More prefixes than this are not remembered: whoever answers with ever new ones gains nothing. */
const MOST_PREFIXES = 16

/** What a runner learns of its network's NAT64, and what it may contact with that in mind. */
export interface Nat64Policy {
  /** Takes the answers for a name; those for other names than {@link NAT64_NAME} say nothing. */
  note(name: string, addresses: readonly string[]): void
  /** As {@link addressPolicy}; an address behind a prefix that was learned is refused where its IPv4 address is. */
  judge(address: string): AddressPolicy
}

/**
 * Addresses behind a network's own prefix look like any others, and lead to the IPv4 address inside. What is learned
 * narrows and never widens: a resolver that lies about the prefix makes more be refused, and nothing else be reached.
 */
export function nat64Policy(): Nat64Policy {
  const prefixes = new Set<string>()
  return {
    note: (name, addresses) => {
      if (normalName(name) !== NAT64_NAME) return
      for (const prefix of prefixesIn(addresses)) if (prefixes.size < MOST_PREFIXES) prefixes.add(prefix)
    },
    judge: (address) => {
      const usual = addressPolicy(address)
      const inner = usual.allowed ? ipv4Behind([...prefixes], address) : null
      const behind = inner === null ? usual : addressPolicy(inner)
      return behind.allowed
        ? behind
        : { allowed: false, why: usual.allowed ? `${behind.why} behind NAT64` : behind.why }
    },
  }
}
