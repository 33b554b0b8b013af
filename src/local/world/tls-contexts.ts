import { createSecureContext, type SecureContext } from 'node:tls'
import type { Authority } from './certificates.ts'

/** A server's certificates by the name that a client asks for, made on first use. */
export interface TlsContexts {
  forHost(host: string): SecureContext
}

/** @param chain whether the intermediates are sent after the leaf */
export const tlsContexts = (authority: Authority, chain: 'full' | 'leaf'): TlsContexts => {
  const made = new Map<string, SecureContext>()
  const make = (host: string): SecureContext => {
    const { certificate, key } = authority.issue(host)
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
    done(null, contexts.forHost(hostFor(name)))
  }
