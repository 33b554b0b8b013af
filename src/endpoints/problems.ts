import { overlap, parseRange, type Range } from '../core/cidr.ts'

/**
 * Ranges that no public service can have (RFC 6890, RFC 6598, RFC 4193, RFC 4291), so that a list which names one is
 * wrong or hostile. Documentation ranges are not here: worlds use them as ordinary addresses.
 */
const NEVER_PUBLIC: readonly Range[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/96',
  '64:ff9b::/96',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].flatMap((text) => parseRange(text) ?? [])

/** The widest published ranges are a /13 and an IPv6 /36; these leave room and still refuse half the Internet. */
const WIDEST = { 4: 8, 6: 24 }

/** What is wrong with a published range; null when nothing is. */
export function rangeProblem(text: string): string | null {
  const range = parseRange(text)
  if (range === null) return 'has a range that is no CIDR'
  if (range.bits < WIDEST[range.family]) return 'has a range that is wider than any Microsoft has'
  return NEVER_PUBLIC.some((never) => overlap(never, range)) ? 'has a range that is not public' : null
}

/** A host pattern: labels of letters, digits, hyphens, underscores and at most two `*`, and two plain last labels. */
export function hostProblem(text: string): string | null {
  const labels = text.toLowerCase().split('.')
  const wellFormed = text.length <= 253 && labels.every((label) => /^[a-z0-9_*-]{1,63}$/.test(label))
  if (!wellFormed) return 'has a host pattern that is no host name'
  const anchored = labels.length >= 2 && labels.slice(-2).every((label) => !label.includes('*'))
  const stars = text.split('*').length - 1
  return anchored && stars <= 2 ? null : 'has a host pattern that matches too much'
}

/** Older lists had UDP 50000-59999; more than this is no list of ports. */
const MOST_PORTS = 10_000

/** What is wrong with a text of ports; null when nothing is. Blanks and runs with `-` are fine. */
export function portsProblem(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part)
    if (match === null) return 'has ports that are no numbers'
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (from < 1 || to > 65_535 || from > to || to - from >= MOST_PORTS) return 'has ports out of range'
  }
  return null
}
