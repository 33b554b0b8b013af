/** The page as it is said in a language; `named` gives a text in it by its English. */
type Named = (text: string) => string

/** An element whose text is marked with `data-t`; none of ours has another inside. */
const MARKED = /(<(\w+)[^>]*\sdata-t[^>]*>)([^<]*)(<\/\2>)/g
const LABEL = /(aria-label=")([^"]*)(")/g
const TAGGED = /\bt`([^`]*)`/g

/** The marked texts of the page's HTML, one line each. */
export function textsOfPage(html: string): readonly string[] {
  const texts = [...html.matchAll(MARKED)].map(([, , , text = '']) => oneLine(text))
  return [...texts, ...[...html.matchAll(LABEL)].map(([, , text = '']) => text)]
}

/** The page's HTML in a language. */
export function pageIn(html: string, locale: string, named: Named): string {
  return html
    .replace('<html lang="en">', `<html lang="${escaped(locale)}">`)
    .replace(MARKED, (_, open, _tag, text, close) => `${open}${escaped(named(oneLine(text)))}${close}`)
    .replace(LABEL, (_, open, text, close) => `${open}${escaped(named(text))}${close}`)
}

/** The module with the texts of the page's scripts in a language: what stays English is left out. */
export function textsModule(scripts: readonly string[], named: Named): string {
  const keys = scripts.flatMap((script) => [...script.matchAll(TAGGED)].map(([, text = '']) => keyOf(text)))
  const texts = keys.map((key) => [key, named(key)]).filter(([key, text]) => key !== text)
  return `export const TEXTS = ${JSON.stringify(Object.fromEntries(texts))}\n`
}

/** A template's source with its values counted. */
function keyOf(source: string): string {
  let at = 0
  return source.replace(/\$\{[^}]*\}/g, () => `{${at++}}`)
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
