import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { readCommandLine } from '../../src/runner/command-line.ts'
import { RUNNER_VERSION } from '../../src/runner/version.ts'

describe('the runner’s command line', () => {
  it.each([
    ['--help', { name: 'help' }],
    ['run --help', { name: 'help' }],
    ['--version', { name: 'version' }],
    ['run', { name: 'run', exitWithStdin: false }],
    ['run --home /srv/a --exit-with-stdin', { name: 'run', home: '/srv/a', exitWithStdin: true }],
    ['enroll --hub https://a.example', { name: 'enroll', hub: 'https://a.example' }],
    ['enroll --label desk --home x', { name: 'enroll', label: 'desk', home: 'x' }],
    ['self-check --hub https://a.example', { name: 'self-check', hub: 'https://a.example' }],
    ['self-check', { name: 'self-check' }],
    ['self-check dsm_x', { name: 'mistake' }],
    ['', { name: 'mistake' }],
    ['start', { name: 'mistake' }],
    ['run fast', { name: 'mistake' }],
    ['run --fast', { name: 'mistake' }],
    ['enroll --hub', { name: 'mistake' }],
  ])('%s', (line, command) => {
    expect(readCommandLine(line === '' ? [] : line.split(' '))).toMatchObject(command)
  })
})

describe('the runner’s version', () => {
  it('is the package’s', () => {
    expect(RUNNER_VERSION).toBe(manifest.version)
  })
})
