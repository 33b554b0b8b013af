/**
 * Measures Doorstep against its budget and beside other tools, on this machine and without the Internet: prints a Markdown
 * table and writes test/records/bench-<date>.json. A comparison with a tool that is not here is skipped and says so.
 *
 *   npm run bench                                   everything
 *   npm run bench -- dns tls                        these parts alone (written to bench-<date>-dns-tls.json)
 *   npm run bench -- --note "the machine is busy"   adds a remark to both
 *
 * Parts: demo (start, checks, round trips), hub (load, memory, runner; needs demo's), dns (bias, rates), tls, look (cost
 * beside prometheus-blackbox-exporter), cards.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureCards } from './bench/cards-part.ts'
import { measureDemo } from './bench/demo-part.ts'
import { measureDns } from './bench/dns-part.ts'
import { measureDnsSpeed } from './bench/dns-speed-part.ts'
import { measureHub } from './bench/hub-part.ts'
import { measureLook } from './bench/look-part.ts'
import { measureMutants } from './bench/mutants-part.ts'
import type { Part } from './bench/numbers.ts'
import { measureRunner } from './bench/runner-part.ts'
import { measureTls } from './bench/tls-part.ts'
import { measureWire } from './bench/wire-part.ts'
import { withDataFolder } from './local-mode.ts'

const PARTS = ['demo', 'hub', 'dns', 'mutants', 'tls', 'look', 'cards'] as const

const { values, positionals } = parseArgs({ options: { note: { type: 'string' } }, allowPositionals: true })
const unknown = positionals.filter((name) => !PARTS.some((part) => part === name))
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`)
const wanted = (part: (typeof PARTS)[number]): boolean =>
  positionals.length === 0 || positionals.includes(part)

const began = performance.now()
const say = (text: string) => process.stderr.write(`${text}\n`)

const parts = await withDataFolder(async (data): Promise<readonly Part[]> => {
  const done: Part[] = []
  if (wanted('demo') || wanted('hub')) {
    say('starting local mode twice and checking the demo offices ...')
    const demo = await measureDemo(join(data, 'local'))
    done.push(demo)
    if (wanted('hub')) {
      const places = join(data, 'local', 'demo', 'world', 'places.csv')
      say('loading a hub with 100 and then 2,000 stand-in runners ...')
      mkdirSync(join(data, 'hub'), { recursive: true })
      const hub = await measureHub(
        join(data, 'hub'),
        demo.recording,
        existsSync(places) ? places : null,
        (running) => measureRunner(data, running),
      )
      done.push(hub)
    }
  }
  if (wanted('dns')) {
    say('timing DNS ...')
    done.push(await measureDns(), await measureWire(), await measureDnsSpeed())
  }
  if (wanted('mutants')) {
    say('reading a million mutated DNS answers, STUN messages and certificates ...')
    done.push(await measureMutants())
  }
  if (wanted('tls')) {
    say('timing TLS ...')
    done.push(await measureTls())
  }
  if (wanted('look')) {
    say('counting what a look costs ...')
    done.push(await measureLook())
  }
  if (wanted('cards')) {
    say('rendering cards ...')
    done.push(measureCards())
  }
  return done
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
// A part alone must not take the place of the whole.
const file = join(folder, `${['bench', date, ...positionals].join('-')}.json`)
const note = values.note ?? null
writeFileSync(file, `${JSON.stringify({ date, note, machine, tookSeconds, rows, numbers }, null, 2)}\n`)

const head = `${date}, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${note === null ? '' : ` (${note})`}`
const table = [
  '| what | measured | budget |',
  '|---|---|---|',
  ...rows.map(({ what, measured, budget }) => `| ${what} | ${measured} | ${budget} |`),
]
console.log(`${head}\n\n${table.join('\n')}\n\n${tookSeconds} s; written to ${file}`)
