import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { dataFolderOf, readLocalOptions } from '../../src/local/options.ts'
import { scratch } from '../support/scratch.ts'

const folders = scratch('doorstep-options-')
afterAll(() => folders.remove())

function optionsOf(argv: readonly string[], standsIn?: string) {
  const options = readLocalOptions(argv, standsIn)
  return options === 'help' ? expect.fail('help was not asked for') : options
}

describe('the folder of a world', () => {
  it('is looked for where the person stands, who called npm from elsewhere', async () => {
    const standsIn = await folders.make()
    await mkdir(path.join(standsIn, 'w'))
    await writeFile(path.join(standsIn, 'w', 'world.json'), '{}')
    expect(optionsOf(['--world', './w'], standsIn).world).toBe(path.join(standsIn, 'w'))
    expect(optionsOf(['--world', path.join(standsIn, 'w')], '/elsewhere').world).toBe(
      path.join(standsIn, 'w'),
    )
  })

  it('is still found from the package’s own folder', async () => {
    const tiny = path.join('docs', 'tiny-world')
    expect(optionsOf(['--world', tiny], await folders.make()).world).toBe(path.resolve(tiny))
    expect(optionsOf(['--world', tiny]).world).toBe(path.resolve(tiny))
    expect(optionsOf(['--world', tiny], '').world).toBe(path.resolve(tiny))
  })

  it('is named as the person means it where there is none', async () => {
    const standsIn = await folders.make()
    expect(optionsOf(['--world', 'nowhere'], standsIn).world).toBe(path.join(standsIn, 'nowhere'))
  })

  it('has data of its own, however it is written', () => {
    const [one, same, other] = ['/a/w', '/a/b/../w/', '/b/w'].map((world) =>
      dataFolderOf(optionsOf(['--world', world])),
    )
    expect(same).toBe(one)
    expect(other).not.toBe(one)
  })
})
