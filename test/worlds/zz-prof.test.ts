import { appendFileSync } from 'node:fs'
import { it } from 'vitest'
import { demoWorld } from '../../src/local/demo/demo-world.ts'
import { BY_SEATTLE, internet, office, resolverOf, withWorld } from './parts.ts'
import { checkFolder } from './check-world.ts'

const base = internet([])
const DEAD = '192.0.2.66'
it('profile', { timeout: 300_000 }, async () => {
  const demo = demoWorld()
  const worlds = {
    seattle: { ...demo, offices: demo.offices.map((o) => o.name === 'Seattle' ? o : {...o, runners: []}) },
    london: { ...demo, offices: demo.offices.map((o) => o.name === 'London' ? o : {...o, runners: []}) },
    tokyo: { ...demo, offices: demo.offices.map((o) => o.name === 'Tokyo' ? o : {...o, runners: []}) },
    backhauled150: internet([office('Seattle', {}, {runners: []}), office('London', { ...BY_SEATTLE, backhaul: { via: 'Seattle', rttMs: 150 }, resolvers: [resolverOf('Seattle'), resolverOf('Singapore')], systemLookup: [resolverOf('Seattle'), resolverOf('Singapore')] })]),
    dnslocal: internet([office('Seattle', {}, {runners: []}), office('London', { ...BY_SEATTLE, backhaul: { via: 'Seattle', rttMs: 150 }, routes: [{ to: [resolverOf('London')], backhaul: null, egress: ['203.0.113.2'] }] })]),
    deadFirst: internet([office('London', { resolvers: [DEAD, resolverOf('London')], systemLookup: [DEAD, resolverOf('London')] })], {
      resolvers: [...base.resolvers, { address: DEAD, place: 'London', behaviour: 'silent' }],
    }),
    dead: internet([office('London', { resolvers: [DEAD] })], {
      resolvers: [...base.resolvers, { address: DEAD, place: 'London', behaviour: 'silent' }],
    }),
    fourDead: internet([office('London', { resolvers: ['192.0.2.61','192.0.2.62','192.0.2.63','192.0.2.64'], systemLookup: ['192.0.2.61','192.0.2.62','192.0.2.63','192.0.2.64'] })], {
      resolvers: [...base.resolvers, ...['192.0.2.61','192.0.2.62','192.0.2.63','192.0.2.64'].map((address) => ({ address, place: 'London', behaviour: 'silent' as const }))],
    }),
  }
  for (const [name, spec] of Object.entries(worlds)) {
    const only = process.env['ONLY']; if (only && !only.split(',').includes(name)) continue
    const began = performance.now()
    const c = await withWorld({ spec, truth: {} }, (folder) => checkFolder(folder))
    appendFileSync('/tmp/prof.txt', [name, Math.round(performance.now() - began), JSON.stringify(c.verdicts), JSON.stringify(c.durations)].join(' ') + '\n')
  }
})
