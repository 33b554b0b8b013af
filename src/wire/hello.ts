import * as z from 'zod'
import {
  instantField,
  lineField,
  listVersionField,
  probeField,
  softwareField,
  version1,
  worldField,
} from './fields.ts'

/**
 * What a runner says first after each start. `generation` is the last one that the hub gave it (0 before the first);
 * the hub answers with the next. Two machines with one key drift apart here. `nonce` names this try: the runner keeps
 * it until the answer is stored, so that a lost answer can be asked for again. `settings` tell which questions this
 * runner can answer at all.
 */
export const helloSchema = z.object({
  v: version1,
  version: softwareField,
  generation: z.int().min(0),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  platform: lineField(60),
  probes: z.record(probeField, z.int().min(1).max(1000)),
  listVersion: listVersionField,
  settings: z.object({ tenant: z.boolean(), echo: z.boolean(), beacon: z.boolean() }),
  world: worldField,
})

export type Hello = Readonly<z.infer<typeof helloSchema>>

/** The answer: the new generation, and the hub's time in epoch ms, to which the runner corrects its own. */
export const helloAnswerSchema = z.object({ v: version1, generation: z.int().min(1), now: instantField })

export type HelloAnswer = Readonly<z.infer<typeof helloAnswerSchema>>
