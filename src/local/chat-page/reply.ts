import type { ServerResponse } from 'node:http'

/** The page loads nothing that is not served here, runs no inline script or style, and cannot be framed. */
export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** Answers with JSON, once. */
export function reply(res: ServerResponse, status: number, body?: object): void {
  if (res.headersSent || res.destroyed) return
  res.writeHead(status, {
    ...SECURITY_HEADERS,
    ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
  })
  res.end(body ? JSON.stringify(body) : undefined)
}
