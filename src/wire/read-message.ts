import type * as z from 'zod'
import { allFinite, jsonShapeProblem } from './json-shape.ts'
import type { RefusalCode } from './refusals.ts'

/** A message, or why it is none; `detail` is for engineers and holds no part of the message's values. */
export type Read<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string }

/**
 * Reads a message that came from the other side: size in bytes, UTF-8 without a mark, JSON that has one meaning, the
 * version, the schema. Unknown keys are dropped, so that a newer side may say more.
 */
export function readMessage<T>(schema: z.ZodType<T>, body: Uint8Array | string, limitBytes: number): Read<T> {
  if (Buffer.byteLength(body) > limitBytes) return refused('too-large', `more than ${limitBytes} bytes`)
  const value = parse(body)
  if (!value.ok) return value
  const version = versionOf(value.message)
  if (version !== undefined && version !== 1) return refused('version-unsupported', 'v is not 1')
  const parsed = schema.safeParse(value.message)
  if (parsed.success) return { ok: true, message: parsed.data }
  const issue = parsed.error.issues[0]
  return refused('message-refused', `${issue?.path.join('.') ?? ''}: ${issue?.code ?? 'not this message'}`)
}

function parse(body: Uint8Array | string): Read<unknown> {
  let text: string
  let value: unknown
  try {
    // A byte order mark is kept, so that JSON.parse refuses it.
    text =
      typeof body === 'string'
        ? body
        : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    value = JSON.parse(text)
  } catch {
    return refused('not-json', 'not JSON in UTF-8')
  }
  const problem = jsonShapeProblem(text)
  if (problem !== null) return refused('not-json', problem)
  return allFinite(value) ? { ok: true, message: value } : refused('not-json', 'a number beyond all bounds')
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined
}

function refused(code: RefusalCode, detail: string): { ok: false; code: RefusalCode; detail: string } {
  return { ok: false, code, detail }
}
