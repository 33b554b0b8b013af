import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AUDITED_LENGTH, auditedText } from '../../src/core/audited.ts'
import { newEnrolmentCode } from '../../src/wire/enrolment-code.ts'
import { random } from '../store/contract.ts'

const RANDOM = { ...random, unit: () => 0.5 }

describe('a command in the audit', () => {
  it.each([
    'check office Seattle',
    'role grant 7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b02 operator for #emea',
    'limit Seattle local-egress 300 km until 2027-06-01 because the line is rented',
    'check 東京',
  ])('is kept as it was said: %s', (text) => {
    expect(auditedText(text)).toBe(text)
  })

  it.each([
    ['a token', `runner Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl`],
    ['a key', `store AccountKey=${'q'.repeat(86)}==`],
    ['a password', 'the password: hunter2'],
    ['a secret after a blank', 'my secret hunter2'],
  ])('holds no %s that somebody pasted', (_name, text) => {
    expect(auditedText(text)).not.toMatch(/hunter2|eyJ|qqq/)
    expect(auditedText(text)).toContain('(left out)')
  })

  it('holds one line alone, without the table below it', () => {
    expect(auditedText('office import\nname,egress\nx,203.0.113.1')).toBe('office import')
  })

  it('holds no enrolment code, wherever it stands and in whatever case', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 250 }),
        fc.boolean(),
        fc.string({ maxLength: 20 }),
        (before, lower, after) => {
          const code = newEnrolmentCode('seattle', RANDOM)
          const typed = lower ? code.toLowerCase() : code
          const kept = auditedText(`x${before.replaceAll(/[\r\n]/g, ' ')} ${typed} ${after}`)
          expect(kept.toUpperCase()).not.toContain(code.slice(-32, -20).toUpperCase())
        },
      ),
    )
  })

  it('is short, whatever was said', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 9_000 }), (text) => {
        const kept = auditedText(text)
        expect(kept.length).toBeLessThanOrEqual(AUDITED_LENGTH)
        expect(kept.isWellFormed()).toBe(true)
        expect(kept).not.toMatch(/[\r\n]/)
      }),
    )
  })
})
