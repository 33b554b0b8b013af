import { fileURLToPath } from 'node:url'
import { type BuildOptions, type BuildResult, build, type Plugin } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Some packages inside are CommonJS and ask for Node's own modules through `require`, which an ES module lacks. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

/** An alias would take `undici/lib/...` too. */
const LEAN_UNDICI: Plugin = {
  name: 'lean-undici',
  setup({ onResolve }) {
    const path = fileURLToPath(new URL('runner-undici.cjs', import.meta.url))
    onResolve({ filter: /^undici$/ }, () => ({ path }))
  },
}

/** Zod's messages in fifty languages: nobody reads them but in English, which it loads by itself. */
const ONE_LANGUAGE: Plugin = {
  name: 'one-language',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {}' }))
  },
}

/** The site runner as one file that needs only Node. */
export function buildRunner(outfile: string): Promise<BuildResult<{ metafile: true }>> {
  return build({
    ...COMMON,
    entryPoints: ['src/runner/main.ts'],
    outfile,
    plugins: [LEAN_UNDICI, ONE_LANGUAGE],
    minify: true,
    // Stacks in the log keep their names.
    keepNames: true,
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  })
}

/**
 * The command line with every other program, in a language of `words/`: `doorstep.mjs` in a folder; its packages stay beside it. A file for each
 * program, loaded when it is asked for: one file would load the packages of all before its first line ran.
 */
export function buildDoorstep(folder: string, language = 'en'): Promise<BuildResult<{ metafile: true }>> {
  return build({
    ...COMMON,
    entryPoints: { doorstep: 'src/main.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    packages: 'external',
    // Inside, where other packages are not: the file must start without its package.json.
    alias: { '#language': `./words/${language}.json` },
    banner: { js: '#!/usr/bin/env node' },
  })
}
