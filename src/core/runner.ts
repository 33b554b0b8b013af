import type { ProbeName } from './measurement.ts'

/** Life cycle of a runner as an admin sees it; `online` `busy` `silent` are found from its polls, not stored. */
export type RunnerStatus =
  | 'pending'
  | 'never-seen'
  | 'self-test-failed'
  | 'online'
  | 'busy'
  | 'silent'
  | 'outdated'
  | 'locked'
  | 'revoked'
  | 'expired'

/** A site runner as it is registered. The private key never leaves the runner. */
export interface Runner {
  /** Unique across offices. */
  readonly id: string
  readonly officeId: string
  /** How cards name it. */
  readonly name: string
  /** RFC 7638 thumbprint of its public key. */
  readonly kid: string
  readonly publicKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  /** What an admin has decided about it. Approval comes with a later version: enrolment makes it active. */
  readonly state: 'pending' | 'active' | 'locked' | 'revoked'
  readonly enrolledAt: number
  /** Its last poll as far as it is stored (coarse); null before the first. Epoch ms. */
  readonly seenAt: number | null
  /** What it said of itself at its last start; null before the first. */
  readonly hello: RunnerHello | null
  /** It sent rubbish too often: its results are looked at again before anybody relies on them. */
  readonly quarantined: boolean
}

/** What a runner says of itself when it starts. */
export interface RunnerHello {
  readonly version: string
  readonly platform: string
  readonly probes: Readonly<Partial<Record<ProbeName, number>>>
  readonly listVersion: string
  /** Which settings it has, never their values. */
  readonly settings: { readonly tenant: boolean; readonly echo: boolean; readonly beacon: boolean }
  readonly world: string | null
}
