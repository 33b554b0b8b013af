import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Case, MISSHAPEN, NO_PROOF, NOT_OURS, RIGHT, rightToken } from './sign-in-cases.ts'
import { fromTeams, type Keys, newKeys, post, serveGate, startGate } from './sign-in-kit.ts'

let keys: Keys
let gate: Awaited<ReturnType<typeof startGate>>
let server: Awaited<ReturnType<typeof serveGate>>

beforeAll(async () => {
  keys = await newKeys()
  gate = await startGate()
  gate.identity.keys = [keys.teams, keys.webchat, keys.plain]
  await gate.keys.start()
  server = await serveGate(gate)
})
afterAll(async () => {
  await server.close()
  await gate.close()
})
beforeEach(() => {
  gate.reached.length = 0
})

async function answered(make: Case[1]) {
  const { authorization, body } = await make(keys)
  return { ...(await post(server.url, body, authorization)), reached: [...gate.reached] }
}

describe('with sign-in, an activity', () => {
  it.each(NO_PROOF)('is answered 401 without a word and goes no further, with %s', async (_name, make) => {
    expect(await answered(make)).toEqual({ status: 401, text: '', reached: [] })
  })

  it.each(NOT_OURS)('is answered 403 without a word and goes no further, from %s', async (_name, make) => {
    expect(await answered(make)).toEqual({ status: 403, text: '', reached: [] })
  })

  it.each(MISSHAPEN)('is answered 400 without a word and goes no further, with %s', async (_name, make) => {
    expect(await answered(make)).toEqual({ status: 400, text: '', reached: [] })
  })

  it.each(RIGHT)('is let in, with %s', async (_name, make) => {
    expect(await answered(make)).toEqual({ status: 200, text: '', reached: ['message'] })
  })
})

it('says of all this little in the log, and nothing of a token', () => {
  const refusals = gate.log.lines.filter(({ message }) => message === 'activities were turned away')
  expect(refusals).toHaveLength(1)
  expect(JSON.stringify(gate.log.lines)).not.toMatch(/eyJ|Bearer|evil/)
  expect(gate.log.lines.filter(({ level }) => level === 'error')).toEqual([])
})

it('asked the issuer once in all of this, though some keys were unknown', () => {
  expect(gate.identity.asked).toMatchObject({ metadata: 1, keys: 1, token: 0 })
})

it('answers 503 without a word while the keys cannot be had, and a forged token 401 as ever', async () => {
  const lost = await startGate()
  lost.identity.behave = { metadata: (res) => void res.socket?.resetAndDestroy() }
  const at = await serveGate(lost)
  const right = `Bearer ${await rightToken(keys.teams)}`
  const answers = await Promise.all([
    post(at.url, fromTeams(), [right]),
    post(at.url, fromTeams(), []),
    post(at.url, fromTeams(), ['Bearer a.b.c']),
  ])
  expect(answers).toEqual([503, 401, 401].map((status) => ({ status, text: '' })))
  expect(lost.reached).toEqual([])
  await at.close()
  await lost.close()
})
