import { PROBES } from '../../src/probes/registry.ts'
import type { Stranger } from './stranger.ts'

/**
 * A world that somebody else wrote, its truth (one letter per criterion in the order of `CRITERIA`), and the probes
 * without which Doorstep cannot know it.
 */
export type StrangerRow = readonly [name: string, world: Stranger, truth: string, needs?: readonly string[]]

/** Reports whether Doorstep has every probe that a truth rests on. */
export const isKnowable = ([, , , needs = []]: StrangerRow): boolean =>
  needs.every((probe) => Object.keys(PROBES).includes(probe))
