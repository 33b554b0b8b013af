import * as z from 'zod'
import { DURATION_LIMIT_MS } from './limits.ts'

/** The protocol's version, in every message. */
export const version1 = z.literal(1)

/** Ids of checks, measurements and runners: the alphabet of table keys. */
export const idField = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$/)

/** `[a-z0-9-]{1,24}`, as in core/office.ts. */
export const officeIdField = z.string().regex(/^[a-z0-9-]{1,24}$/)

/** A program's version, e.g. `0.1.0`. */
export const softwareField = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,39}$/)

/** Microsoft's list version: ten digits, YYYYMMDDNN. */
export const listVersionField = z.string().regex(/^[0-9]{10}$/)

/** A probe's name. Any of this shape is read: a newer side may know more probes, and says so by name. */
export const probeField = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)

/** Text for people: no control characters. */
export function lineField(most: number) {
  return z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
}

/** The name of a world, null on the real Internet. */
export const worldField = lineField(64).min(1).nullable()

/** Epoch ms, between 1970 and the year 10,000; whether it is believed is for the hub's clock to say. */
export const instantField = z.number().min(0).lt(253_402_300_800_000)

/** A duration in ms; minus zero becomes zero. */
export const durationField = z
  .number()
  .min(0)
  .max(DURATION_LIMIT_MS)
  .transform((ms) => ms + 0)

/** How often a job has been given out, from 1. */
export const attemptField = z.int().min(1).max(1000)
