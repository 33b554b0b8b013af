import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeFile } from '../../src/cli/judge.ts'
import { evidenceFile, readEvidenceFile, shortForm } from '../../src/store/evidence-file.ts'
import { storedEvidence } from '../support/stored-evidence.ts'

const FILE = evidenceFile(storedEvidence('vpn-backhaul'), '0.1.0', ['local-dns@2'])
const JSON_FORM = JSON.stringify(FILE)
const SHORT = shortForm(FILE)
const says = (text: string) => {
  const read = readEvidenceFile(text)
  return read.ok ? 'read' : read.says
}

describe('an evidence file', () => {
  it.each([
    ['as JSON', JSON_FORM],
    ['with a byte order mark and blank lines', `\uFEFF\n${JSON_FORM}\n\n`],
    ['in its short form', SHORT],
    ['in its short form, under the words of the answer', `Evidence of London\nThe file:\n${SHORT}\n`],
    [
      'in parts, each under the words of its answer',
      [SHORT.slice(0, 900), SHORT.slice(900)]
        .map(
          (part, at) =>
            `Evidence of London, part ${at + 1} of 2\nJudge it doorstep judge FILE\nThe file:\n${part}\n`,
        )
        .join('\n> doorstep@0.1.0 start\n'),
    ],
    ['in its short form, broken into lines as a mail does', SHORT.replace(/(.{76})/g, '$1\r\n')],
  ])('is read %s', (_how, text) => {
    expect(readEvidenceFile(text)).toEqual({ ok: true, file: JSON.parse(JSON_FORM) })
  })

  it('is a fraction of its size in the short form, and fits on one card', () => {
    expect(SHORT.length).toBeLessThan(JSON_FORM.length / 4)
    expect(SHORT.length).toBeLessThan(18_000)
  })

  it.each([
    ['nothing', '  \n', 'The file is empty. Copy the text of the card again.'],
    [
      'half a JSON',
      JSON_FORM.slice(0, 900),
      'The file is no JSON, or it is cut off. Copy or download it again.',
    ],
    [
      'half a short form',
      SHORT.slice(0, 900),
      'The text is cut off or changed. Copy the whole text again, all parts of it.',
    ],
    ['another JSON', '{"a":1}', 'This is no evidence of Doorstep. Ask for one with: evidence <office>.'],
    [
      'a newer version',
      JSON.stringify({ ...FILE, version: 2 }),
      'The file has version 2, and this Doorstep reads 1. Judge it with a newer Doorstep.',
    ],
    [
      'one without its rulings',
      JSON.stringify({ ...FILE, rulings: undefined }),
      'The file is damaged at rulings. Ask for it again.',
    ],
  ])('is refused as %s, with what to do', (_what, text, sentence) => {
    expect(says(text)).toBe(sentence)
  })

  it('never throws, cut or changed anywhere, and what is read can be judged or is refused', () => {
    const text = fc.constantFrom(JSON_FORM, SHORT)
    const changed = fc
      .tuple(
        text,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.nat(40),
      )
      .map(([whole, share, put, drop]) => {
        const at = Math.floor(whole.length * share)
        return whole.slice(0, at) + put + whole.slice(at + drop)
      })
    fc.assert(
      fc.property(changed, (one) => {
        const read = readEvidenceFile(one)
        if (!read.ok) expect(read.says).toMatch(/\.$/)
        else judgeFile(read.file)
      }),
      { numRuns: 300 },
    )
  })
})
