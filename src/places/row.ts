import type { Door } from '../core/probe.ts'

/** One row of a code table: code in upper case, degrees north and east, a name for cards. */
export type Row = readonly [code: string, latitude: number, longitude: number, label: string]

/** A table by code. The first row of a code counts. */
export function doorsOf(rows: readonly Row[]): ReadonlyMap<string, Door> {
  const doors = new Map<string, Door>()
  for (const [code, latitude, longitude, label] of rows) {
    if (!doors.has(code)) doors.set(code, { code, latitude, longitude, label })
  }
  return doors
}
