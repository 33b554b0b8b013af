import { createSecureContext, type SecureContext } from 'node:tls'
import type { Authority } from './certificates.ts'

/** A server's certificates by the name that a client asks for, made on first use. */
export interface TlsContexts {
  forHost(host: string): Promise<SecureContext>
}

/** @param chain whether the intermediates are sent after the leaf */
export const tlsContexts = (authority: Authority, chain: 'full' | 'leaf'): TlsContexts => {
  const made = new Map<string, Promise<SecureContext>>()
  const make = async (host: string): Promise<SecureContext> => {
    const { certificate, key } = await authority.issue(host)
    const cert = chain === 'full' ? `${certificate}\n${authority.intermediates}` : certificate
    return createSecureContext({ cert, key })
  }
  return {
    forHost: (host) => {
      const context = made.get(host) ?? make(host)
      made.set(host, context)
      return context
    },
  }
}

/** An `SNICallback` over these contexts. */
export const sniCallback =
  (contexts: TlsContexts, hostFor: (name: string) => string = (name) => name) =>
  (name: string, done: (error: Error | null, context?: SecureContext) => void): void => {
    contexts.forHost(hostFor(name)).then(
      (context) => done(null, context),
      (error: Error) => done(error),
    )
  }
