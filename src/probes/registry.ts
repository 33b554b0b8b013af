import type { ProbeName } from '../core/measurement.ts'
import type { Probe } from '../core/probe.ts'
import { egress } from './egress.ts'
import { frontDoor } from './front-door.ts'
import { host } from './host.ts'
import { media } from './media.ts'
import { reach } from './reach.ts'
import { resolverIdentity } from './resolver-identity.ts'
import { rtt } from './rtt.ts'
import { throughput } from './throughput.ts'
import { tlsPath } from './tls-path.ts'

/** Every probe by its name. A result passes through `read` of the same probe before `evaluate` sees it. */
export const PROBES: Readonly<Record<ProbeName, Probe<unknown>>> = {
  host: host,
  egress: egress,
  'resolver-identity': resolverIdentity,
  'front-door': frontDoor,
  rtt: rtt,
  'tls-path': tlsPath,
  reach: reach,
  media: media,
  throughput: throughput,
}
