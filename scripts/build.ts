import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { buildDoorstep, buildRunner } from './bundles.ts'

// Files of an earlier build carry other names.
await mkdir('dist', { recursive: true })
for (const name of await readdir('dist')) if (name.endsWith('.mjs')) await rm(`dist/${name}`)

// `npm run build -- de`: in the language of `words/de.json`; see words/README.md.
const [language] = process.argv.slice(2)
const built = await Promise.all([buildRunner('dist/runner.mjs'), buildDoorstep('dist', language)])
for (const { metafile } of built) {
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    process.stdout.write(`${file} ${(bytes / 1024).toFixed(0)} KB\n`)
  }
}
// Served as they are; the bundle looks for them beside itself.
await cp('src/pages', 'dist/pages', { recursive: true, filter: (file) => !file.endsWith('.md') })

// People who run the runner's file on their own machine can see that it is this one: the self-check's card names it.
const sum = createHash('sha256')
  .update(await readFile('dist/runner.mjs'))
  .digest('hex')
await writeFile('dist/SHA256SUMS', `${sum}  runner.mjs\n`)
process.stdout.write(`${sum}  runner.mjs\n`)
