import type { RouteSpec } from '../../../src/local/world/spec.ts'
import { type Case, internet, office } from '../parts.ts'

const PORTS = [3478, 3479, 3480, 3481]

/** London, but for what becomes of its media. */
const media = (route: Omit<RouteSpec, 'protocol' | 'ports'>) =>
  office('London', { routes: [{ protocol: 'udp', ports: PORTS, ...route }] })

/**
 * Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. What is not about
 * media is left to other worlds, but for the egress: the relay tells it, so silence leaves it unproven.
 */
export const MEDIA_WORLDS: Readonly<Record<string, Case>> = {
  'media as it should be': {
    spec: internet([office('London')]),
    truth: { London: '?????pppp' },
  },
  'UDP blocked': {
    slow: true,
    spec: internet([media({ outcome: 'silence' })]),
    truth: { London: 'u????fppp' },
  },
  'one datagram in thirty lost on the way out and back': {
    slow: true,
    mediaSeconds: 4,
    spec: internet([media({ loss: 0.03 })]),
    truth: { London: '?????fppp' },
  },
  'datagrams late by up to 95 ms each way': {
    slow: true,
    mediaSeconds: 4,
    spec: internet([media({ jitterMs: 95 })]),
    truth: { London: '?????fppp' },
  },
  'datagrams late by up to 10 ms each way': {
    spec: internet([media({ jitterMs: 10 })]),
    truth: { London: '?????pppp' },
  },
  'a relay 120 ms away': {
    spec: internet([media({ rttMs: { uksouth: 120 } })]),
    truth: { London: '?????fppp' },
  },
  'a relay 70 ms away': {
    spec: internet([media({ rttMs: { uksouth: 70 } })]),
    truth: { London: '?????pppp' },
  },
  // One address of the relay alone: it may be at fault itself.
  'one address of the relay silent': {
    slow: true,
    spec: internet([media({ to: ['52.115.2.11'], outcome: 'silence' })]),
    truth: { London: '?????uppp' },
  },
  'UDP blocked and the connections inspected': {
    slow: true,
    spec: internet([
      office('London', {
        routes: [{ protocol: 'udp', ports: PORTS, outcome: 'silence' }],
        proxy: {
          kind: 'inspecting',
          rttMs: 1,
          ca: { name: 'Contoso Secure Web Gateway CA', organization: 'Contoso' },
        },
      }),
    ]),
    truth: { London: 'u????fppp' },
  },
}
