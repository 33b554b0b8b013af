import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { realHost, worldHost } from '../../src/net/host-view.ts'

const NEVER = new AbortController().signal

describe("the host's view of itself", () => {
  it('gives the address that the kernel would send from, and sends nothing', async () => {
    const seen = await realHost(() => []).sourceTowards('127.0.0.1', NEVER)
    expect(seen).toEqual({ ok: true, result: '127.0.0.1' })
    expect(await realHost(() => []).sourceTowards('outlook.test', NEVER)).toMatchObject({
      failure: 'params-refused',
    })
  })

  it('is what its file says in a world, by family', async () => {
    const host = worldHost([
      { name: 'eth0', address: '10.4.0.20' },
      { name: 'wg0', address: 'fd00::1' },
    ])
    expect(host.interfaces().map(({ address, family }) => [isIP(address), family])).toEqual([
      [4, 4],
      [6, 6],
    ])
    expect(await host.sourceTowards('52.96.1.1', NEVER)).toEqual({ ok: true, result: '10.4.0.20' })
    expect(await host.sourceTowards('2620:1ec::1', NEVER)).toEqual({ ok: true, result: 'fd00::1' })
    expect(await worldHost([]).sourceTowards('52.96.1.1', NEVER)).toMatchObject({
      failure: 'network-unreachable',
    })
  })
})
