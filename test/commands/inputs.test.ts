import { describe, expect, it } from 'vitest'
import { ALL_IDS, contextOf, OFFICES, say } from './context.ts'

describe('a command that names one office, however it is typed', () => {
  it.each([
    ['as documented', 'check office Seattle', 'seattle'],
    ['without the word office', 'check Seattle', 'seattle'],
    ['in capitals with blanks between', 'CHECK   OFFICE   SEATTLE', 'seattle'],
    ['with blanks around', '  check seattle  ', 'seattle'],
    ['with no-break spaces', 'check\u00a0office\u00a0Seattle', 'seattle'],
    ['with zero-width spaces', '\u200bcheck\u200b Sea\u200bttle\u200b', 'seattle'],
    ['with a byte order mark', '\ufeffcheck Seattle', 'seattle'],
    ['in full-width letters', 'ｃｈｅｃｋ　ｏｆｆｉｃｅ　Ｓｅａｔｔｌｅ', 'seattle'],
    ['with a trailing dot', 'check office Seattle.', 'seattle'],
    ['with an ideographic full stop', 'check 東京。', 'office-7'],
    ['as a question', 'check Seattle?', 'seattle'],
    ['in straight quotes', 'check "Seattle"', 'seattle'],
    ['in smart quotes', 'check office “Seattle”', 'seattle'],
    ['in guillemets', 'check «Seattle»', 'seattle'],
    ['in back quotes', 'check `Seattle`', 'seattle'],
    ['with a line break', 'check\noffice\r\nSeattle', 'seattle'],
    ['with a tabulator', 'check\tSeattle', 'seattle'],
    ['by its alias', 'check SEA', 'seattle'],
    ['by an alias of two words', 'check head office', 'seattle'],
    ['by its id', 'check san-diego', 'san-diego'],
    ['with its marks', 'check San José', 'san-jose'],
    ['without its marks', 'check san jose', 'san-jose'],
    ['with its marks taken apart', 'check Zu\u0308rich', 'zurich'],
    ['in its own script', 'check 東京', 'office-7'],
    ['with an apostrophe of another kind', "check Coeur d'Alene", 'coeur'],
    ['with its own trailing dot', 'check Washington D.C.', 'washington'],
    ['without its own trailing dot', 'check Washington D.C', 'washington'],
    ['when its name begins with office', 'check office Office Park', 'park'],
    ['when it is checked only by name', 'check here', 'here'],
    ['with a right-to-left override inside', 'check Sea\u202ettle', 'seattle'],
    ['with emoji variation selectors', 'check Seattle\ufe0f', 'seattle'],
    ['with a soft hyphen', 'check Sea\u00adttle', 'seattle'],
  ])('%s', async (_how, text, office) => {
    expect(await say(text)).toMatchObject({ kind: 'check', offices: [office] })
  })

  it.each(['check all', 'CHECK ALL.', 'check\u00a0all'])(
    'means every office but the ones that want to be named: %j',
    async (text) => {
      expect(await say(text)).toMatchObject({ kind: 'check', offices: ALL_IDS })
    },
  )
})

describe('a check with download', () => {
  it.each([
    ['check office Seattle with download', 'seattle'],
    ['CHECK Seattle  WITH Download.', 'seattle'],
    ['check "Washington D.C." with download', 'washington'],
    ['check 東京 with download', 'office-7'],
  ])('%s', async (text, office) => {
    expect(await say(text)).toMatchObject({ kind: 'check', offices: [office], download: true })
  })

  it('is made only when it is asked for', async () => {
    expect(await say('check office Seattle')).toMatchObject({ kind: 'check', download: false })
  })

  it('is refused for all offices at once', async () => {
    expect(await say('check all with download')).toMatchObject({
      refused: true,
      text: expect.stringContaining('one office at a time'),
    })
  })

  it('asks which office when none is named', async () => {
    expect(await say('check office with download')).toMatchObject({ refused: true })
    expect(await say('check with download')).toMatchObject({ refused: true })
  })

  it('is kept by the buttons of a misspelt office', async () => {
    const { buttons } = await say('check Seatle with download')
    expect([...buttons.values()]).toEqual(['check office Seattle with download'])
  })
})

describe('nothing said', () => {
  it.each([
    ['nothing', ''],
    ['blanks', '   \n\t '],
    ['a no-break space', '\u00a0'],
    ['zero-width spaces', '\u200b\u200c\u200d\u2060\ufeff'],
    ['28 KB of zero-width spaces', '\u200b'.repeat(28_000)],
    ['a dot', '.'],
    ['quotes', '""'],
    ['control characters', '\u0000\u0007\u001b'],
  ])('is answered with help: %s', async (_name, text) => {
    expect(await say(text)).toMatchObject({ kind: 'help', refused: false })
  })

  it.each(['hello', 'Hi!', 'help', 'HELP.'])('%s is answered with help too', async (text) => {
    expect(await say(text)).toMatchObject({ kind: 'help', refused: false })
  })
})

describe('a name that is no office', () => {
  it.each([
    ['a typing error', 'check Seatle', ['check office Seattle']],
    ['two letters swapped', 'check Lodnon', ['check office London']],
    ['a Cyrillic letter that looks the same', 'check S\u0435attle', ['check office Seattle']],
    ['the beginning of one name', 'check Wash', ['check office Washington D.C.']],
    ['a second command behind it', 'check Seattle; revoke all', []],
    ['a second command on a new line', 'check Seattle\ncheck London', []],
    ['a shell’s and', 'check seattle && check london', []],
    ['two offices', 'check Seattle London', []],
    ['a path', 'check ../../etc', []],
    ['a template', 'check ${1+1}', []],
    ['__proto__', 'check __proto__', []],
    ['constructor', 'check constructor', []],
    ['toString', 'check toString', []],
    ['an OData filter', "check ' or PartitionKey ne '", []],
    ['a mention that was typed', 'check <at>Everyone</at>', []],
    ['HTML', 'check <b>Seattle</b>', []],
    ['a Markdown link', 'check [Seattle](https://evil.example)', []],
    ['an IPv4 address', 'check 10.0.0.1', []],
    ['an IPv6 address', 'check fe80::1%eth0', []],
    ['a URL', 'check http://169.254.169.254/latest', []],
    ['a host name', 'check office outlook.office365.com', []],
    ['an emoji', 'check 🏢', []],
    ['a lone surrogate', 'check \ud800', []],
    ['all but for one office', 'check office all', []],
    ['the longest text that is read', `check ${'x'.repeat(194)}`, []],
  ])('begins no check and suggests at most: %s', async (_name, text, commands) => {
    const said = await say(text)
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect([...said.buttons.values()]).toEqual(commands.length > 0 ? commands : ['offices'])
  })

  it.each(['check 10.0.0.1', 'check http://169.254.169.254', 'check fe80::1', 'check example.com'])(
    'says that only registered offices are checked: %s',
    async (text) => {
      expect((await say(text)).text).toContain('I check registered offices only')
    },
  )

  it('asks which of several is meant, with a button for each', async () => {
    const said = await say('check San')
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect(said.text).toContain('Several offices match')
    expect([...said.buttons.values()]).toEqual(['check office San José', 'check office San Diego'])
  })

  it('never turns a suggestion into another question: every button’s command names one office', async () => {
    for (const text of [
      'check San',
      'status San',
      'why San local-dns',
      'status Parc',
      'status Office Parc',
    ]) {
      const { buttons } = await say(text)
      for (const command of buttons.values()) {
        const { kind, text: card } = await say(command)
        expect(kind === 'refusal' && !card.includes('was never checked'), `${text} -> ${command}`).toBe(false)
      }
    }
  })

  it('tells two names apart that differ in marks alone', async () => {
    const alike = OFFICES.map((office) =>
      office.id === 'san-diego' ? { ...office, name: 'San Jose' } : office,
    )
    expect(await say('check San José', contextOf('operator', alike))).toMatchObject({ offices: ['san-jose'] })
    expect(await say('check San Jose', contextOf('operator', alike))).toMatchObject({
      offices: ['san-diego'],
    })
    expect(await say('check SAN JOSE', contextOf('operator', alike))).toMatchObject({ kind: 'refusal' })
  })
})

describe('what cannot be a command', () => {
  it.each([
    ['201 characters', 'x'.repeat(201)],
    ['28 KB of text', 'check Seattle '.repeat(2_000)],
    ['10,000 words', 'a '.repeat(10_000)],
  ])('is too long and is not repeated: %s', async (_name, text) => {
    const said = await say(text)
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect(said.text).toContain('too long')
    expect(said.text).not.toContain('xxx')
    expect(said.text).not.toContain('Seattle')
  })

  it.each([
    'revoke all',
    'what is the weather',
    '検査',
    '/check Seattle',
    'rechecks',
    '=1+1',
    'chek Seattle',
    'office',
  ])('is not understood, with help beside it: %s', async (text) => {
    const said = await say(text)
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect([...said.buttons.values()]).toContain('help')
  })

  it('that is nearly one is offered as help for it', async () => {
    expect([...(await say('chekc Seattle')).buttons.values()]).toContain('help check')
    expect([...(await say('ofices')).buttons.values()]).toContain('help offices')
  })

  it('says which office and which criterion why needs', async () => {
    for (const text of ['why', 'why Seattle', 'why local-dns']) {
      expect((await say(text)).text).toContain('why Seattle local-dns')
    }
    expect((await say('why Seattle local dns')).text).toContain('was never checked')
    expect((await say('why office Head office Local DNS')).text).toContain('was never checked')
  })
})

describe('check with no name', () => {
  it.each(['check', 'check ', 'check office', 'check office .'])('asks which: %j', async (text) => {
    const said = await say(text)
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect(said.text).toContain('Which office?')
    expect(said.buttons.size).toBe(5)
  })

  it('says so where there is no office at all', async () => {
    for (const text of ['check', 'check all']) {
      expect((await say(text, contextOf('operator', []))).text).toContain('no office to check')
    }
  })
})
