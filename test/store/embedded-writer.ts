import { openEmbeddedStore } from '../../src/store/embedded.ts'

/** A child process for the crash test: inserts as fast as it can and says each row's number once it is stored. */
const store = await openEmbeddedStore(process.argv[2] ?? '', {
  random: { hex: () => `${process.hrtime.bigint()}` },
})
for (let number = 0; ; number += 1) {
  const answer = await store.insert({ table: 'crash', pk: 'p', rk: String(number) }, { number })
  // Waits until the line has left: what is only in this process's memory would die with it and acknowledge nothing.
  if (answer.ok) await new Promise((done) => process.stdout.write(`${number}\n`, done))
}
