import type { HttpSeen } from '../../core/ports.ts'

/** First form `Ref B: LON04EDGE0816`, newer form `Ref B: LON212050702025` (research/domain.md 6.3). */
const EDGE_FORMS = [/Ref\s*B:\s*([A-Z]{2,3}?)\d{0,2}EDGE\d+/i, /Ref\s*B:\s*([A-Z]{2,5})\d/i]

/** Codes of Exchange front doors are three letters (domain.md 6.2 H1 to H7). */
const DOOR_CODE = /^[a-z]{3}$/i

/** The code of the front door that took the request in, upper case; null when the header is missing or strange. */
export function firstHopCode(headers: HttpSeen['headers']): string | null {
  const value = headerOf(headers, 'x-firsthopcafeefz')?.trim() ?? ''
  return DOOR_CODE.test(value) ? value.toUpperCase() : null
}

/** The code of the edge in `X-MSEdge-Ref`, upper case; null when the header is missing or strange. */
export function edgeCode(headers: HttpSeen['headers']): string | null {
  const value = headerOf(headers, 'x-msedge-ref')?.slice(0, 300) ?? ''
  for (const form of EDGE_FORMS) {
    const code = form.exec(value)?.[1]
    if (code !== undefined) return code.toUpperCase()
  }
  return null
}

/** Header names come in any case (domain.md 6.3). */
function headerOf(headers: HttpSeen['headers'], name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}
