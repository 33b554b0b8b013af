import * as z from 'zod'
import {
  attemptField,
  durationField,
  idField,
  instantField,
  listVersionField,
  probeField,
  softwareField,
  version1,
  worldField,
} from './fields.ts'
import { DETAIL_LIMIT } from './limits.ts'

const detailField = z.string().transform((text) =>
  text
    .slice(0, 4 * DETAIL_LIMIT)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, DETAIL_LIMIT),
)

/**
 * Success carries a result of which only the probe knows the shape; failure carries a word. A word that is not in the
 * closed list (of a newer runner) is read here and refused where it is judged, so that it never counts as silence.
 */
const outcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown().refine((result) => result !== undefined) }),
  z.object({
    ok: z.literal(false),
    failure: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    detail: detailField.optional(),
  }),
])

/** One measurement as a runner sends it. `startedAt` is epoch ms, by the runner's clock corrected to the hub's. */
export const measurementMessageSchema = z.object({
  v: version1,
  checkId: idField,
  measurementId: idField,
  probe: probeField,
  probeVersion: z.int().min(0).max(1000),
  attempt: attemptField,
  outcome: outcomeSchema,
  startedAt: instantField,
  durationMs: durationField,
  listVersion: listVersionField,
  loopDelayMs: durationField,
  runnerVersion: softwareField,
  world: worldField,
})

export type MeasurementMessage = Readonly<z.infer<typeof measurementMessageSchema>>

/** The answer once the measurement is stored, or was before. */
export interface MeasurementAnswer {
  readonly v: 1
  readonly stored: true
}
