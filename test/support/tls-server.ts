import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import * as x509 from '@peculiar/x509'

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

/** A root, an intermediate it signed and a leaf for `host`; all PEM. */
export interface TestChain {
  readonly host: string
  readonly root: string
  readonly intermediate: string
  readonly leaf: string
  readonly key: string
}

/** Makes a fresh public key infrastructure for one host. `name` is part of the authorities' names. */
export async function makeChain(host: string, name = 'Doorstep test'): Promise<TestChain> {
  const make = () => webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])
  const [rootKeys, middleKeys, leafKeys] = await Promise.all([make(), make(), make()])
  const when = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) }
  const authority = [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
  ]
  x509.cryptoProvider.set(globalThis.crypto)
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...when,
    serialNumber: '01',
    name: `CN=${name} root`,
    keys: rootKeys,
    signingAlgorithm: EC,
    extensions: authority,
  })
  const intermediate = await x509.X509CertificateGenerator.create({
    ...when,
    serialNumber: '02',
    subject: `CN=${name} intermediate`,
    issuer: root.subject,
    publicKey: middleKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: EC,
    extensions: authority,
  })
  const leaf = await x509.X509CertificateGenerator.create({
    ...when,
    serialNumber: '03',
    subject: `CN=${host}`,
    issuer: intermediate.subject,
    publicKey: leafKeys.publicKey,
    signingKey: middleKeys.privateKey,
    signingAlgorithm: EC,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey)
  return {
    host,
    root: root.toString('pem'),
    intermediate: intermediate.toString('pem'),
    leaf: leaf.toString('pem'),
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  }
}

export interface TlsServer {
  readonly port: number
  close(): Promise<void>
}

/** A real HTTPS server on loopback that sends `certificates` in that order. */
export async function startTlsServer(
  chain: TestChain,
  certificates: readonly string[],
  options: ServerOptions = {},
  handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end('ok'),
): Promise<TlsServer> {
  const server = createServer({ key: chain.key, cert: certificates.join('\n'), ...options }, handle)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const bound = server.address()
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
