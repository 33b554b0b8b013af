import { anyHolds, holds, parseIp, parseRange } from '../../core/cidr.ts'

/** Public resolver services whose nodes say where they stand. */
export const SERVICES = ['cloudflare', 'google', 'quad9', 'opendns'] as const
export type Service = (typeof SERVICES)[number]

/** The addresses that each service publishes for clients to configure, filtering variants included. */
const SERVED_AT: Readonly<Record<Service, readonly string[]>> = {
  cloudflare: [
    '1.1.1.1/32',
    '1.1.1.2/31',
    '1.0.0.1/32',
    '1.0.0.2/31',
    '2606:4700:4700::1111/128',
    '2606:4700:4700::1001/128',
    '2606:4700:4700::1112/127',
    '2606:4700:4700::1002/127',
  ],
  google: ['8.8.8.8/32', '8.8.4.4/32', '2001:4860:4860::8888/128', '2001:4860:4860::8844/128'],
  quad9: ['9.9.9.0/24', '149.112.112.0/24', '2620:fe::/48'],
  opendns: ['208.67.220.0/22', '2620:119:35::/48', '2620:119:53::/48', '2620:0:ccc::/48', '2620:0:ccd::/48'],
}

/**
 * Registered space that each service asks authorities from (the regional registries' records). It only decides which
 * service's own name is worth a question, so it may be wider than what is used; Cloudflare's node answers only where it
 * is asked itself, so its space is not needed.
 */
const ASKS_FROM: Readonly<Record<Exclude<Service, 'cloudflare'>, readonly string[]>> = {
  google: [
    '74.125.0.0/16',
    '172.217.0.0/16',
    '172.253.0.0/16',
    '173.194.0.0/16',
    '2404:6800::/32',
    '2607:f8b0::/32',
    '2800:3f0::/32',
    '2a00:1450::/32',
    '2c0f:fb50::/32',
  ],
  quad9: ['9.9.9.0/24', '74.63.16.0/20', '149.112.112.0/24', '2620:fe::/48', '2620:171::/40'],
  opendns: ['67.215.64.0/19', '146.112.0.0/16', '204.194.232.0/21', '208.67.216.0/21', '208.69.32.0/21'],
}

/** The service that is reached by asking `server`; null for any other server. */
export function serviceAt(server: string): Service | null {
  return SERVICES.find((service) => anyHolds(SERVED_AT[service], server)) ?? null
}

/** The service that asks authorities from this address, behind a forwarder too; null for any other. */
export function serviceBehind(ns: string): Exclude<Service, 'cloudflare'> | null {
  const services = ['google', 'quad9', 'opendns'] as const
  return services.find((service) => anyHolds(ASKS_FROM[service], ns)) ?? null
}

/** `id.server` of Cloudflare: an airport's code, sometimes with a number (`SEA`, `yul01`). */
export function cloudflareCode(text: string): string | null {
  return upper(/^([a-z]{3})\d{0,3}$/i.exec(text)?.[1])
}

/** `id.server.on.quad9.net`: `res120.qyul1.on.quad9.net` stands in YUL. */
export function quad9Code(text: string): string | null {
  return upper(/(?:^|\.)q([a-z]{3})\d{0,3}\.(?:on\.quad9|rrdns\.pch)\.net\.?$/i.exec(text)?.[1])
}

/** The node's name in `debug.opendns.com`: `server r3.yyz` stands in YYZ. */
export function openDnsNode(text: string): { node: string; code: string } | null {
  const [, node, code] = /^server ([a-z0-9-]{1,40}\.([a-z]{3})\d{0,3})$/i.exec(text) ?? []
  return node === undefined || code === undefined ? null : { node, code: code.toUpperCase() }
}

/** The line of `locations.publicdns.goog` (`<prefix> <code>`) whose prefix holds the address; the longest wins. */
export function googleNode(lines: readonly string[], ns: string): { node: string; code: string } | null {
  const ip = parseIp(ns)
  let best: { node: string; code: string; bits: number } | null = null
  for (const line of lines) {
    const [, prefix = '', code = ''] = /^(\S{1,49})\s+([a-z]{3})(?:\s.*)?$/i.exec(line) ?? []
    const range = parseRange(prefix)
    if (ip === null || range === null || !holds(range, ip)) continue
    if (best === null || range.bits > best.bits)
      best = { node: prefix, code: code.toUpperCase(), bits: range.bits }
  }
  return best === null ? null : { node: best.node, code: best.code }
}

function upper(code: string | undefined): string | null {
  return code?.toUpperCase() ?? null
}
