import type { ReachMemory } from './reach-memory.ts'
import type { Ruling } from './ruling.ts'
import type { Readiness } from './verdict.ts'

/** The latest judgement of an office, whole: what `status` and `why` answer from. */
export interface Latest {
  readonly officeId: string
  readonly checkId: string
  /** When the check was closed, epoch ms. */
  readonly at: number
  readonly readiness: Readiness
  /** One letter per criterion, in the order of `criteria`. */
  readonly verdicts: string
  readonly criteria: readonly { readonly id: string; readonly version: number }[]
  /** Since when the readiness is what it is, epoch ms. */
  readonly since: number
  readonly rulings: readonly Ruling[]
  /** The hub's endpoint list, as cards show it: `core/list-version.ts`. */
  readonly listVersion: string
  readonly runners: readonly { readonly id: string; readonly name: string; readonly silent: boolean }[]
  /** Addresses that its Optimize traffic left by, and the keys that signed its hosts' certificates. */
  readonly egress: readonly string[]
  readonly chains: readonly {
    readonly host: string
    readonly authorityKey: string
    /** Missing where it was stored before names were kept. */
    readonly issuer?: string
    readonly clean: boolean
  }[]
  /** Which required names answered it. */
  readonly reach: ReachMemory
}
