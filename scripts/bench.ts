/**
 * Measures Doorstep against its budget, on this machine and without the Internet: prints a Markdown table and writes
 * test/records/bench-<date>.json. `npm run bench -- --note "the machine is busy"` adds a remark to both.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureCards } from './bench/cards-part.ts'
import { measureDemo } from './bench/demo-part.ts'
import { measureDns } from './bench/dns-part.ts'
import { measureHub } from './bench/hub-part.ts'
import { measureMutants } from './bench/mutants-part.ts'
import type { Part } from './bench/numbers.ts'
import { measureRunner } from './bench/runner-part.ts'
import { withDataFolder } from './local-mode.ts'

const { values } = parseArgs({ options: { note: { type: 'string' } } })
const began = performance.now()
const say = (text: string) => process.stderr.write(`${text}\n`)

const parts = await withDataFolder(async (data): Promise<readonly Part[]> => {
  say('starting local mode twice and checking the demo offices ...')
  const demo = await measureDemo(join(data, 'local'))
  const places = join(data, 'local', 'demo', 'world', 'places.csv')
  say('loading a hub with 100 and then 2,000 stand-in runners ...')
  mkdirSync(join(data, 'hub'), { recursive: true })
  const hub = await measureHub(
    join(data, 'hub'),
    demo.recording,
    existsSync(places) ? places : null,
    (running) => measureRunner(data, running),
  )
  say('timing DNS ...')
  const dns = await measureDns()
  say('reading a million mutated DNS answers ...')
  const mutants = measureMutants()
  say('rendering cards ...')
  return [demo, hub, dns, mutants, measureCards()]
})

const date = new Date().toISOString().slice(0, 10)
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMb: Math.round(totalmem() / 1024 / 1024),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
}
const tookSeconds = Math.round((performance.now() - began) / 1000)
const rows = parts.flatMap((part) => part.rows)
const numbers = Object.assign({}, ...parts.map((part) => part.numbers))
const folder = join(import.meta.dirname, '..', 'test', 'records')
mkdirSync(folder, { recursive: true })
const file = join(folder, `bench-${date}.json`)
const note = values.note ?? null
writeFileSync(file, `${JSON.stringify({ date, note, machine, tookSeconds, rows, numbers }, null, 2)}\n`)

const head = `${date}, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${note === null ? '' : ` (${note})`}`
const table = [
  '| what | measured | budget |',
  '|---|---|---|',
  ...rows.map(({ what, measured, budget }) => `| ${what} | ${measured} | ${budget} |`),
]
console.log(`${head}\n\n${table.join('\n')}\n\n${tookSeconds} s; written to ${file}`)
