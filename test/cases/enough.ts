import type { Ruling } from '../../src/core/ruling.ts'

/** What cannot lie: the registry, a proxy's own words, a key that is not the issuer's, the same on several names. */
const CERTAIN = [
  /which another office has registered/,
  /belongs to a cloud security vendor/,
  /trusted issuer's name with another key/,
  /A proxy answers for \S+ with 40[37]/,
  /\d+ Microsoft names lead to private addresses/,
  // On one name alone it proves nothing, and the sentence then says so.
  /A handshake round trip to \S+ takes .*[^e]\.$/,
  // The chain, and after the comma what agrees with it.
  /a chain of an unknown authority, and /,
]

/** Signals that speak for an office. */
const GOOD = ['near', 'registered']

/**
 * Reports whether a fail rests on two signals that agree, or on one that cannot lie. `network-ready` compares what was
 * measured with a plain limit, so it needs no second.
 */
export const standsOnEnough = ({ criterion, verdict, because, signals }: Ruling): boolean => {
  if (verdict !== 'fail' || criterion === 'network-ready') return true
  const bad = signals.filter(({ word }) => !GOOD.includes(word)).map(({ name, word }) => `${name} ${word}`)
  const said = because.replaceAll('\u00a0', ' ')
  return new Set(bad).size >= 2 || CERTAIN.some((pattern) => pattern.test(said))
}
