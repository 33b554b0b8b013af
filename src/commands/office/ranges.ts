import { outside } from '../../cards/text.ts'
import { parseRange, type Range } from '../../core/cidr.ts'
import { specialIn } from '../../core/special-ranges.ts'
import { t } from '../../core/t.ts'

/** Ranges of one office at most, of either kind: a card shows them, and nobody's office has more ways out. */
export const RANGES_MAX = 20

/** Wider ranges hold more than any one company's office: a slip of the hand, and everything would count as local. */
const WIDEST = { 4: 8, 6: 19 } as const

/** What a list of ranges was read as. */
export interface RangesRead {
  readonly ranges: readonly string[]
  /** One sentence each. */
  readonly problems: readonly string[]
}

/**
 * Reads ranges with commas, semicolons or blanks between them, e.g. `203.0.113.0/24, 2001:db8::/48`. A range that stands
 * twice is kept once. Egress must be public: Microsoft never sees another.
 */
export function readRanges(text: string, kind: 'egress' | 'resolvers'): RangesRead {
  const typed = [...new Set(partsOf(text))]
  const problems = typed.flatMap((part) => problemOf(part, kind) ?? [])
  if (typed.length > RANGES_MAX)
    problems.push(t`There are ${typed.length} ranges; at most ${RANGES_MAX} fit.`)
  return { ranges: typed, problems }
}

/** The parts of a list as people write them. */
export function partsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[\s,;]+/u)
    .filter((part) => part !== '')
}

function problemOf(part: string, kind: 'egress' | 'resolvers'): string | null {
  const range = parseRange(part)
  if (range === null)
    return t`${outside(part)} is no address or range I know. Write 203.0.113.0/24, for example.`
  if (!range.exact) {
    const network = addressText(range)
    return t`${outside(part)} has bits set beyond its length. Did you mean ${outside(`${network}/${range.bits}`)}?`
  }
  if (range.bits < WIDEST[range.family]) {
    return t`${outside(part)} is wider than any office. The widest I take is /${WIDEST[range.family]}.`
  }
  const special = specialIn(range)
  if (special === null) return null
  const why = kind === 'egress' ? t`Microsoft never sees it` : t`Microsoft’s name servers never see it`
  return t`${outside(part)} is ${special}: ${why}. Give the public address.`
}

/** The first address of a range in its plainest form. */
function addressText({ family, first }: Range): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((first >> shift) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((first >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  )
  return groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/u, '::')
}
