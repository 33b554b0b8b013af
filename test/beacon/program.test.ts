import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { heard, NONCE, overUdp, queryBytes, ZONE } from './support.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

/** Starts `doorstep beacon` with this environment alone. */
function start(env: Record<string, string>, args: readonly string[] = []) {
  const child = spawn(process.execPath, [MAIN, 'beacon', ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  running.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (text) => {
    said.out += String(text)
  })
  child.stderr.on('data', (text) => {
    said.err += String(text)
  })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, said, code }
}

const GOOD = {
  DOORSTEP_BEACON_ZONE: ZONE,
  DOORSTEP_BEACON_ADDRESSES: '127.0.0.1',
  DOORSTEP_BEACON_LISTEN: '127.0.0.1:0',
  DOORSTEP_BEACON_STUN_PORT: '0',
}

describe('doorstep beacon', () => {
  it('ends with 78 and every problem in one line when it cannot be configured', async () => {
    const { said, code } = start({ DOORSTEP_BEACON_LISTEN: 'everywhere' })
    expect(await code).toBe(78)
    expect(said.err).toMatch(
      /^configuration: DOORSTEP_BEACON_ZONE: [^\n]*; DOORSTEP_BEACON_ADDRESSES: [^\n]*; DOORSTEP_BEACON_LISTEN: [^\n]*\n$/,
    )
  })

  it('says where it answers, answers, warns of addresses that no runner would ask, and ends when told', async () => {
    const { child, said, code } = start(GOOD)
    await expect.poll(() => said.out, { timeout: 20_000 }).toContain('\n')
    const ready = /^ready b\.world\.example dns 127\.0\.0\.1:(\d+) stun 127\.0\.0\.1:\d+\n$/.exec(said.out)
    const dns = { address: '127.0.0.1', port: Number(ready?.[1]) }
    const answer = await overUdp(dns, queryBytes({ name: `${NONCE}.${ZONE}`, type: 'A' }))
    expect(heard(answer ?? Buffer.alloc(0)).answers).toEqual(['A 0 127.0.0.1'])
    child.kill('SIGTERM')
    expect(await code).toBe(0)
    expect(said.err).toContain('loopback: runners refuse to contact it')
  })

  it('ends with its standard input when asked to', async () => {
    const { child, said, code } = start(GOOD, ['--exit-with-stdin'])
    await expect.poll(() => said.out, { timeout: 20_000 }).toContain('ready')
    child.stdin.end()
    expect(await code).toBe(0)
  })

  it('says in one sentence that it may not listen there', async () => {
    const { said, code } = start({ ...GOOD, DOORSTEP_BEACON_LISTEN: '192.0.2.254:0' })
    expect(await code).toBe(1)
    expect(said.err.split('\n').at(-2)).toMatch(
      /^cannot listen on TCP port 0 of 192\.0\.2\.254: this machine/,
    )
  })
})
