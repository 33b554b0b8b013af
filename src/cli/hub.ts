import { pino } from 'pino'
import { ConfigError, EXIT_CONFIG } from '../config/config-error.ts'
import type { Env } from '../config/env-reader.ts'
import { readHubConfig } from '../config/hub-config.ts'
import { PortTaken } from '../hub/http/port-taken.ts'
import { startHub } from '../hub/hub.ts'
import { systemClock } from '../os/clock.ts'
import { systemRandom } from '../os/random.ts'
import { CannotOpenStore } from '../store/cannot-open.ts'
import { untilStopped } from './until-stopped.ts'

/** `doorstep hub`: the bot. Says `ready <url>` on standard output once it answers. */
export async function hub(argv: readonly string[], env: Env): Promise<number> {
  const log = pino({ base: null }, pino.destination({ dest: 2, sync: true }))
  try {
    const config = readHubConfig(env)
    const running = await startHub(config, { clock: systemClock(), random: systemRandom, log })
    process.stdout.write(`ready ${running.url}\n`)
    await untilStopped(argv.includes('--exit-with-stdin'))
    await running.close()
    return 0
  } catch (error) {
    if (error instanceof ConfigError || error instanceof CannotOpenStore) {
      process.stderr.write(`${error.message}\n`)
      return EXIT_CONFIG
    }
    if (error instanceof PortTaken) {
      process.stderr.write(`${error.message}\n`)
      return 1
    }
    throw error
  }
}
