import { HEADER } from '../../src/commands/office/columns.ts'
import { COMMANDS } from '../../src/commands/registry.ts'

// A program: what is typed, or read back by Doorstep or by others, as JSON.
const typed = COMMANDS.flatMap(({ name, forms, examples }) => [
  name,
  ...forms,
  ...examples.map(({ say }) => say),
])
process.stdout.write(JSON.stringify([...typed, HEADER]))
