import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Environment, type EnvironmentOptions } from '../../../runners/lmdb/environment.ts'
import { DataFolderError } from '../../../runners/lmdb/errors.ts'
import { LmdbStores } from '../../../runners/lmdb/store.ts'

const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-lmdb-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const opened = (folder: string, options: EnvironmentOptions = {}): Environment => {
  const environment = Environment.open(folder, options)
  onTestFinished(() => environment.close())
  return environment
}

const fault = (work: () => unknown): DataFolderError => {
  try {
    work()
  } catch (error) {
    if (error instanceof DataFolderError) return error
    throw error
  }
  throw new Error('it went well')
}

const key = (number: number): Buffer => Buffer.from(`key-${number}`)

/** A folder with a hundred values of 4 KiB in it. */
const filled = async (): Promise<string> => {
  const folder = emptyFolder()
  const environment = Environment.open(folder)
  const entries = Array.from({ length: 100 }, (_, number) => [key(number), Buffer.alloc(4_000, number)] as const)
  new LmdbStores(environment).open('data').write(entries, { logId: 'l', topicId: 't', offset: 1, timeMs: 1 })
  await environment.close()
  return folder
}

test('a transaction that throws leaves nothing', () => {
  const environment = opened(emptyFolder())
  const data = environment.database('data')
  expect(() =>
    environment.transaction(() => {
      data.put(key(1), Buffer.from('x'))
      throw new Error('halfway')
    }),
  ).toThrow('halfway')
  expect(data.get(key(1))).toBeUndefined()
})

test('a transaction is in the file when it returns, whatever its callback returns', () => {
  const environment = opened(emptyFolder())
  const data = environment.database('data')
  environment.transaction(() => data.put(key(1), Buffer.alloc(100_000)))
  expect(environment.fileBytes).toBeGreaterThan(100_000)
})

test('a folder of a newer version is refused, and says which', async () => {
  const folder = emptyFolder()
  const environment = Environment.open(folder)
  const meta = environment.database('meta')
  environment.transaction(() => meta.put(Buffer.from('format'), Buffer.from('99')))
  await environment.close()
  const error = fault(() => Environment.open(folder))
  expect(error.fault).toBe('newer')
  expect(error.message).toMatch(/has format 99, and this version of franz reads \d+\. Use a newer franz, or choose/)
})

test('a file that is no database is refused, and left alone', async () => {
  const folder = await filled()
  const file = join(folder, 'log/data.mdb')
  writeFileSync(file, 'this is not it')
  const error = fault(() => Environment.open(folder))
  expect([error.fault, statSync(file).size]).toEqual(['damaged', 14])
  expect(error.message).toContain('is damaged: it does not begin as a database does')
  expect(error.message).toContain('Put back a copy of it, or move it away and start with an empty one.')
})

test('what a power loss has left of making a folder is no folder yet', () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'log'))
  writeFileSync(join(folder, 'log/data.mdb'), Buffer.alloc(8_192))
  const environment = opened(folder)
  expect(environment.usedBytes()).toBeGreaterThan(0)
})

test('a file that was cut off is refused, and does not end the process', async () => {
  const folder = await filled()
  const file = join(folder, 'log/data.mdb')
  const { size } = statSync(file)
  truncateSync(file, size >> 1)
  const check = (environment: Environment) => new LmdbStores(environment).check()
  for (const _ of ['at first', 'and again']) {
    const error = fault(() => Environment.open(folder, { check }))
    expect(error.fault).toBe('damaged')
    expect(error.message).toContain(`its file was cut off: ${size - (size >> 1)} of ${size} bytes are missing`)
  }
})

test('a folder that cannot be made says why and what to do', () => {
  const folder = join(emptyFolder(), 'file')
  writeFileSync(folder, '')
  expect(fault(() => Environment.open(folder)).message).toMatch(/cannot be opened: .*Choose another folder with --data/)
})

test('at its limit a folder takes no more, loses nothing, and goes on when something was removed', () => {
  const environment = opened(emptyFolder(), { bytesMax: 2_000_000 })
  const data = environment.database('data')
  const put = (number: number) =>
    environment.transaction(() => data.put(key(number), Buffer.alloc(100_000, number)), { bytes: 100_000 })
  let last = 0
  const error = fault(() => {
    for (; last < 100; last++) put(last)
  })
  expect([error.fault, error.passes]).toEqual(['limit', true])
  expect(error.message).toContain('has reached its limit of 2000000 bytes. Nothing was written and nothing is lost')
  expect(last).toBeGreaterThan(10)
  expect(environment.fileBytes).toBeLessThan(2_300_000)
  expect(data.get(key(last - 1))?.length).toBe(100_000)
  environment.transaction(() => Array.from({ length: 10 }, (_, number) => data.remove(key(number))), { frees: true })
  // How much is in use is looked at once a second.
  return expect.poll(() => put(200), { timeout: 10_000 }).toBe(true)
})

test('a store knows its entries and bytes without counting, and a flipped bit in a value is noticed', async () => {
  const folder = emptyFolder()
  const environment = opened(folder)
  const stores = new LmdbStores(environment)
  const store = stores.open('one')
  const entries = Array.from({ length: 5_000 }, (_, number) => [key(number), Buffer.from(`value ${number}`)] as const)
  store.write(entries, { logId: 'l', topicId: 't', offset: 1, timeMs: 1 })
  expect(store.size).toBe(5_000)
  expect(store.bytes).toBeGreaterThan(100_000)
  expect(stores.sizes()).toEqual([{ name: 'one', entries: 5_000, bytes: store.bytes }])
  const raw = environment.database('store/one')
  const value = Buffer.from(raw.get(key(7))!)
  value[6]! ^= 4
  environment.transaction(() => raw.put(key(7), value))
  expect(fault(() => store.get(key(7))).message).toContain(
    'the value of "key-7" in the store one has not the check sum',
  )
  expect(fault(() => [...store.range(key(7), key(8))]).fault).toBe('damaged')
  expect(Buffer.from(store.get(key(8))!).toString()).toBe('value 8')
})
