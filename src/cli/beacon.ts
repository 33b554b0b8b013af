import { pino } from 'pino'
import { type Beacon, startBeacon } from '../beacon/beacon.ts'
import { CannotListen } from '../beacon/cannot-listen.ts'
import { type BeaconConfig, readBeaconConfig } from '../config/beacon-config.ts'
import { ConfigError, EXIT_CONFIG } from '../config/config-error.ts'
import type { Env } from '../config/env-reader.ts'
import { addressPolicy } from '../net/address-policy.ts'
import { systemClock } from '../os/clock.ts'
import { untilStopped } from './until-stopped.ts'

/** `doorstep beacon`: the DNS beacon. Says `ready <zone> dns <addresses> stun <addresses>` once it answers. */
export async function beacon(argv: readonly string[], env: Env): Promise<number> {
  try {
    const config = readBeaconConfig(env)
    const log = pino({ base: null, level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
    for (const warning of warningsOf(config)) log.warn(warning, 'configuration')
    const running = await startBeacon(config, { clock: systemClock(), log })
    process.stdout.write(`${readyLine(config, running)}\n`)
    await untilStopped(argv.includes('--exit-with-stdin'))
    await running.close()
    return 0
  } catch (error) {
    if (error instanceof ConfigError || error instanceof CannotListen) {
      process.stderr.write(`${error.message}\n`)
      return error instanceof ConfigError ? EXIT_CONFIG : 1
    }
    throw error
  }
}

/** What may be meant, but hardly is. */
function warningsOf(config: BeaconConfig): readonly object[] {
  const published = [
    ...config.addresses.map((address) => ({ key: 'DOORSTEP_BEACON_ADDRESSES', address })),
    ...config.silent.map((address) => ({ key: 'DOORSTEP_BEACON_SILENT', address })),
  ]
  return [
    ...config.warnings.map((key) => ({ key, why: 'nobody reads this setting' })),
    ...published.flatMap(({ key, address }) => {
      const policy = addressPolicy(address)
      return policy.allowed ? [] : [{ key, why: `${policy.why}: runners refuse to contact it` }]
    }),
  ]
}

function readyLine(config: BeaconConfig, { dns, stun }: Beacon): string {
  const texts = (bound: Beacon['dns']): string =>
    bound
      .map(({ address, port }) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`))
      .join(',')
  return `ready ${config.zone} dns ${texts(dns)} stun ${stun.length === 0 ? 'off' : texts(stun)}`
}
