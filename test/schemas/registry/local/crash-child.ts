import { writeSync } from 'node:fs'
import { type Disk, realDisk } from '../../../../schemas/registry/local/journal.ts'
import { openLocalRegistry } from '../../../../schemas/registry/local/local-registry.ts'
import { act } from './crash-acts.ts'

// Carries out acts one after another and says the number of each once it was answered. Ends itself at a named point of the
// given act, as a crash would; at point `none` it goes on until it is killed from outside, and rests after so many acts, for
// on a busy machine the killing may come late.
const actsMax = 100
const [folder, firstText, point, dieAtText] = process.argv.slice(2) as [string, string, string, string]
const first = Number(firstText)
let number = first
const isDue = () => number === Number(dieAtText)

const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}
const at = async (here: string): Promise<void> => {
  if (here === point && isDue()) await die()
}

const disk: Disk = {
  async write(file, bytes, offset) {
    await at('before the write')
    if (point === 'half written' && isDue()) {
      await realDisk.write(file, bytes.subarray(0, bytes.length / 2), offset)
      await die()
    }
    await realDisk.write(file, bytes, offset)
    await at('written, not synced')
  },
  async sync(file) {
    await realDisk.sync(file)
    await at('synced, not answered')
  },
  async rename(from, to) {
    await at('before the rename')
    await realDisk.rename(from, to)
    await at('renamed')
  },
}

const registry = await openLocalRegistry(folder, { to: 'write', disk })
while (number < first + actsMax) {
  await act(registry, number)
  writeSync(1, `${number}\n`)
  number++
}
setInterval(() => {}, 60_000)
