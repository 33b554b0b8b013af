import { Agent } from 'undici'
import type { HubConfig } from '../config/hub-config.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { BotCredential, CloudName } from '../core/sign-in.ts'
import { botCredentials } from '../teams/bot-credentials.ts'
import { type BotProof, BotToken } from '../teams/bot-token.ts'
import { CLOUDS, type Cloud } from '../teams/cloud.ts'
import { type Gate, gateWithoutSignIn } from '../teams/gate.ts'
import { fetchSigningKeys } from '../teams/key-documents.ts'
import { SigningKeys } from '../teams/signing-keys.ts'
import { strictGate } from '../teams/strict-gate.ts'
import { credentialsWithoutSignIn, type TeamsSenderOptions } from '../teams/teams-sender.ts'
import { readBotCertificate } from './bot-certificate.ts'
import type { DeskLog } from './check/check-desk.ts'

/** Both directions of trust between the hub and Teams. */
export interface HubSignIn {
  readonly gate: Gate
  /** What the sender needs of it. */
  readonly sender: Pick<TeamsSenderOptions, 'appId' | 'credentials' | 'signIn'>
  /** How old the issuer's keys are, s; null: there are none, so nobody is let in. Undefined while sign-in is off. */
  keysAgeSeconds(): number | null | undefined
  /** Fetches the issuer's keys and the bot's token. Does not wait: the hub answers 503 until the keys are there. */
  start(): void
  close(): Promise<void>
}

export interface SignInDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: DeskLog
  /** Tests only: other clouds than Microsoft's. No setting reaches this. */
  readonly clouds?: Readonly<Record<CloudName, Cloud>>
  /** Tests only: another token service of virtual machines. */
  readonly vmTokenUrl?: string
}

/** A warning comes this long before the bot's certificate ends, ms: long enough to order a new one. */
const CERTIFICATE_NOTICE_MS = 30 * 24 * 3_600_000

/** Puts sign-in together as configured. Throws a `ConfigError` for a certificate that cannot be used. */
export function hubSignIn(signIn: HubConfig['signIn'], deps: SignInDeps): HubSignIn {
  if (signIn === 'off') {
    return {
      gate: gateWithoutSignIn(),
      sender: { appId: '', credentials: credentialsWithoutSignIn(), signIn: 'off' },
      keysAgeSeconds: () => undefined,
      start: () => undefined,
      close: async () => undefined,
    }
  }
  const { clock, random, log, clouds = CLOUDS, vmTokenUrl } = deps
  const { appId, tenants, credential } = signIn
  const cloud = clouds[signIn.cloud]
  const proof = proofOf(credential, clock, log)
  const dispatcher = new Agent({ pipelining: 1 })
  const keys = new SigningKeys({
    fetch: () => fetchSigningKeys(cloud.openIdMetadata, cloud.issuer, dispatcher, clock),
    clock,
    log,
  })
  const tokens = new BotToken({
    appId,
    tenant: tenants[0] ?? '',
    cloud,
    proof,
    dispatcher,
    clock,
    random,
    log,
    ...(vmTokenUrl === undefined ? {} : { vmTokenUrl }),
  })
  const { issuer, serviceOrigins } = cloud
  return {
    gate: strictGate({ issuer, appId, serviceOrigins, tenants, keys, clock }),
    sender: { appId, credentials: botCredentials(appId, tokens, serviceOrigins), signIn: serviceOrigins },
    keysAgeSeconds: () => {
      const age = keys.ageMs()
      return age === null ? null : Math.round(age / 1000)
    },
    start: () => {
      void keys.start()
      // A wrong secret is better told now than with the first message.
      void tokens.get()
    },
    close: async () => {
      keys.close()
      await dispatcher.destroy()
    },
  }
}

function proofOf(credential: BotCredential, clock: Clock, log: DeskLog): BotProof {
  if (credential.kind !== 'certificate') return credential
  const { endsAt, isExposed, ...certificate } = readBotCertificate(credential, clock.now())
  if (isExposed) log.warn({}, "every user of this machine can read the bot's key")
  if (endsAt - clock.now() < CERTIFICATE_NOTICE_MS) {
    log.warn({ ends: new Date(endsAt).toISOString() }, "the bot's certificate ends soon")
  }
  return { kind: 'certificate', ...certificate }
}
