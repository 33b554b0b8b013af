import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as x509 from '@peculiar/x509'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { CLOUDS, type Cloud } from '../../src/teams/cloud.ts'

/** A signing key of an issuer, as it is published and as it signs. */
export interface IssuerKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK & { readonly endorsements?: readonly string[] }
}

/** How an address answers: properly, or in one of the ways that services fail in. */
export type Behaviour = (res: ServerResponse) => void

/** What somebody sent to a token service. */
export interface TokenRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly form: URLSearchParams
}

/** A new key; `null` endorsements leave the field out. */
export async function newIssuerKey(
  kid: string,
  endorsements: readonly string[] | null = ['msteams', 'webchat'],
): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const { kty, n, e } = await exportJWK(publicKey)
  const jwk = { kty, n, e, kid, use: 'sig', ...(endorsements === null ? {} : { endorsements }) } as JWK
  return { kid, privateKey, publicKey, jwk }
}

/** The claims of the connector's tokens. */
export function connectorClaims(
  appId: string,
  serviceUrl: string,
  now = Date.now(),
): Record<string, unknown> {
  const at = Math.floor(now / 1000)
  return { iss: CLOUDS.public.issuer, aud: appId, serviceurl: serviceUrl, nbf: at - 60, exp: at + 3_600 }
}

/** Signs claims as the connector does. */
export function signed(
  key: Pick<IssuerKey, 'kid' | 'privateKey'>,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header })
    .sign(key.privateKey)
}

/**
 * Everything of Microsoft's that sign-in talks to, on one loopback port: the connector's OpenID documents, Entra's token
 * endpoint, and the token services of managed identities.
 */
export class IdentityProvider {
  readonly #server = createServer((req, res) => void this.#answer(req, res))
  #port = 0
  /** What is published now. */
  keys: readonly IssuerKey[] = []
  /** Instead of the proper answer of the OpenID document, the keys and the token services. */
  behave: { metadata?: Behaviour; keys?: Behaviour; token?: Behaviour } = {}
  /** How often each was asked. */
  readonly asked = { metadata: 0, keys: 0, token: 0 }
  readonly tokenRequests: TokenRequest[] = []

  static async start(): Promise<IdentityProvider> {
    const made = new IdentityProvider()
    await new Promise<void>((done) => made.#server.listen(0, '127.0.0.1', done))
    made.#port = (made.#server.address() as AddressInfo).port
    return made
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** A cloud of Microsoft's, with this provider in the place of its identity services. */
  cloud(over: Partial<Cloud> = {}): Cloud {
    const openIdMetadata = `${this.url}/v1/.well-known/openidconfiguration`
    return { ...CLOUDS.public, openIdMetadata, login: this.url, ...over }
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((done) => this.#server.close(() => done()))
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', this.url)
    const what = url.pathname.endsWith('/openidconfiguration')
      ? 'metadata'
      : url.pathname.endsWith('/keys')
        ? 'keys'
        : 'token'
    this.asked[what] += 1
    const chunks: Buffer[] = []
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
    if (what === 'token') {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      this.tokenRequests.push({ method: req.method ?? '', url, headers: req.headers, form })
    }
    const behave = this.behave[what]
    if (behave) behave(res)
    else json(this.#proper(what))(res)
  }

  #proper(what: 'metadata' | 'keys' | 'token'): object {
    if (what === 'keys') return { keys: this.keys.map(({ jwk }) => jwk) }
    if (what === 'token') return { token_type: 'Bearer', expires_in: 3_599, access_token: this.tokenNow() }
    return {
      issuer: CLOUDS.public.issuer,
      jwks_uri: `${this.url}/v1/.well-known/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  /** The token that the next question for one gets, and later ones another. */
  tokenNow(): string {
    return `bot-token-${this.asked.token}`
  }
}

/** Answers with JSON. */
export function json(body: unknown, status = 200): Behaviour {
  return (res) => {
    res.statusCode = status
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify(body))
  }
}

/** The ways in which a service does not answer properly. */
export const TROUBLES: Readonly<Record<string, Behaviour>> = {
  'cuts the connection': (res) => void res.socket?.resetAndDestroy(),
  'answers 500': json({ error: 'server_error' }, 500),
  'answers 404': json({}, 404),
  'sends elsewhere': (res) => {
    res.statusCode = 302
    res.setHeader('location', 'https://evil.example/keys')
    res.end('{}')
  },
  'answers with a page': (res) => void res.end('<html>Sign in to the network</html>'),
  'answers with nothing': (res) => void res.end(),
  'answers with null': json(null),
  'answers with a list': json([]),
  'answers with far too much': (res) => void res.end(JSON.stringify({ pad: 'x'.repeat(2 * 1024 * 1024) })),
  'stops in the middle': (res) => {
    res.setHeader('content-length', '1000')
    res.write('{"issuer":', () => res.socket?.resetAndDestroy())
  },
}

/** Never answers. */
export const HANGS: Behaviour = () => undefined

/** A certificate with its key, PEM, from a day ago to `days` from now. */
export async function newCertificate(days = 365): Promise<{ certificate: string; key: string; der: Buffer }> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  x509.cryptoProvider.set(globalThis.crypto)
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Doorstep bot',
    notBefore: new Date(Date.now() - 86_400_000 * (days > 0 ? 1 : 30)),
    notAfter: new Date(Date.now() + days * 86_400_000),
    signingAlgorithm: algorithm,
    keys: keys as never,
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    certificate: made.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    der: Buffer.from(made.rawData),
  }
}
