import type { Measurement, ProbeName } from '../core/measurement.ts'
import type { Probe } from '../core/probe.ts'
import type { SampleLine } from '../core/sampled.ts'
import { egressSamples } from './egress/samples.ts'
import { egress } from './egress.ts'
import { frontDoorSamples } from './front-door/samples.ts'
import { frontDoor } from './front-door.ts'
import { hostSamples } from './host/samples.ts'
import { host } from './host.ts'
import { mediaSamples } from './media/samples.ts'
import { media } from './media.ts'
import { reachSamples } from './reach/samples.ts'
import { reach } from './reach.ts'
import { resolverSamples } from './resolver-identity/samples.ts'
import { resolverIdentity } from './resolver-identity.ts'
import { rttSamples } from './rtt/samples.ts'
import { rtt } from './rtt.ts'
import { throughputSamples } from './throughput/samples.ts'
import { throughput } from './throughput.ts'
import { tlsSamples } from './tls-path/samples.ts'
import { tlsPath } from './tls-path.ts'

type Show = (result: unknown) => readonly SampleLine[] | null

const SHOW: Readonly<Record<ProbeName, Show>> = {
  host: reading(host, hostSamples),
  'resolver-identity': reading(resolverIdentity, resolverSamples),
  egress: reading(egress, egressSamples),
  'front-door': reading(frontDoor, frontDoorSamples),
  rtt: reading(rtt, rttSamples),
  'tls-path': reading(tlsPath, tlsSamples),
  reach: reading(reach, reachSamples),
  media: reading(media, mediaSamples),
  throughput: reading(throughput, throughputSamples),
}

/** The raw samples of a measurement as lines; none of one that failed, and null for a result that cannot be read. */
export function samplesOf({
  probe,
  outcome,
}: Pick<Measurement, 'probe' | 'outcome'>): readonly SampleLine[] | null {
  return outcome.ok ? SHOW[probe](outcome.result) : []
}

function reading<R>(probe: Pick<Probe<R>, 'read'>, show: (result: R) => readonly SampleLine[]): Show {
  return (value) => {
    const read = probe.read(value)
    return read.ok ? show(read.result) : null
  }
}
