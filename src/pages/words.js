import { TEXTS } from './texts.js'

/** A text of the page in the language of the hub; English is its key, with the values as `{0}`, `{1}`. */
export function t(strings, ...values) {
  const key = strings.reduce((text, part, at) => `${text}{${at - 1}}${part}`)
  return (TEXTS[key] || key).replace(/\{(\d+)\}/g, (_, at) => String(values[at]))
}
