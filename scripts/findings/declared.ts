/** A finding as its interface declares it. */
export interface Declared {
  readonly code: string
  /** What the comment above it says, on one line. */
  readonly meaning: string
  /** Its arguments with the comments among them, as TypeScript says them, without `readonly`. */
  readonly args: string
}

/** Interfaces of findings are named `<Family>Findings`; the one that joins them holds a few of its own. */
const INTERFACE = /export interface (?:\w+Findings|FindingArgs)\b[^{]*\{/g

/** The findings that a source file declares, in its order. */
export function declaredIn(source: string): readonly Declared[] {
  return [...source.matchAll(INTERFACE)].flatMap(({ index, 0: head }) => {
    const start = index + head.length
    return membersOf(source.slice(start, closing(source, start)))
  })
}

const OTHER = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\nexport interface (?!\w+Findings\b)(\w+)( extends [\w, ]+)? \{/g

/** The other interfaces that a source file declares with a comment: what arguments are made of. */
export function typesIn(source: string): readonly Declared[] {
  return [...source.matchAll(OTHER)].map(({ index, 0: head, 1: comment = '', 2: code = '', 3: parent }) => {
    const start = index + head.length
    const own = argsOf(source.slice(start, closing(source, start)))
    const base = parent === undefined ? '' : `// all of ${parent.replace(' extends ', '')}, and\n`
    return { code, meaning: oneLine(comment), args: base + own }
  })
}

/** Where the brace that is open at `from` closes. */
function closing(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    // Comments name braces too: `{tenant}` opens and closes, so that they never matter.
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return at
  }
  return text.length
}

function membersOf(body: string): readonly Declared[] {
  const found: Declared[] = []
  const member =
    /(?:\/\*\*((?:[^*]|\*(?!\/))*)\*\/)?\s*(?:readonly )?'?([a-z][a-z0-9-]*)'?: (\{|Record<string, never>)/y
  for (let at = 0; ; ) {
    at += /^\s*/.exec(body.slice(at))?.[0].length ?? 0
    member.lastIndex = at
    const match = member.exec(body)
    if (match === null) return found
    const [, comment = '', code = '', type] = match
    const isEmpty = type !== '{'
    const end = isEmpty ? member.lastIndex : closing(body, member.lastIndex)
    found.push({
      code,
      meaning: oneLine(comment),
      args: isEmpty ? '// none' : argsOf(body.slice(member.lastIndex, end)),
    })
    at = isEmpty ? end : end + 1
  }
}

function oneLine(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .filter((line) => line !== '')
    .join(' ')
}

/** Lines at the depth of the first one; what stands on one line in the source is one line here. */
function argsOf(body: string): string {
  const lines = body
    .replaceAll('readonly ', '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '')
  const least = Math.min(...lines.map((line) => line.length - line.trimStart().length))
  return lines.map((line) => line.slice(Number.isFinite(least) ? least : 0)).join('\n')
}
