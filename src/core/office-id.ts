/**
 * An office id made of its name: `[a-z0-9-]`, at most 24 characters. A name that leaves nothing readable gets
 * `office-` and a number made of its letters, so that the same name always gives the same id.
 */
export function officeIdOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 24)
    .replace(/-+$/, '')
  if (slug.length >= 2) return slug
  let hash = 0
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_000_007
  return `office-${hash}`
}
