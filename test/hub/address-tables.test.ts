import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import type { Office } from '../../src/core/office.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import { type AddressTables, readAddressTables } from '../../src/hub/address-tables.ts'
import type { EndpointLists } from '../../src/hub/endpoint-lists.ts'
import { surroundingsByWorld } from '../../src/hub/surroundings.ts'
import { office } from '../criteria/build.ts'
import { mmdbOf } from '../support/mmdb-writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'doorstep-tables-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined }
const CITY = mmdbOf({
  ipVersion: 4,
  type: 'Test-City',
  networks: [['192.0.2.0/24', { city: 'Lyon', country_code: 'FR', latitude: 45.76, longitude: 4.84 }]],
})
const CANARY = 'canary-0815'

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const CONFIG = {
  places: fileOf('places.csv', 'cidr,latitude,longitude,label,owner\n198.51.100.0/24,51.51,-0.13,London,\n'),
  geo: [fileOf('city.mmdb', CITY)],
  owners: fileOf('owners.csv', 'cidr,owner\n192.0.2.0/24,Zscaler\n198.51.100.0/24,Contoso\n'),
}

describe('the files that say where addresses are', () => {
  it('are none when none is named', () => {
    const { places, geo, owners } = readAddressTables({ places: null, geo: [], owners: null }, LOG)
    expect([places.locate('192.0.2.1'), geo.locate('192.0.2.1'), owners.ownerOf('192.0.2.1')]).toEqual([
      null,
      null,
      null,
    ])
  })

  it('are read', () => {
    const { places, geo, owners } = readAddressTables(CONFIG, LOG)
    expect(places.locate('198.51.100.1')?.label).toBe('London')
    expect(geo.locate('192.0.2.1')?.label).toBe('Lyon, FR')
    expect(owners.ownerOf('192.0.2.1')).toBe('Zscaler')
  })

  it.each([
    ['DOORSTEP_GEO', { geo: [join(folder, CANARY)] }],
    ['DOORSTEP_GEO', { geo: [fileOf('half.mmdb', CITY.subarray(0, 200))] }],
    ['DOORSTEP_GEO', { geo: [...CONFIG.geo, fileOf('text.mmdb', CANARY)] }],
    ['DOORSTEP_OWNERS', { owners: folder }],
    ['DOORSTEP_OWNERS', { owners: fileOf('owners.txt', CANARY) }],
    ['DOORSTEP_PLACES', { places: join(folder, CANARY) }],
  ])('are refused by the name of their setting, %s, and nothing that stands in them', (key, over) => {
    try {
      readAddressTables({ ...CONFIG, ...over }, LOG)
      expect.fail('should not be read')
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      const { message, problems } = error as ConfigError
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^${key}: `))])
      expect(message).not.toContain(CANARY)
      expect(message).not.toContain(folder)
    }
  })
})

describe('databases of real addresses', () => {
  const lists = {
    listFor: () => snapshotList(),
    refreshedAtFor: () => null,
  } as unknown as EndpointLists
  const tables: AddressTables = readAddressTables(CONFIG, LOG)
  const seen = (world: string | null, at: Partial<Office>) => {
    const { atlas } = surroundingsByWorld(world, lists, tables)(office(at))
    return ['192.0.2.1', '198.51.100.1'].map((address) => [
      atlas.locate(address)?.label ?? null,
      atlas.owner?.(address) ?? null,
    ])
  }

  it('serve offices on the real Internet', () => {
    expect(seen(null, { world: null })).toEqual([
      ['Lyon, FR', 'Zscaler'],
      ['London', 'Contoso'],
    ])
  })

  it("say nothing about a world's addresses, and the world's ranges nothing about real ones", () => {
    expect(seen('demo', { world: 'demo' })).toEqual([
      [null, null],
      ['London', null],
    ])
    expect(seen('demo', { world: null })).toEqual([
      ['Lyon, FR', 'Zscaler'],
      [null, 'Contoso'],
    ])
  })

  it('give an office without a place of its own the owners, and no places', () => {
    expect(seen(null, { placed: false })).toEqual([
      [null, 'Zscaler'],
      [null, 'Contoso'],
    ])
  })
})
