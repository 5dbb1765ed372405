import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Environment } from '../../../runners/lmdb/environment.ts'
import { LmdbStores } from '../../../runners/lmdb/store.ts'
import { append, emptyFolder, logOf, record } from './folder.ts'

// A snapshot that is held keeps every page that was written since from being used again: the file grows with each commit.

const commits = 200
const at = { topic: 'topic', partition: 0 }
const checkpoint = { logId: 'log', topicId: 'topic', offset: 0, timeMs: 0 }

/** What the file of a log takes, of which little is kept, once much has gone through it. */
const afterMuch = async (read: (log: Awaited<ReturnType<typeof logOf>>) => () => unknown): Promise<number> => {
  const log = await logOf({ retentionBytes: 50_000 })
  const step = read(log)
  for (let number = 0; number < commits; number++) {
    append(log, record(`${number}`, 'x'.repeat(10_000)))
    step()
    await setImmediate()
    if (number % 10 === 9) await log.clean()
  }
  return log.size.fileBytes
}

test('whoever reads a topic a little at a time does not make its file grow', async () => {
  const alone = await afterMuch(() => () => {})
  const slow = await afterMuch(log => {
    const reader = log.reader(at, 0)
    return () => reader.read(1)
  })
  const fresh = await afterMuch(log => () => log.read(at, 0, 1))
  expect([slow, fresh].map(bytes => bytes < 1.5 * alone)).toEqual([true, true])
})

/** What a file takes in which the same few entries were written again and again, after each of which there was a look. */
const afterWriting = async (look: (stores: LmdbStores) => void): Promise<number> => {
  const environment = Environment.open(emptyFolder())
  onTestFinished(() => environment.close())
  const stores = new LmdbStores(environment)
  const store = stores.open('store')
  for (let number = 0; number < commits; number++) {
    const value = Buffer.from(`${number}`.repeat(1_000))
    store.write(
      [1, 2, 3, 4].map(key => [Buffer.from(`key ${key}`), value] as const),
      checkpoint,
    )
    look(stores)
    await setImmediate()
  }
  return environment.fileBytes
}

test('a store that is looked through with each commit takes no more than one that nobody reads, and a look that never ends does', async () => {
  const alone = await afterWriting(() => {})
  const read = await afterWriting(stores => void [...stores.open('store').range(undefined, undefined)])
  let begun: Iterator<unknown> | undefined
  const held = await afterWriting(stores => {
    if (begun !== undefined) return
    begun = stores.open('store').range(undefined, undefined)
    begun.next()
  })
  expect(read).toBeLessThan(1.5 * alone)
  // Else this would have shown nothing.
  expect(held).toBeGreaterThan(1.5 * alone)
  begun?.return?.()
})
