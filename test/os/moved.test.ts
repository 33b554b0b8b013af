import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { scratch } from '../support/scratch.ts'

const CONF = '/etc/resolv.conf'
const folders = scratch('doorstep-moved-')
afterAll(() => folders.remove())

/** A mount of one's own over the system's file: root in most containers may, and users where namespaces are allowed. */
const mayMount = spawnSync('unshare', ['-rm', 'mount', '--bind', '/dev/null', CONF]).status === 0

describe('systemResolvers', () => {
  it.skipIf(!mayMount)('tells the servers of now, not those of when the process began', async () => {
    const folder = await folders.make()
    writeFileSync(`${folder}/resolv.conf`, 'nameserver 192.0.2.1\n')
    writeFileSync(
      `${folder}/moves.ts`,
      `import { writeFileSync } from 'node:fs'
       import { systemResolvers } from '${import.meta.resolve('../../src/os/interfaces.ts')}'
       const before = systemResolvers()
       writeFileSync('${CONF}', 'nameserver 192.0.2.2\\nnameserver 2001:db8::2\\n')
       console.log(JSON.stringify([before, systemResolvers()]))`,
    )
    const script = `mount --bind "$1/resolv.conf" ${CONF} && exec "$2" "$1/moves.ts"`
    const told = execFileSync('unshare', ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath])
    expect(JSON.parse(told.toString())).toEqual([['192.0.2.1'], ['192.0.2.2', '2001:db8::2']])
  })
  it.skipIf(!mayMount)('tells the servers behind systemd-resolved too', async () => {
    const folder = await folders.make()
    writeFileSync(`${folder}/stub.conf`, 'nameserver 127.0.0.53\noptions edns0 trust-ad\n')
    writeFileSync(`${folder}/resolv.conf`, 'nameserver 192.0.2.1\nnameserver 2001:db8::1\nsearch .\n')
    writeFileSync(
      `${folder}/tells.ts`,
      `import { systemResolvers } from '${import.meta.resolve('../../src/os/interfaces.ts')}'
       console.log(JSON.stringify(systemResolvers()))`,
    )
    const script = `mount --bind "$1/stub.conf" ${CONF} && mount -t tmpfs none /run &&
      mkdir -p /run/systemd/resolve && cp "$1/resolv.conf" /run/systemd/resolve/ && exec "$2" "$1/tells.ts"`
    const told = execFileSync('unshare', ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath])
    expect(JSON.parse(told.toString())).toEqual(['127.0.0.53', '192.0.2.1', '2001:db8::1'])
  })
})
