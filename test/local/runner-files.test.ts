import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readRunnerFiles, refusedRunnerFiles, worldHash } from '../../src/local/runner-files.ts'
import { readWorldFolder } from '../../src/local/world-folder.ts'
import { scratch } from '../support/scratch.ts'

const folders = scratch('doorstep-files-')
afterAll(() => folders.remove())

const GATEWAY = 'socks5://127.0.0.1:41080'

/** A world of one office per runner file; null is a file that is not there. */
async function aWorld(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await folders.make()
  const offices = Object.keys(files).map((name) => ({
    name,
    latitude: 1,
    longitude: 2,
    runners: [`${name}.json`],
  }))
  await writeFile(path.join(folder, 'world.json'), JSON.stringify({ offices }))
  for (const [name, content] of Object.entries(files)) {
    if (content !== null) await writeFile(path.join(folder, `${name}.json`), JSON.stringify(content))
  }
  return folder
}

describe('the runner files of a world', () => {
  it('are told before anything starts where a runner would refuse them, and only there', async () => {
    const folder = await aWorld({
      Lyon: { world: 'w', gateway: GATEWAY },
      Tokyo: { world: 'w', gateway: 'socks5://192.0.2.1:1080', tenant: 'a b' },
      Oslo: null,
    })
    const world = readWorldFolder(folder)
    const refused = refusedRunnerFiles(world, await readRunnerFiles(world))
    expect([...refused.keys()].map((file) => path.basename(file))).toEqual(['Tokyo.json', 'Oslo.json'])
    const [tokyo, oslo] = [...refused.values()]
    expect(tokyo).toMatch(
      /^A runner of Tokyo will not start\. World file .*Tokyo\.json: gateway: .*; tenant: /,
    )
    expect(oslo).toMatch(/cannot be read/)
  })

  it('are another Internet when they, the places or the offices say something else, and not for a truth', async () => {
    const content = { world: 'w', gateway: GATEWAY }
    const folder = await aWorld({ Lyon: content })
    const write = (file: string, text: string) => writeFile(path.join(folder, file), text)
    const hash = async () => {
      const world = readWorldFolder(folder)
      return worldHash(world, await readRunnerFiles(world))
    }
    const office = { name: 'Lyon', latitude: 1, longitude: 2, runners: ['Lyon.json'] }
    const offices = (over: object) =>
      write('world.json', JSON.stringify({ places: 'p.csv', offices: [{ ...office, ...over }] }))
    await offices({})
    const seen = [await hash()]
    const next = async () => seen.push(await hash())
    await offices({ truth: { 'local-dns': 'pass' } })
    expect(await hash()).toBe(seen[0])
    await write('p.csv', 'cidr,latitude,longitude,label,owner')
    await next()
    await offices({ egress: ['203.0.113.0/24'] })
    await next()
    await write('Lyon.json', JSON.stringify({ ...content, gateway: 'socks5://127.0.0.1:41081' }))
    await next()
    await write('Lyon.json', '{')
    await next()
    expect(new Set(seen).size).toBe(seen.length)
    expect(await hash()).toBe(seen.at(-1))
  })
})
