import { describe, expect, it } from 'vitest'
import { done, type Failure, failed } from '../../src/core/failure.ts'
import type { TcpPort } from '../../src/core/ports.ts'
import { makeCertificate } from './certificates.ts'
import { argsOf, tls } from './fakes.ts'
import { chainOf, HOST, ISSUING, LEAF, look } from './tls-support.ts'

const issuing = await makeCertificate({ name: ISSUING })
const leaf = await makeCertificate({ name: LEAF, by: issuing, host: HOST })

describe('a large ClientHello that fails', () => {
  /** A path on which the large ClientHellos end so, in their order, and the small ones get through. */
  const helloPath = (words: readonly (Failure | null)[], largeHello = true) => {
    const hellos: string[] = []
    const large = [...words]
    const handshake: TcpPort['handshake'] = async ({ smallHello, timeoutMs }) => {
      hellos.push(`${smallHello ? 'small' : 'large'} ${timeoutMs}`)
      const word = smallHello ? null : (large.shift() ?? null)
      return word === null ? tls(chainOf([leaf, issuing], null)) : failed(word)
    }
    const connect: TcpPort['connect'] = async () => done({ ms: 10 })
    return { hellos, tcp: { connect, handshake, largeHello } }
  }
  const DROPPED = 'large-clienthello-dropped'

  it('tells of a dropped large ClientHello where one failed, a small one got through, and one failed again', async () => {
    const { hellos, tcp } = helloPath(['timeout', 'timeout'])
    const { findings } = await look({ tcp })
    expect(hellos).toEqual([
      'large 4000',
      'small 4000',
      'large 2009',
      'small 4000',
      'small 4000',
      'small 4000',
    ])
    expect(argsOf(findings, 'tls-seen').smallHelloOnly).toBe(true)
    expect(argsOf(findings, DROPPED)).toEqual({ host: HOST })
  })

  it.each(['timeout', 'reset', 'tls-failed'] as const)(
    'takes one %s that does not come again for what it is',
    async (word) => {
      const { hellos, tcp } = helloPath([word])
      const { findings, result } = await look({ tcp })
      expect(hellos.map((hello) => hello.split(' ')[0])).toEqual([
        'large',
        'small',
        'large',
        ...Array(3).fill('large'),
      ])
      expect(result.hosts[0]).toMatchObject({ smallHelloOnly: false, failure: null })
      expect(findings.map(({ code }) => code)).not.toContain(DROPPED)
      expect(argsOf(findings, 'tls-seen').chain).toBe('clean')
    },
  )

  it('tells of none where the large one then fails for another reason', async () => {
    const { tcp } = helloPath(['timeout', 'refused'])
    const { findings } = await look({ tcp })
    expect(findings.map(({ code }) => code)).toEqual(['tls-seen'])
  })

  it('tells of none where the usual ClientHello is small: the second try is only a second one', async () => {
    const { hellos, tcp } = helloPath(['reset', 'reset', 'reset', 'reset'], false)
    const { findings } = await look({ tcp })
    expect(hellos[1]).toBe('small 4000')
    expect(findings.map(({ code }) => code)).toEqual(['tls-seen'])
  })

  it('tells of none where the time ended during the last try', async () => {
    const ended = new AbortController()
    const { tcp } = helloPath(['timeout', 'timeout'])
    let large = 0
    const handshake: TcpPort['handshake'] = (target, signal) => {
      if (target.smallHello !== true && ++large === 2) ended.abort()
      return tcp.handshake(target, signal)
    }
    const { findings } = await look({ tcp: { ...tcp, handshake }, signal: ended.signal })
    expect(findings.map(({ code }) => code)).toEqual(['tls-seen'])
  })
})
