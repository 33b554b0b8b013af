import type { NewProps, Props, Value } from '../core/table-store.ts'

/**
 * Properties as the embedded store keeps them: JSON text, so that ordinary tools can read a stopped hub's file, with
 * bytes as `{"$bytes": base64}`. JSON also keeps what SQLite's own text would not: NUL and half surrogate pairs.
 */
const BYTES = '$bytes'

/** Properties to JSON. */
export function toJson(props: Props): string {
  return JSON.stringify(props, (_, value: unknown) =>
    value instanceof Uint8Array ? { [BYTES]: Buffer.from(value).toString('base64') } : value,
  )
}

/** JSON to properties, all or the selected ones. */
export function fromJson(json: string, select?: readonly string[]): Props {
  const stored = JSON.parse(json) as Record<string, string | number | boolean | { [BYTES]: string }>
  const props: Record<string, Value> = {}
  for (const [name, value] of Object.entries(stored)) {
    if (select !== undefined && !select.includes(name)) continue
    props[name] = typeof value === 'object' ? new Uint8Array(Buffer.from(value[BYTES], 'base64')) : value
  }
  return props
}

/** What is stored after a write: `null` means absent, over `before` where the write is a merge. */
export function applied(before: Props, changes: NewProps): Props {
  const after: Record<string, Value> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete after[name]
    else after[name] = value
  }
  return after
}
