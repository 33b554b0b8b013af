import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '..', 'replay')

/** The channel and the team of the recorded activities. */
export const REPLAY_CHANNEL = '19:253b1f341670408fb6fe9c56d8e7d2a1@thread.tacv2'
export const REPLAY_PRIVATE = '19:5f0b7d2e8c1a4b6f9d3e2c1b0a998877@thread.tacv2'
export const REPLAY_SHARED = '19:cUfyYYw3hT1KG8WkvVa7KLEsIxJHmyeG43VJojg1@thread.tacv2'
export const REPLAY_MEETING = '19:meeting_NGI5YmVkMTctNWE4OS00ZDM4LTk3YzItMTQ2YjE5NmU2NmNk@thread.v2'

/**
 * An activity with the shape that Teams sends, from test/replay, with ids and names replaced. `<now>`, `<service>`,
 * `<card>` and `<action>` are filled in: an activity of the past would be ignored.
 */
export function replayed(
  name: string,
  fill: { readonly service: string; readonly card?: string; readonly action?: string; readonly at?: number },
): Record<string, unknown> {
  const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8')
    .replaceAll('<now>', new Date(fill.at ?? Date.now()).toISOString())
    .replaceAll('<service>', fill.service)
    .replaceAll('<card>', fill.card ?? '')
    .replaceAll('<action>', fill.action ?? '')
  return JSON.parse(text) as Record<string, unknown>
}

/** Delivers an activity to a hub as Teams does; the status and the body that it answered. */
export async function deliver(
  hubUrl: string,
  activity: object,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${hubUrl}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}
