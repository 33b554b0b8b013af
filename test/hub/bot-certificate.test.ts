import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { readBotCertificate } from '../../src/hub/bot-certificate.ts'
import { newCertificate } from '../support/identity-provider.ts'
import { scratch } from '../support/scratch.ts'

const folders = scratch('doorstep-certificate-')
let folder = ''
let paper: Awaited<ReturnType<typeof newCertificate>>

beforeAll(async () => {
  folder = await folders.make()
  paper = await newCertificate()
})
afterAll(() => folders.remove())

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

function problems(certificateFile: string, keyFile: string, now = Date.now()): readonly string[] {
  try {
    readBotCertificate({ certificateFile, keyFile }, now)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('the certificate of the bot', () => {
  it.each([
    ['before the key', () => `${paper.certificate}\n${paper.key}`],
    ['after the key', () => `${paper.key}\n${paper.certificate}`],
    ['with words around', () => `Bag Attributes\n${paper.key}subject=CN\n${paper.certificate}\n# end\n`],
    [
      'with a key of the older kind',
      () => `${createPrivateKey(paper.key).export({ type: 'pkcs1', format: 'pem' })}${paper.certificate}`,
    ],
  ])('is read from one file, %s', async (name, text) => {
    const path = await file(`${name}.pem`, text())
    const read = readBotCertificate({ certificateFile: path, keyFile: path }, Date.now())
    expect(read.thumbprint).toBe(createHash('sha256').update(paper.der).digest('base64url'))
    expect(createPrivateKey(read.key.reveal()).equals(createPrivateKey(paper.key))).toBe(true)
    expect(JSON.stringify(read)).not.toContain('PRIVATE')
  })

  it.skipIf(process.platform === 'win32')('tells when everybody may read its key', async () => {
    const path = await file('modes.pem', paper.certificate + paper.key)
    const exposed = () => readBotCertificate({ certificateFile: path, keyFile: path }, Date.now()).isExposed
    await chmod(path, 0o644)
    expect(exposed()).toBe(true)
    await chmod(path, 0o640)
    expect(exposed()).toBe(false)
  })

  it('is refused with every reason at once', async () => {
    const missing = join(folder, 'nowhere.pem')
    expect(problems(missing, await file('words.pem', 'hello'))).toEqual([
      'DOORSTEP_APP_CERTIFICATE: the file cannot be read (ENOENT)',
      'DOORSTEP_APP_KEY: the file holds no private key in PEM',
    ])
  })

  it('is refused when the file holds none, or something else under its name', async () => {
    const key = await file('key.pem', paper.key)
    const none = 'DOORSTEP_APP_CERTIFICATE: the file holds no certificate in PEM'
    expect(problems(key, key)).toEqual([none])
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    expect(problems(await file('broken.pem', broken), key)).toEqual([none])
    expect(problems(folder, key)).toEqual(['DOORSTEP_APP_CERTIFICATE: the file cannot be read (EISDIR)'])
  })

  it('is refused with a key that is not its own, too short, of another kind or locked', async () => {
    const certificate = await file('certificate.pem', paper.certificate)
    const other = await newCertificate()
    expect(problems(certificate, await file('other.pem', other.key))).toEqual([
      'DOORSTEP_APP_KEY: the key does not belong to the certificate',
    ])
    const pem = { type: 'pkcs8', format: 'pem' } as const
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(pem).toString()
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem).toString()
    for (const key of [short, curve]) {
      expect(problems(certificate, await file('weak.pem', key))).toEqual([
        'DOORSTEP_APP_KEY: the key must be RSA with 2048 bits or more',
      ])
    }
    const cipher = { ...pem, cipher: 'aes-256-cbc', passphrase: 'hunter2' } as const
    const locked = createPrivateKey(paper.key).export(cipher).toString()
    expect(problems(certificate, await file('locked.pem', locked))[0]).toMatch(
      /^DOORSTEP_APP_KEY: the key has a passphrase/,
    )
  })

  it('is refused after its end and before its beginning', async () => {
    const path = await file('both.pem', paper.certificate + paper.key)
    const DAY_MS = 86_400_000
    expect(problems(path, path, Date.now() + 366 * DAY_MS)[0]).toMatch(/it ended on \d{4}-\d\d-\d\d$/)
    expect(problems(path, path, Date.now() - 3 * DAY_MS)[0]).toMatch(/it begins on \d{4}-\d\d-\d\d$/)
  })
})
