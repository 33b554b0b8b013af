import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { addedRoots } from '../../src/net/system-roots.ts'
import { makeCertificate, pemOf } from '../probes/certificates.ts'
import { scratch } from '../support/scratch.ts'

const folders = scratch('doorstep-roots-')
afterAll(() => folders.remove())

const corp = await makeCertificate({ name: 'O=Contoso, CN=Contoso Inspection CA' })
const below = await makeCertificate({ name: 'O=Contoso, CN=Contoso Issuing CA', by: corp })
const [known = '', other = ''] = rootCertificates

describe('addedRoots', () => {
  it('are those of the store that Node does not carry, each once', () => {
    const store = [known, pemOf(corp), other.replace(/\n/g, '\r\n'), pemOf(corp)]
    expect(addedRoots(() => store)).toBe(pemOf(corp).trim())
  })

  it('are roots alone', () => {
    expect(addedRoots(() => [known, pemOf(below)])).toBe('')
  })

  it('are not known where the store shows nothing, or cannot be read', () => {
    expect(addedRoots(() => [])).toBeNull()
    expect(
      addedRoots(() => {
        throw new Error('no store')
      }),
    ).toBeNull()
  })

  it('leave out what is no certificate', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
    expect(addedRoots(() => [broken, 'text'])).toBe('')
  })

  it.skipIf(process.platform !== 'linux')('are read from the real store', async () => {
    const folder = await folders.make()
    writeFileSync(`${folder}/store.pem`, `${known}\n${pemOf(corp)}\n${pemOf(below)}`)
    const read = `import { addedRoots } from '${import.meta.resolve('../../src/net/system-roots.ts')}'
      process.stdout.write(addedRoots() ?? 'none')`
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', read], {
      env: { SSL_CERT_FILE: `${folder}/store.pem`, SSL_CERT_DIR: folder },
      encoding: 'utf8',
    })
    expect(told).toBe(pemOf(corp).trim())
  })
})
