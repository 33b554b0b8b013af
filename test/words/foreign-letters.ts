/** From A to the full-width A of Unicode, and so for every letter of English. */
const APART = 0xfee0

/** A text in letters that English does not have; the values in it (`{0}`) stay. */
export function foreign(text: string): string {
  return text
    .split(/(\{\d+\})/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[A-Za-z]/g, shifted)))
    .join('')
}

function shifted(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + APART)
}
