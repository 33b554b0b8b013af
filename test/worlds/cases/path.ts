import type { DoorSpec, TlsSpec, TransparentProxySpec } from '../../../src/local/world/spec.ts'
import { type Case, internet, NOTHING, office, rangesOf } from '../parts.ts'

const base = internet([])
const CORPORATE = { name: 'Contoso Secure Web Gateway CA', organization: 'Contoso' } as const

const inspecting = (more: Partial<TransparentProxySpec> = {}): TransparentProxySpec => ({
  kind: 'inspecting',
  rttMs: 1,
  ca: CORPORATE,
  ...more,
})

const doors = (tls: TlsSpec, more: Partial<DoorSpec> = {}): readonly DoorSpec[] =>
  base.doors.map((door) => ({ ...door, tls, ...more }))

/** Worlds that differ in what stands on the path. Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. */
export const PATH_WORLDS: Readonly<Record<string, Case>> = {
  'a chain without its intermediate': {
    spec: internet([office('London')], { doors: doors({ incompleteChain: true }) }),
    truth: { London: 'ppppupppp' },
  },
  'a chain without its intermediate, of an issuer nobody knows': {
    spec: internet([office('London')], {
      doors: doors({ incompleteChain: true }),
      issuerName: 'Microsoft Something New CA 99',
    }),
    truth: { London: 'ppppupppp' },
  },
  'inspected by a CA that the machines trust': {
    spec: internet([office('London', { proxy: inspecting() })]),
    truth: { London: 'pppufuppp' },
  },
  'inspected, nothing registered': {
    spec: internet([office('London', { proxy: inspecting() }, { registered: NOTHING })]),
    truth: { London: 'pppufuppp' },
  },
  'inspected by a CA that the machines lack': {
    spec: internet([office('London', { proxy: inspecting() })]),
    runnerFile: { systemRoots: null },
    truth: { London: 'pppufuppp' },
  },
  'inspected, and nothing said of what the machines trust': {
    spec: internet([office('London', { proxy: inspecting() })]),
    runnerFile: { systemRoots: undefined },
    truth: { London: 'pppufuppp' },
  },
  'inspected under the genuine names': {
    spec: internet([office('London', { proxy: inspecting({ ca: 'imitates-genuine' }) })]),
    truth: { London: 'pppufuppp' },
  },
  'inspected by a proxy that sends its leaf alone': {
    spec: internet([office('London', { proxy: inspecting({ chain: 'leaf' }) })]),
    runnerFile: { systemRoots: null },
    truth: { London: 'pppp' + 'upppp' },
  },
  'inspected by a proxy that sends its leaf alone, signed by a root that the machines trust': {
    spec: internet([office('London', { proxy: inspecting({ chain: 'leaf' }) })]),
    truth: { London: 'pppufuppp' },
  },
  'inspected under the genuine names by a proxy that sends its leaf alone': {
    spec: internet([office('London', { proxy: inspecting({ ca: 'imitates-genuine', chain: 'leaf' }) })]),
    truth: { London: 'ppppupppp' },
  },
  // Exchange is exempt, SharePoint and Teams are not: the round trips to the doors are then real, but the rule is plain.
  'inspected but for Exchange': {
    spec: internet([
      office('London', { routes: [{ to: rangesOf(31, 11), proxy: inspecting({ ca: CORPORATE }) }] }),
    ]),
    runnerFile: { systemRoots: null },
    truth: { London: 'pppufuppp' },
  },
  'one service alone inspected, by a CA that nobody knows': {
    spec: internet([office('London', { routes: [{ to: rangesOf(56), proxy: inspecting() }] })]),
    runnerFile: { systemRoots: null },
    truth: { London: 'ppppupppp' },
  },
  'packets lost and late': {
    mediaSeconds: 4,
    spec: internet([office('London', { loss: 0.03, jitterMs: 3 })]),
    truth: { London: 'pppppfppp' },
  },
  'SharePoint refused': {
    spec: internet([office('London', { routes: [{ to: ['13.107.136.0/22'], outcome: 'refused' }] })]),
    truth: { London: 'ppppupppp' },
  },
  'a proxy that ends TCP before a door 120 ms away': {
    spec: internet([
      office('Johannesburg', { rttMs: { DXB: 120 }, proxy: { kind: 'terminating', rttMs: 0.5 } }),
    ]),
    truth: { Johannesburg: 'pppufuppp' },
  },
  'TLS 1.2 at a door 120 ms away': {
    spec: internet([office('Johannesburg', { rttMs: { DXB: 120 } })], { doors: doors({ onlyTls12: true }) }),
    truth: { Johannesburg: 'pppppuppp' },
  },
  'a door 120 ms away that asks for another key share': {
    spec: internet([office('Johannesburg', { rttMs: { DXB: 120 } })], { doors: doors({ helloRetry: true }) }),
    truth: { Johannesburg: 'pppppuppp' },
  },
  'large ClientHellos dropped': {
    slow: true,
    spec: internet([office('London')], { doors: doors({ largestHello: 1400 }) }),
    truth: { London: 'pp?pppppp' },
  },
  'a door that says another code than its name, both near': {
    spec: internet([office('London')], { doors: doors({}, { headerCode: 'DUB' }) }),
    truth: { London: 'ppupppppp' },
  },
  'doors that reset': {
    spec: internet([office('London', { routes: [{ to: ['52.97.0.0/16'], outcome: 'reset' }] })]),
    truth: { London: 'ppupupppp' },
  },
  'doors that refuse': {
    spec: internet([
      office('London', { routes: [{ to: ['52.97.0.0/16'], protocol: 'tcp', outcome: 'refused' }] }),
    ]),
    truth: { London: 'ppuuuuppp' },
  },
  'doors that never answer': {
    slow: true,
    spec: internet([
      office('London', { routes: [{ to: ['52.97.0.0/16'], protocol: 'tcp', outcome: 'silence' }] }),
    ]),
    truth: { London: 'ppuuuuppp' },
  },
}
