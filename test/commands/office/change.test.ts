import { describe, expect, it } from 'vitest'
import { ANA, anOffice } from '../../support/check-kit.ts'
import type { MemoryRegistry } from '../../support/registry-kit.ts'
import { contextOf, OFFICES, press, say, type TestContext } from '../context.ts'

const admin = (offices = OFFICES) => contextOf('admin', offices)
const stored = (context: TestContext, id: string) =>
  (context.registry as MemoryRegistry).all().find((office) => office.id === id)

describe('office add', () => {
  it('takes coordinates and time zone from the city, shows a form, then a preview, then saves', async () => {
    const context = admin()
    const form = await say('office add Lyon', context)
    expect(form).toMatchObject({ kind: 'form', refused: false })
    const preview = await press('Preview', context, {
      egress: '203.0.113.0/24',
      tags: '#EMEA sales',
      doors: 'cdg',
    })
    expect(preview.text).toContain('Nothing is saved yet')
    expect(preview.text).toMatch(/45\.7\d*, 4\.8\d*/)
    expect(stored(context, 'lyon')).toBeUndefined()
    const saved = await press('Add it', context)
    expect(saved.text).toContain('Lyon is registered')
    expect(stored(context, 'lyon')).toMatchObject({
      name: 'Lyon',
      timeZone: 'Europe/Paris',
      placed: true,
      egress: ['203.0.113.0/24'],
      tags: ['emea', 'sales'],
      doors: ['CDG'],
      world: null,
    })
  })

  it('goes to the preview at once where fields are typed', async () => {
    const context = admin()
    const said = await say(
      'office add Lyon egress 203.0.113.0/24, 2001:db8::/48 tags emea rtt 20 ms',
      context,
    )
    expect(said.text).toContain('Add Lyon?')
    await press('Add it', context)
    expect(stored(context, 'lyon')).toMatchObject({
      egress: ['203.0.113.0/24', '2001:db8::/48'],
      targets: { rttMs: 20 },
    })
  })

  it('asks which city is meant where several have the name', async () => {
    const context = admin()
    const said = await say('office add Portland', context)
    expect(said.text).toContain('Which Portland?')
    expect([...said.buttons.keys()]).toEqual(expect.arrayContaining(['Portland, OR, US', 'Portland, ME, US']))
    await press('Portland, ME, US', context)
    await press('Preview', context)
    await press('Add it', context)
    expect(stored(context, 'portland')).toMatchObject({ name: 'Portland', timeZone: 'America/New_York' })
  })

  it('takes a name that is no city, with a place of its own', async () => {
    const context = admin()
    expect((await say('office add Plant 7', context)).kind).toBe('form')
    const wrong = await press('Preview', context, { place: 'Nowhereville' })
    expect(wrong.text).toContain('I know no city called Nowhereville')
    expect(wrong.refused).toBe(true)
    await press('Preview', context, { place: 'Portland, Maine' })
    await press('Add it', context)
    expect(stored(context, 'plant-7')).toMatchObject({ timeZone: 'America/New_York', placed: true })
  })

  it.each([
    [{ name: '' }, 'The name is missing'],
    [{ name: 'x' }, 'must have 2 to 58'],
    [{ name: 'x'.repeat(200) }, 'must have 2 to 58'],
    [{ name: 'all' }, 'means something else'],
    [{ name: 'Help' }, 'means something else'],
    [{ name: '#emea' }, 'marks a tag'],
    [{ name: 'SEATTLE' }, 'already names the office Seattle'],
    [{ name: 'Zurich' }, 'already names the office Zürich'],
    [{ aliases: 'head  office' }, 'already names the office Seattle'],
    [{ place: '95, 4' }, 'beyond 90. Are latitude and longitude swapped?'],
    [{ place: '45, 190' }, 'The longitude 190 is beyond 180'],
    [{ place: '45,76 4,84' }, 'Write coordinates with a dot'],
    [{ zone: 'Mars/Olympus' }, 'no time zone I know'],
    [{ zone: '', place: '' }, 'time zone is missing'],
    [{ egress: '203.0.113.7/24' }, 'Did you mean 203.0.113.0/24'],
    [{ egress: '10.0.0.0/8' }, '10.0.0.0/8 is private'],
    [{ egress: '100.64.1.0/24' }, 'carrier-grade NAT'],
    [{ egress: 'fe80::1%eth0' }, 'no address or range'],
    [{ egress: '0.0.0.0/0' }, 'wider than any office'],
    [{ egress: 'office.example.com' }, 'no address or range'],
    [{ resolvers: '192.168.1.1' }, 'name servers never see it'],
    [{ doors: 'http://x' }, 'no code of a front door'],
    [{ tags: 'a b$c' }, 'is no tag'],
    [{ rtt: '20 miles' }, 'is not in ms'],
    [{ rtt: '0' }, 'above 0'],
    [{ download: '1e9' }, 'is not in MB/s'],
    [{ egress: Array.from({ length: 21 }, (_, i) => `203.0.113.${i}`).join() }, 'at most 20 fit'],
    [{ aliases: Array.from({ length: 9 }, (_, i) => `other ${i}`).join() }, 'at most 8 fit'],
  ])('says what is wrong with %j', async (inputs, says) => {
    const context = admin()
    await say('office add Lyon', context)
    const said = await press('Preview', context, inputs)
    expect(said).toMatchObject({ kind: 'form', refused: true })
    expect(said.text).toContain(says)
    expect(stored(context, 'lyon')).toBeUndefined()
  })

  it('warns of ranges that another office has, of a door it does not know, and of a missing egress', async () => {
    const context = admin([anOffice('seattle', { egress: ['203.0.113.0/24'] })])
    await say('office add Lyon egress 203.0.113.128/25 doors XYZ', context)
    const said = await say('office add Lyon egress 203.0.113.128/25 doors XYZ', context)
    expect(said.text).toContain('203.0.113.128/25 is egress of Seattle too')
    expect(said.text).toContain('I do not know where XYZ is')
    expect((await say('office add Lyon tags emea', context)).text).toContain('No egress is registered')
  })

  it('never uses the id of an office that is gone', async () => {
    const context = admin()
    await say('office remove Seattle', context)
    await press('Remove Seattle', context)
    await say('office add Seattle tags west', context)
    await press('Add it', context)
    expect(stored(context, 'seattle')).toBeUndefined()
    expect(stored(context, 'seattle-2')).toMatchObject({ name: 'Seattle', tags: ['west'] })
  })

  it('is refused where the name was taken meanwhile', async () => {
    const context = admin()
    await say('office add Lyon tags emea', context)
    ;(context.registry as MemoryRegistry).overwrite(anOffice('lyon-hq', { name: 'Lyon' }))
    expect((await press('Add it', context)).text).toContain('already names the office Lyon')
  })
})

describe('office edit', () => {
  it.each([
    ['egress 203.0.113.0/24', { egress: ['203.0.113.0/24'] }],
    ['egress add 203.0.113.9', { egress: ['198.18.0.0/24', '203.0.113.9'] }],
    ['egress remove 198.18.0.0/24', { egress: [] }],
    ['tags emea, sales', { tags: ['emea', 'sales'] }],
    ['tags none', { tags: [] }],
    ['time zone Europe/Paris', { timeZone: 'Europe/Paris' }],
    ['place 48.85, 2.35 doors CDG', { at: { latitude: 48.85, longitude: 2.35 }, doors: ['CDG'] }],
    ['name Seattle West aliases none', { name: 'Seattle West', aliases: [] }],
    ['download 2.5', { targets: { downloadMBps: 2.5 } }],
  ])('does what is typed: %s', async (typed, expected) => {
    const limit = { criterion: 'local-dns', value: 300, author: 'Bo', reason: 'so', expiresAt: 9e15 } as const
    const seattle = anOffice('seattle', {
      aliases: ['sea'],
      tags: ['west'],
      egress: ['198.18.0.0/24'],
      overrides: [limit],
    })
    const context = admin([seattle, anOffice('london')])
    const said = await say(`office edit Seattle ${typed}`, context)
    expect(said.text).toContain('Change Seattle?')
    expect(stored(context, 'seattle')).toEqual(seattle)
    await press('Save', context)
    expect(stored(context, 'seattle')).toEqual({ ...seattle, ...expected })
  })

  it('knows an office whose name has a word for a field in it', async () => {
    const context = admin([anOffice('x', { name: 'House at the tags' })])
    await say('office edit House at the tags tags emea', context)
    await press('Save', context)
    expect(stored(context, 'x')?.tags).toEqual(['emea'])
  })

  it.each([
    ['office edit', 'Name the office'],
    ['office edit Seatle tags emea', 'No office is called'],
    ['office edit Seattle tags', 'Say what comes after tags'],
    ['office edit Seattle tags remove nothing', 'nothing is not among its tags'],
    ['office edit Seattle egress 10.0.0.1', 'is private'],
    ['office edit Seattle name London', 'already names the office London'],
  ])('answers %s and changes nothing', async (typed, says) => {
    const context = admin()
    const said = await say(typed, context)
    expect(said.refused).toBe(true)
    expect(said.text).toContain(says)
    expect((context.registry as MemoryRegistry).all()).toEqual(OFFICES)
  })

  it('tells the later of two admins, who sees the form again with what was typed', async () => {
    const context = admin()
    await say('office edit Seattle tags emea', context)
    ;(context.registry as MemoryRegistry).overwrite(anOffice('seattle', { egress: ['203.0.113.0/24'] }))
    const said = await press('Save', context)
    expect(said).toMatchObject({ kind: 'form', refused: true })
    expect(said.text).toContain('Somebody changed this office meanwhile')
    expect(said.text).toContain('Egress now: 203.0.113.0/24')
    expect(stored(context, 'seattle')?.tags).toEqual([])
    await press('Preview', context, { egress: '203.0.113.0/24' })
    await press('Save', context)
    expect(stored(context, 'seattle')).toMatchObject({ tags: ['emea'], egress: ['203.0.113.0/24'] })
  })

  it('says of a new egress where it is, how far that is, and who else was seen there', async () => {
    const seen = { officeId: 'london', egress: ['198.18.0.7'] } as never
    const tokyo = anOffice('tokyo', { at: { latitude: 35.68, longitude: 139.69 } })
    const context = contextOf('admin', [tokyo, anOffice('london')], [seen])
    const said = await say('office edit Tokyo egress add 198.18.0.7', context)
    expect(said.text).toMatch(/198\.18\.0\.7 is said to be in Seattle, 7,\d{3}\s*km from the office/)
    expect(said.text).toContain('Register it only if the office itself leaves there')
    expect(said.text).toContain('London was seen to leave by it too')
  })

  it('is for the offices of a tag where the role is', async () => {
    const emea = {
      grants: [{ objectId: ANA.objectId, role: 'admin' as const, tag: 'emea' }],
      everyone: 'viewer' as const,
    }
    expect((await say('office edit Seattle tags emea', contextOf(emea))).text).toContain('takes an admin')
    const context = contextOf(emea)
    expect((await say('office edit London tags none', context)).text).toContain('takes an admin')
    expect((await say('office edit London tags add north', context)).text).toContain('Change London?')
    expect((await say('office add Lyon tags sales', context)).text).toContain('takes an admin')
    expect((await say('office add Lyon tags emea', context)).text).toContain('Add Lyon?')
  })
})

describe('office remove', () => {
  it('says what stays, and removes once it is confirmed', async () => {
    const context = admin()
    const said = await say('office remove Seattle', context)
    expect(said.text).toContain('Nothing is removed yet')
    expect(said.text).toContain('seattle is never given to another office')
    expect(stored(context, 'seattle')).toBeDefined()
    expect((await press('Remove Seattle', context)).text).toContain('Seattle is removed')
    expect(stored(context, 'seattle')).toBeUndefined()
    expect((await press('Remove Seattle', context)).text).toContain('not registered any more')
  })

  it('asks again where somebody changed the office meanwhile', async () => {
    const context = admin()
    await say('office remove Seattle', context)
    ;(context.registry as MemoryRegistry).overwrite(anOffice('seattle', { tags: ['new'] }))
    expect((await press('Remove Seattle', context)).text).toContain('Nothing was removed')
    expect(stored(context, 'seattle')).toBeDefined()
  })
})

describe('office', () => {
  it('shows what is registered, with the limits that hold', async () => {
    const seattle = anOffice('seattle', {
      egress: ['203.0.113.0/24'],
      overrides: [{ criterion: 'local-dns', value: 300, author: 'Bo Li', reason: 'so', expiresAt: 9e12 }],
    })
    const said = await say('office Seattle', contextOf('viewer', [seattle]))
    expect(said.text).toContain('203.0.113.0/24')
    expect(said.text).toContain('Local DNS 300 km')
    expect([...said.buttons.keys()]).toEqual(['Check Seattle'])
    expect((await say('office', contextOf('viewer'))).refused).toBe(true)
  })
})

describe('somebody who is no admin', () => {
  it.each([
    'office add Lyon',
    'office edit Seattle tags x',
    'office remove Seattle',
    'office import',
    'office export',
  ])('is refused %s', async (text) => {
    const said = await say(text, contextOf('operator'))
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect(said.text).toContain('takes an admin')
  })
})
