import { describe, expect, it } from 'vitest'
import type { Authority } from '../../../src/core/authority.ts'
import { StoreTrouble } from '../../../src/core/table-store.ts'
import { ANA, anOffice, BO } from '../../support/check-kit.ts'
import type { MemoryRegistry } from '../../support/registry-kit.ts'
import { contextOf, press, say, type TestContext } from '../context.ts'

const SEATTLE = anOffice('seattle', { egress: ['198.51.100.0/24'], tags: ['west'] })
const LONDON = anOffice('london', { at: { latitude: 51.5, longitude: -0.12 }, timeZone: 'Europe/London' })
const HERE = anOffice('here', { name: 'here', onlyWhenNamed: true })
const admin = (offices = [SEATTLE, LONDON, HERE]) => contextOf('admin', offices)
const all = (context: TestContext) => (context.registry as MemoryRegistry).all()
const stored = (context: TestContext, id: string) => all(context).find((office) => office.id === id)
const file = (...lines: string[]) => `office import\n${lines.join('\n')}`

/** The header of the admin centre's own file. */
const MS =
  'userEntered,Name,Address,Latitude,Longitude,Egress IP Address ranges 1,Egress IP Address ranges 2,LanIps'
const OURS = 'Name,Latitude,Longitude,TimeZone,Egress IP Address ranges 1,Tags'

describe('office import', () => {
  it('takes the admin centre’s own file: circuits, addresses, and zones by the city', async () => {
    const context = admin()
    const said = await say(
      file(
        MS,
        '1,Lyon,"12 Rue de la R, 69003 Lyon, France",45.76,4.84,Main line 203.0.113.0/24 203.0.114.0/24,Backup 192.0.2.0/24,10.1.0.0/16',
        '1,Seattle,"Seattle, WA",47.61,-122.33,Main 198.51.100.0/24,,10.2.0.0/16',
      ),
      context,
    )
    expect(said).toMatchObject({ kind: 'form', refused: false })
    expect(said.text).toContain('1 office to add and 0 office')
    expect(all(context)).toHaveLength(3)
    expect((await press('Import, keep others', context)).text).toContain('The offices are imported')
    expect(stored(context, 'lyon')).toMatchObject({
      egress: ['203.0.113.0/24', '203.0.114.0/24', '192.0.2.0/24'],
      timeZone: 'Europe/Paris',
    })
    expect(stored(context, 'seattle')).toEqual(SEATTLE)
    expect(stored(context, 'london')).toEqual(LONDON)
  })

  it('reads what is pasted into its form', async () => {
    const context = admin()
    expect((await say('office import', context)).kind).toBe('form')
    await press('Dry run', context, { csv: `${OURS}\nOslo,59.91,10.75,Europe/Oslo,203.0.113.0/24,emea` })
    await press('Import, keep others', context)
    expect(stored(context, 'oslo')).toMatchObject({ tags: ['emea'], timeZone: 'Europe/Oslo' })
  })

  const oslo = 'Oslo,59.91,10.75,Europe/Oslo,203.0.113.0/24,emea'
  it.each([
    ['a byte order mark', `\uFEFF${OURS}\n${oslo}`],
    ['carriage returns', `${OURS}\r${oslo}\r`],
    ['Windows line ends', `${OURS}\r\n${oslo}\r\n`],
    ['mixed line ends and blank lines', `\n${OURS}\r\n\n\r${oslo}\n\n`],
    ['a trailing comma', `${OURS},\n${oslo},`],
    ['columns in another order', 'Tags,TimeZone,Name,Longitude,Latitude\nemea,Europe/Oslo,Oslo,10.75,59.91'],
    ['semicolons', `${OURS}\n${oslo}`.replaceAll(',', ';')],
    ['tabs, as spreadsheets copy', `${OURS}\n${oslo}`.replaceAll(',', '\t')],
    ['quotes around cells', `${OURS}\n"Oslo","59.91","10.75","Europe/Oslo","203.0.113.0/24","emea"`],
  ])('forgives %s', async (_what, csv) => {
    const context = admin()
    await say('office import', context)
    const said = await press('Dry run', context, { csv })
    expect(said.text).toContain('1 office to add')
    await press('Import, keep others', context)
    expect(stored(context, 'oslo')).toMatchObject({ tags: ['emea'], timeZone: 'Europe/Oslo' })
  })

  it.each([
    ['an empty file', '', 'Line 1: the file is empty'],
    ['a header alone', OURS, 'Line 1: below the header there are no offices'],
    ['no header', oslo, 'Line 1: the first line must name the columns'],
    ['a column twice', `${OURS},Name\n${oslo},x`, 'Line 1: the column Name stands twice'],
    ['UTF-16', `N\0a\0m\0e\0`, 'Line 1: this is not UTF-8'],
    ['Latin-1', `${OURS}\nZ\uFFFDrich,47.4,8.5,Europe/Zurich,,`, 'Line 2: some letters are lost'],
    ['a quote that is not closed', `${OURS}\n"Oslo,59.91`, 'Line 2: a quote is not closed'],
    [
      'a quote in the middle',
      `${OURS}\nOs"lo,59.91,10.75,Europe/Oslo,,`,
      'Line 2: a quote stands in the middle',
    ],
    [
      'a line break in a cell',
      `${OURS}\n"Os\nlo",59.91,10.75,Europe/Oslo,,`,
      'Line 2: a cell goes over several',
    ],
    [
      'a huge cell',
      `${OURS}\n${'x'.repeat(5_000)},59.91,10.75,Europe/Oslo,,`,
      'Line 2: a cell has more than',
    ],
    ['a huge file', `${OURS}\n${'x,'.repeat(100_001)}`, 'Line 1: the file is longer than'],
    ['too many rows', `${OURS}\n${'a,1,1,UTC\n'.repeat(2_001)}`, 'the file has more than 2000 rows'],
    ['too many cells', `${OURS}\n${oslo},one,two`, 'Line 2: has 8 cells; the header has 6'],
    [
      'a name twice',
      `${OURS}\n${oslo}\nÓSLO,59.91,10.75,Europe/Oslo,,`,
      'Line 3: ÓSLO stands in line 2 already',
    ],
    [
      'a reserved name',
      `${OURS}\nall,59.91,10.75,Europe/Oslo,,`,
      'Line 2: the name all means something else',
    ],
    ['a name of one letter', `${OURS}\nx,59.91,10.75,Europe/Oslo,,`, 'must have 2 to 58'],
    ['a name of 200', `${OURS}\n${'x'.repeat(200)},59.91,10.75,Europe/Oslo,,`, 'must have 2 to 58'],
    [
      'swapped coordinates',
      `${OURS}\nSydney,151.2,-33.87,Australia/Sydney,,`,
      'latitude and longitude swapped',
    ],
    ['a place off the globe', `${OURS}\nOslo,59.91,190,Europe/Oslo,,`, 'longitude 190 is beyond 180'],
    ['a decimal comma', `${OURS}\nOslo,"59,91","10,75",Europe/Oslo,,`, 'write it with a dot, as 45.76'],
    ['half a place', `${OURS}\nOslo,59.91,,Europe/Oslo,,`, 'must both be there, or neither'],
    ['an unknown zone', `${OURS}\nOslo,59.91,10.75,Europe/Atlantis,,`, 'no time zone I know'],
    ['no zone and no city', `Name,Latitude,Longitude\nPlant 7,59.91,10.75`, 'time zone is missing'],
    [
      'bits beyond the range',
      `${OURS}\nOslo,59.91,10.75,Europe/Oslo,203.0.113.7/24,`,
      'Did you mean 203.0.113.0/24',
    ],
    ['a private range', `${OURS}\nOslo,59.91,10.75,Europe/Oslo,10.0.0.0/24,`, '10.0.0.0/24 is private'],
    ['an IPv6 zone', `${OURS}\nOslo,59.91,10.75,Europe/Oslo,fe80::1%eth0,`, 'no address or range'],
    ['an unknown Id', `Id,${OURS}\nnowhere,${oslo}`, 'no office has the Id nowhere'],
    ['another’s alias', `${OURS},Aliases\n${oslo},London`, 'has a name that means London already'],
  ])('refuses %s with its line, and imports nothing', async (_what, csv, says) => {
    const context = admin()
    await say('office import', context)
    const said = await press('Dry run', context, { csv })
    expect(said).toMatchObject({ kind: 'form', refused: true })
    expect(said.text.toLowerCase()).toContain(says.toLowerCase())
    expect(all(context)).toEqual([SEATTLE, LONDON, HERE])
    expect([...context.offered.keys()]).toEqual(['Dry run'])
  })

  it('lists every problem of a file, in the order of its lines', async () => {
    const context = admin()
    const said = await say(file(OURS, 'x,1,1,UTC,,', oslo, 'Bergen,91,5.3,Europe/Oslo,10.0.0.1,'), context)
    const lines = said.text.split('\n').filter((line) => line.startsWith('! '))
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      expect.stringContaining('3 problems'),
      '! Line 2',
      '! Line 4',
      '! Line 4',
    ])
  })

  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)'])(
    'keeps %s as the text that it is',
    async (name) => {
      const context = admin([])
      await say(file('Name,TimeZone,Latitude,Longitude', `"${name.replaceAll('"', '""')}",UTC,1,1`), context)
      await press('Import', context)
      expect(all(context).map((office) => office.name)).toEqual([name])
      expect((await say('office export', context)).text).not.toContain('no office')
    },
  )

  it('changes what a column says and leaves the rest, limits too', async () => {
    const limited = {
      ...SEATTLE,
      overrides: [
        { criterion: 'local-dns', value: 300, author: 'Bo', reason: 'so', expiresAt: 9e12 },
      ] as const,
    }
    const context = admin([limited, LONDON])
    await say(file('Name,Tags', 'Seattle,west sales', 'London,'), context)
    await press('Import', context)
    expect(stored(context, 'seattle')).toEqual({ ...limited, tags: ['west', 'sales'] })
    expect(stored(context, 'london')).toEqual(LONDON)
  })

  it('renames by Id: runners and history follow the id', async () => {
    const context = admin()
    await say(file('Id,Name', 'seattle,Seattle HQ', 'london,London'), context)
    await press('Import', context)
    expect(stored(context, 'seattle')).toMatchObject({
      id: 'seattle',
      name: 'Seattle HQ',
      egress: SEATTLE.egress,
    })
  })

  it('does nothing with the same file a second time', async () => {
    const context = admin()
    const text = file(OURS, oslo, 'Seattle,47.61,-122.33,America/Los_Angeles,198.51.100.0/24,west')
    await say(text, context)
    await press('Import, keep others', context)
    const before = all(context)
    const said = await say(text, context)
    expect(said.text).toContain('0 offices to add and 0 offices to change')
    expect(all(context)).toEqual(before)
  })

  it('removes what the file lacks only when that is pressed, and asks twice when it is much', async () => {
    const many = Array.from({ length: 8 }, (_, index) =>
      anOffice(`office-${index}`, { name: `Site ${index}` }),
    )
    const context = admin([...many, HERE])
    const two = file('Name', ...many.slice(0, 6).map(({ name }) => name))
    await say(two, context)
    await press('Remove 2', context)
    expect(all(context)).toHaveLength(7)
    const one = file('Name', 'Site 0', 'Site 1')
    await say(one, context)
    const second = await press('Remove 4', context)
    expect(second.text).toContain('Really remove 4 offices?')
    expect(all(context)).toHaveLength(7)
    await press('Yes, remove 4', context)
    expect(all(context).map(({ name }) => name)).toEqual(['Site 0', 'Site 1', 'here'])
  })

  describe('where there is another admin', () => {
    const many = Array.from({ length: 8 }, (_, index) => anOffice(`office-${index}`))
    const authority: Authority = {
      everyone: 'member',
      grants: [ANA, BO].map(({ objectId }) => ({ objectId, role: 'admin', tag: null })),
    }
    const two = file('Name', ...many.slice(0, 2).map(({ name }) => name))

    it('takes the second yes from that one alone', async () => {
      const context: TestContext = { ...contextOf(authority, many), conversationKind: 'channel' }
      await say(two, context)
      const asked = await press('Remove 6', context)
      expect(asked.text).toContain('Another admin must press Yes')
      const again = await press('Yes, remove 6', context)
      expect(again.text).toContain('Your own yes is the first; it counts once.')
      expect(all(context)).toHaveLength(8)
      const said = await press('Yes, remove 6', { ...context, person: BO })
      expect(said.text).toContain('The offices are imported')
      expect(all(context)).toHaveLength(2)
    })

    it('says in a personal chat that nobody else can press there, and offers no button', async () => {
      const context = contextOf(authority, many)
      await say(two, context)
      const asked = await press('Remove 6', context)
      expect(asked.text).toContain('do the import in a chat or channel where one of them is')
      expect(context.offered.has('Yes, remove 6')).toBe(false)
      expect(all(context)).toHaveLength(8)
    })
  })

  it('imports nothing when the registry changed after the dry run, and shows what would happen now', async () => {
    const context = admin()
    await say(file(OURS, oslo, 'Seattle,47.61,-122.33,America/Los_Angeles,198.51.100.0/24,sales'), context)
    ;(context.registry as MemoryRegistry).overwrite({ ...SEATTLE, tags: ['other'] })
    const said = await press('Import, keep others', context)
    expect(said.text).toContain('The registry changed meanwhile')
    expect(stored(context, 'oslo')).toBeUndefined()
    expect((await press('Import, keep others', context)).text).toContain('are imported')
    expect(stored(context, 'seattle')?.tags).toEqual(['sales'])
  })

  it('does nothing when a row changes under its hands', async () => {
    const context = admin()
    await say(
      file(OURS, oslo, 'Seattle,47.61,-122.33,America/Los_Angeles,,a', 'London,51.5,-0.12,Europe/London,,b'),
      context,
    )
    const registry = context.registry as MemoryRegistry
    const apply = registry.apply.bind(registry)
    let raced = false
    Object.assign(registry, {
      apply: (...all: Parameters<typeof apply>) => {
        if (!raced) registry.overwrite({ ...LONDON, targets: { rttMs: 10 } })
        raced = true
        return apply(...all)
      },
    })
    const said = await press('Import', context)
    expect(said.text).toContain('at the same moment, so nothing was imported')
    expect(all(context)).toEqual([SEATTLE, { ...LONDON, targets: { rttMs: 10 } }, HERE])
  })

  it('says that nothing was imported when the store fails, and imports on a second try', async () => {
    const context = admin()
    await say(file(OURS, oslo), context)
    const registry = context.registry as MemoryRegistry
    const apply = registry.apply.bind(registry)
    Object.assign(registry, { apply: async () => 'failed' })
    const said = await press('Import, keep others', context)
    expect(said).toMatchObject({ kind: 'error', refused: true })
    expect(said.text).toContain('nothing was imported. All offices are as they were')
    Object.assign(registry, { apply })
    expect((await press('Try again', context)).text).toContain('The offices are imported')
    expect(stored(context, 'oslo')).toMatchObject({ tags: ['emea'] })
  })

  it('says that nothing was imported when the store fails before the first write', async () => {
    const context = admin()
    await say(file('Name,Tags', 'Seattle,west sales', 'London,'), context)
    Object.assign(context.registry, {
      row: async () => {
        throw new StoreTrouble('timeout', 'down')
      },
    })
    expect((await press('Import', context)).text).toContain(
      'nothing was imported. All offices are as they were',
    )
  })

  it('says how to learn what was done when the store failed at the decision', async () => {
    const context = admin()
    await say(file(OURS, oslo), context)
    Object.assign(context.registry, { apply: async () => 'unknown' })
    const said = await press('Import, keep others', context)
    expect(said.text).toContain('Either all of the file is imported, or nothing of it')
    expect(said.buttons.get('Offices')).toBe('offices')
  })

  it('is done once of two imports at the same moment', async () => {
    const context = admin()
    await say(file(OURS, oslo), context)
    const said = await Promise.all([
      press('Import, keep others', context),
      press('Import, keep others', context),
    ])
    expect(said.filter(({ text }) => text.includes('are imported'))).toHaveLength(1)
    expect(all(context).filter(({ name }) => name === 'Oslo')).toHaveLength(1)
  })
})
