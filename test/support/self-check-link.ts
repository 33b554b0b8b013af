import type { Sent } from './test-connector.ts'
import { nodesOf } from './test-connector.ts'

/** The link of an invitation's card. */
export function linkOf({ card }: Pick<Sent, 'card'>): string {
  const link = nodesOf(card).find((node) => node['type'] === 'Action.OpenUrl')
  if (link === undefined) throw new Error('the card has no link')
  return String(link['url'])
}

/** The code of a link. */
export function codeIn(link: string): string {
  return new URL(link).hash.slice(1)
}

/** A POST as the page makes it. */
export function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}
