import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readWorldFolder, WorldFolderError } from '../../src/local/world-folder.ts'
import { scratch } from '../support/scratch.ts'

const folders = scratch('doorstep-world-')
afterAll(() => folders.remove())

const LYON = { name: 'Lyon', latitude: 45.76, longitude: 4.84 }

async function read(content: unknown) {
  const folder = await folders.make()
  await writeFile(path.join(folder, 'world.json'), JSON.stringify(content))
  return readWorldFolder(folder)
}

describe('the folder of a world', () => {
  it.each([
    ['missing', {}],
    [
      'null',
      {
        timeZone: null,
        egress: null,
        resolvers: null,
        doors: null,
        attested: null,
        runners: null,
        truth: null,
      },
    ],
  ])('takes what is %s for none', async (_, over) => {
    const { offices, places, endpoints } = await read({
      places: null,
      endpoints: null,
      offices: [{ ...LYON, ...over }],
    })
    expect([places, endpoints]).toEqual([null, null])
    const none = { timeZone: 'Etc/UTC', egress: [], resolvers: [], doors: [], attested: [], runners: [] }
    expect(offices).toMatchObject([{ id: 'lyon', ...LYON, ...none }])
  })

  it('names everything that is wrong', async () => {
    const wrong = read({ offices: [{ ...LYON, latitude: 91, timeZone: 'Mars' }] })
    await expect(wrong).rejects.toThrow(WorldFolderError)
    await expect(wrong).rejects.toThrow(/offices\.0\.latitude.*offices\.0\.timeZone: must be an IANA/)
  })
})
