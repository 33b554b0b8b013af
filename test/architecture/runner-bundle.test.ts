import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRunner } from '../../scripts/bundles.ts'

const run = promisify(execFile)
let folder: string
let bundle: string
let inputs: readonly string[]
let output: { bytes: number; imports: readonly { path: string; external?: boolean }[] }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorstep-bundle-'))
  bundle = join(folder, 'runner.mjs')
  const { metafile } = await buildRunner(bundle)
  inputs = Object.keys(metafile.inputs)
  const outputs = Object.values(metafile.outputs)
  expect(outputs).toHaveLength(1)
  output = outputs[0] as typeof output
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the runner’s bundle', () => {
  it('is one file of less than 2 MB', () => {
    expect(output.bytes).toBeLessThan(2_000_000)
  })

  it('needs nothing but Node', () => {
    expect(output.imports.filter(({ path }) => !isBuiltin(path))).toEqual([])
  })

  it('holds nothing of the hub and none of its packages', () => {
    expect(
      inputs.filter((path) => /node_modules\/(botbuilder|botframework|restify|@azure|adaptive)/.test(path)),
    ).toEqual([])
    expect(
      inputs.filter((path) => /^src\/(hub|teams|store|places|cards|commands|local|cli)\//.test(path)),
    ).toEqual([])
  })

  it('runs from a folder without packages', async () => {
    const { stdout } = await run(process.execPath, [bundle, '--version'], { cwd: folder })
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
