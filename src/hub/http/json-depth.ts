/**
 * How deep a JSON text nests: 0 for a scalar, 1 for `{}`. Counts brackets outside strings without parsing, so that a
 * hostile text costs one pass. Brackets that do not match are JSON.parse's matter.
 */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at += 1
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth)
    else if (char === '}' || char === ']') depth -= 1
  }
  return deepest
}
