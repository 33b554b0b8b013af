import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRegQuery, parseScutil } from '../../src/os/proxy-formats.ts'
import { systemProxy } from '../../src/os/system-proxy.ts'

const REG = `
HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings
    ProxyEnable    REG_DWORD    0x1
    ProxyServer    REG_SZ    proxy.example:8080
    ProxyOverride    REG_SZ    *.office365.com;*.contoso.com;<local>
    AutoConfigURL    REG_SZ    http://wpad.example/proxy.pac
    EnableHttp1_1    REG_DWORD    0x1
`.replaceAll('\n', '\r\n')

const SCUTIL = `<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  ExcludeSimpleHostnames : 0
  HTTPEnable : 1
  HTTPPort : 3128
  HTTPProxy : other.example
  HTTPSEnable : 1
  HTTPSPort : 3129
  HTTPSProxy : proxy.example
  ProxyAutoConfigEnable : 0
}
`

describe("what Windows' registry says", () => {
  it('reads server, exceptions and script', () => {
    expect(parseRegQuery(REG)).toEqual({
      from: 'system',
      url: 'http://proxy.example:8080',
      bypass: ['*.office365.com', '*.contoso.com', '<local>'],
      pac: 'http://wpad.example/proxy.pac',
    })
  })

  it('takes the proxy for https where each protocol has its own', () => {
    const own = REG.replace('proxy.example:8080', 'http=a.example:1;https=b.example:2;ftp=c.example:3')
    expect(parseRegQuery(own)?.url).toBe('http://b.example:2')
    expect(parseRegQuery(REG.replace('proxy.example:8080', 'http=a.example:1'))?.url).toBeNull()
  })

  it('knows a proxy that is switched off, and one that was never set', () => {
    const off = REG.replace('0x1', '0x0')
    expect(parseRegQuery(off)).toMatchObject({ url: null, pac: 'http://wpad.example/proxy.pac' })
    expect(parseRegQuery('\r\n    ProxyEnable    REG_DWORD    0x0\r\n')).toBeNull()
  })
})

describe('what scutil says', () => {
  it('reads the https proxy and the exceptions', () => {
    expect(parseScutil(SCUTIL)).toEqual({
      from: 'system',
      url: 'http://proxy.example:3129',
      bypass: ['*.local', '169.254/16'],
      pac: null,
    })
  })

  it('reads a script, and nothing where nothing is on', () => {
    const script = SCUTIL.replace('HTTPSEnable : 1', 'HTTPSEnable : 0').replace(
      'ProxyAutoConfigEnable : 0',
      'ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://u:p@wpad.example/a.pac',
    )
    expect(parseScutil(script)).toMatchObject({ url: null, pac: 'http://wpad.example/a.pac' })
    expect(parseScutil('<dictionary> {\n}\n')).toBeNull()
  })
})

describe('both', () => {
  it('read any text without a throw', () => {
    const lines = fc.array(
      fc.constantFrom(...REG.split('\r\n'), ...SCUTIL.split('\n'), '}', ' x : ', '    A    REG_SZ    '),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          lines.map((all) => all.join('\n')),
        ),
        (text) => {
          for (const read of [parseRegQuery(text), parseScutil(text)]) {
            if (read?.url) expect(new URL(read.url).password).toBe('')
          }
        },
      ),
    )
  })
})

describe('the setting of the system', () => {
  it('is asked where there is one, and is not known where the asking fails', async () => {
    const asked: string[] = []
    const run = (text: string | null) => async (file: string, args: readonly string[]) => {
      asked.push([file, ...args].join(' '))
      return text
    }
    expect(await systemProxy('win32', run(REG))).toMatchObject({ url: 'http://proxy.example:8080' })
    expect(await systemProxy('darwin', run(SCUTIL))).toMatchObject({ url: 'http://proxy.example:3129' })
    expect(await systemProxy('darwin', run(null))).toBeUndefined()
    expect(await systemProxy('linux', run(REG))).toBeNull()
    expect(asked.map((line) => line.split(' ')[0])).toEqual(['reg', 'scutil', 'scutil'])
  })
})
