import type { FindingArgs, ReachSeen } from '../../src/core/finding.ts'

const HOST = 'outlook.office365.com'
const EDGE = 'contoso.sharepoint.com'

export function host(over: Partial<FindingArgs['host-seen']> = {}): FindingArgs['host-seen'] {
  return { interfaces: [], ipv6: false, sources: [], proxies: [], clockOffsetMs: 0, ...over }
}

export function proxied(over: Partial<FindingArgs['proxy-compared']> = {}): FindingArgs['proxy-compared'] {
  const way = { ms: 30, verified: true, issuer: 'DigiCert', authorityKey: 'key-of-digicert' }
  return {
    proxy: 'http://10.1.0.8:3128',
    from: 'system',
    script: null,
    host: HOST,
    takes: [HOST, EDGE],
    direct: way,
    connectStatus: 200,
    via: way,
    ...over,
  }
}

export function reach(
  over: Partial<FindingArgs['reach-seen']> = {},
  host: Partial<ReachSeen> = {},
): FindingArgs['reach-seen'] {
  const seen: ReachSeen = {
    host: HOST,
    port: 443,
    address: '52.96.1.1',
    hidden: false,
    status: 302,
    failure: null,
    proxy: null,
    ms: 12,
    ...host,
  }
  return { set: 1, category: 'Optimize', hosts: [seen], ...over }
}

/** A file of 15 MB that came at 12 MB/s. */
export function download(
  over: Partial<FindingArgs['throughput-seen']> = {},
): readonly ['throughput-seen', FindingArgs['throughput-seen']] {
  const seen = { bytes: 15_000_000, wholeMBps: 10, secondHalfMBps: 12, idleMs: 9, loadedMs: 20 }
  return ['throughput-seen', { host: 'contoso.sharepoint.com', ...seen, ...over }]
}
