// Runs before every npm script, on whatever Node is first on the path, so it must parse on old ones too.
var parts = process.versions.node.split('.').map(Number)
var ok = parts[0] > 22 || (parts[0] === 22 && parts[1] >= 19)
if (!ok) {
  process.stderr.write(
    'Doorstep needs Node 22.19 or newer, this is ' +
      process.version +
      ': install Node 24 from https://nodejs.org, or run npm ci without --omit=optional.\n',
  )
  process.exit(78)
}
