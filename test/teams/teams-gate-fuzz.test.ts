import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gateWithoutSignIn } from '../../src/teams/gate.ts'
import { createTeamsGate } from '../../src/teams/teams-gate.ts'
import { activity, SENT_AT } from './activities.ts'

const receive = createTeamsGate({
  gate: gateWithoutSignIn(),
  now: () => SENT_AT,
  log: { warn: () => {}, error: () => {} },
  handlers: {
    message: async () => {},
    change: async () => {},
    click: async () => ({ kind: 'message', text: 'done' }),
  },
})
const ANSWERS = [200, 400, 403, 501]

it('answers any body without throwing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (body) => {
      expect(ANSWERS).toContain((await receive(body, undefined)).status)
    }),
  )
})

it('answers any one field gone wrong without throwing', async () => {
  const fields = fc.constantFrom(
    ...Object.keys(activity()),
    'value',
    'name',
    'type',
    'replyToId',
    'membersAdded',
  )
  const types = fc.constantFrom('message', 'invoke', 'conversationUpdate', 'installationUpdate')
  await fc.assert(
    fc.asyncProperty(fields, fc.jsonValue(), types, async (field, value, type) => {
      const body = activity({ type, name: 'adaptiveCard/action', [field]: value })
      expect(ANSWERS).toContain((await receive(body, undefined)).status)
    }),
  )
})

it('answers any card data without throwing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (data) => {
      const value = { action: { type: 'Action.Execute', data } }
      const body = activity({ type: 'invoke', name: 'adaptiveCard/action', value })
      expect(await receive(body, undefined)).toMatchObject({
        status: 200,
        body: { statusCode: expect.any(Number) },
      })
    }),
  )
})
