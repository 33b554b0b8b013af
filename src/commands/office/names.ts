import { outside } from '../../cards/text.ts'
import { t } from '../../core/t.ts'
import { foldedName } from '../match-office.ts'

/** Characters of a name: `MAX_COMMAND_LENGTH` leaves room for it and two words more. */
const NAME_MIN = 2
const NAME_MAX = 58

/** More names or tags than a card shows help nobody. */
const ALIASES_MAX = 8
const TAGS_MAX = 10
const TAG_MAX = 24
const DOORS_MAX = 10

/** Words that mean something where an office may be named. */
const RESERVED = new Set([
  'all',
  'add',
  'edit',
  'export',
  'help',
  'here',
  'import',
  'list',
  'none',
  'office',
  'offices',
  'remove',
])

/** A list that was read, with a sentence for each part that is wrong. */
export interface ListRead {
  readonly found: readonly string[]
  readonly problems: readonly string[]
}

/** A text in one form: one blank between words, nothing that cannot be seen. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{DI}\p{Co}\uFFFD]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

/** What is wrong with a name; null when nothing is. `called` says what kind of name. */
export function nameProblem(name: string, called = t`name`): string | null {
  const length = [...name].length
  if (length === 0) return t`The ${called} is missing.`
  if (length < NAME_MIN || length > NAME_MAX) {
    return t`The ${called} ${outside(name)} has ${length} characters; it must have ${NAME_MIN} to ${NAME_MAX}.`
  }
  const folded = foldedName(name)
  if (!/[\p{L}\p{N}]/u.test(folded)) return t`The ${called} ${outside(name)} has no letter or digit.`
  if (name.startsWith('#')) return t`The ${called} ${outside(name)} begins with #, which marks a tag.`
  if (RESERVED.has(folded)) return t`The ${called} ${outside(name)} means something else here. Take another.`
  return null
}

/** Other names, with commas or semicolons between them. The office's own name is left out. */
export function aliasesIn(text: string, name: string): ListRead {
  const own = foldedName(name)
  const found = firstOfEach(text.split(/[,;\n]/u).map(plainText), foldedName).filter(
    (alias) => foldedName(alias) !== own || alias === '',
  )
  const kept = found.filter((alias) => alias !== '')
  const problems = kept.flatMap((alias) => nameProblem(alias, t`alias`) ?? [])
  if (kept.length > ALIASES_MAX)
    problems.push(t`There are ${kept.length} aliases; at most ${ALIASES_MAX} fit.`)
  return { found: kept, problems }
}

/** Tags with commas or blanks between them, with `#` or without, as lower-case words. */
export function tagsIn(text: string): ListRead {
  const typed = plainText(text)
    .toLowerCase()
    .split(/[\s,;]+/u)
    .map((tag) => tag.replace(/^#/, ''))
    .filter((tag) => tag !== '')
  const found = [...new Set(typed)]
  const problems = found.flatMap((tag) =>
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]*$/u.test(tag) && [...tag].length <= TAG_MAX
      ? []
      : [
          t`${outside(tag)} is no tag. A tag is one word of at most ${TAG_MAX} letters and digits, such as emea.`,
        ],
  )
  if (found.includes('all')) problems.push(t`The tag “all” means something else here. Take another.`)
  if (found.length > TAGS_MAX) problems.push(t`There are ${found.length} tags; at most ${TAGS_MAX} fit.`)
  return { found, problems }
}

/** Front doors by their codes, upper case. Whether a code is known is not asked here. */
export function doorsIn(text: string): ListRead {
  const found = [
    ...new Set(
      text
        .toUpperCase()
        .split(/[\s,;]+/u)
        .filter((code) => code !== ''),
    ),
  ]
  const problems = found.flatMap((code) =>
    /^[A-Z]{2,5}\d{0,3}$/.test(code)
      ? []
      : [t`${outside(code)} is no code of a front door. Codes are letters such as LHR or AMS.`],
  )
  if (found.length > DOORS_MAX)
    problems.push(t`There are ${found.length} front doors; at most ${DOORS_MAX} fit.`)
  return { found, problems }
}

function firstOfEach(all: readonly string[], keyOf: (one: string) => string): readonly string[] {
  const seen = new Set<string>()
  return all.filter((one) => {
    const key = keyOf(one)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
