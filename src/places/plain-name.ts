/** Letters that are no letter with a mark to Unicode. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ə: 'a',
}

/** A name for comparing: without case, accents, apostrophes, hyphens and dots, and `st` for `saint`. */
export function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþıə]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’‘ʻʼ`]/g, '')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
    .replace(/\b(saint|sankt)\b/g, 'st')
}
