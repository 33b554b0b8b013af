import type { SampleLine, SamplePiece } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { round2 } from '../shared/numbers.ts'
import { theirList, theirs, timesText } from '../shared/samples.ts'
import type { Compared, HostResult, Way } from './result.ts'

/** What the machine says of itself: the proxy settings and what came of them, where packets leave, its clock. */
export function hostSamples({ interfaces, sources, proxies, compared, nat64, clockOffsetMs }: HostResult) {
  const lines: readonly SampleLine[] = [
    ...proxyLines(proxies),
    ...(compared === null ? [] : comparedLines(compared)),
    ...sources.map(({ target, host, address, source, failure }): SampleLine => {
      const to = address === null ? [] : [t` at `, theirs(address)]
      const from = source === null ? [failure ?? t`no source`] : [t`from `, theirs(source)]
      return { of: theirs(host), about: target, says: [...from, ...to] }
    }),
    ...interfaces.map(({ name, address }): SampleLine => ({ of: theirs(name), says: [theirs(address)] })),
    ...(nat64.length === 0 ? [] : [{ of: 'NAT64', says: theirList(nat64) }]),
    { of: t`Clock`, says: [t`${round2(clockOffsetMs)} ms from the hub’s`] },
  ]
  return lines
}

function proxyLines(proxies: HostResult['proxies']): readonly SampleLine[] {
  if (proxies === null) return [{ of: t`Proxy`, says: [t`the setting could not be read`] }]
  if (proxies.length === 0) return [{ of: t`Proxy`, says: [t`none set`] }]
  return proxies.map(({ from, url, pac, bypass }): SampleLine => {
    const by = url === null ? [] : [theirs(url)]
    const script = pac === null ? [] : [t`, script `, theirs(pac)]
    const past = bypass.length === 0 ? [] : [t`, past it `, ...theirList(bypass)]
    return { of: t`Proxy, ${from}`, says: [...by, ...script, ...past] }
  })
}

function comparedLines({ host, takes, direct, connectStatus, via }: Compared): readonly SampleLine[] {
  const status = connectStatus === null ? [] : [t`CONNECT ${connectStatus}`]
  return [
    { of: t`Direct`, says: [theirs(host), ': ', ...wayPieces(direct)] },
    {
      of: t`Through the proxy`,
      says: [
        theirs(host),
        ': ',
        ...status,
        ...(via === null ? [] : [status.length > 0 ? ', ' : '', ...wayPieces(via)]),
      ],
    },
    ...(takes.length === 0 ? [] : [{ of: t`The proxy takes`, says: theirList(takes) }]),
  ]
}

function wayPieces(way: Way): readonly SamplePiece[] {
  if ('failure' in way) return [way.failure]
  return [
    t`${way.verified ? 'verified' : t`not verified`}, issued by `,
    theirs(way.issuer),
    `: ${timesText([way.ms])}`,
  ]
}
