import { expect, test } from 'vitest'
import { append, emptyFolder, logOf, openLog, record } from './folder.ts'
import { Other } from './other.ts'

// Several processes at one data folder: each other process here is a real one.

test('a topology that runs in another process is not run twice; when that one is killed its place is free', async () => {
  const folder = emptyFolder()
  const log = await logOf({}, {}, folder)
  const other = new Other(['own', folder, 'counting'])
  const pid = await other.says()
  const join = () => log.join('counting', 'two', ['topic'], { assigned() {}, revoked() {}, lost() {} })
  await expect(join()).rejects.toThrow(
    `The topology counting already runs on ${folder}, in process ${pid}. Stop that one first, or choose another folder with --data.`,
  )
  await other.kill()
  await (await join()).close()
})

test('what another process appends is heard by whoever runs, and what is committed by whoever listens', async () => {
  const folder = emptyFolder()
  const log = await logOf({}, {}, folder)
  const member = await log.join('counting', 'one', ['topic'], { assigned() {}, revoked() {}, lost() {} })
  member.resume([{ topic: 'topic', partition: 0 }])
  const producer = new Other(['append', folder])
  const listener = new Other(['listen', folder])
  expect([await producer.says(), await listener.says()]).toEqual(['ready', 'ready'])
  for (let number = 0; number < 5; number++) {
    producer.tell(`from outside ${number}`)
    const fetched = await member.fetch(10, 60_000)
    expect(fetched.flatMap(({ records }) => records.map(({ value }) => Buffer.from(value!).toString()))).toEqual([
      `from outside ${number}`,
    ])
    expect(await listener.says()).toBe(`${2 * number} from outside ${number}, heard`)
    append(log, record('a', `from the owner ${number}`))
    expect(await listener.says()).toBe(`${2 * number + 1} from the owner ${number}, heard`)
    await member.fetch(10, 60_000)
  }
  await member.close()
})

test('readers in other processes, killed ones too, keep nobody from writing, and their pages come free', async () => {
  const folder = emptyFolder()
  const log = await logOf({ retentionBytes: 1_000_000 }, {}, folder)
  const readers = [new Other(['read', folder]), new Other(['read', folder])]
  for (const reader of readers) expect(await reader.says()).toBe('reading')
  const write = async (megabytes: number) => {
    for (let number = 0; number < megabytes; number++) {
      append(log, record('a', 'x'.repeat(1_000_000)))
      await log.clean()
    }
  }
  await write(20)
  await readers[0]!.kill()
  await log.close()
  const again = openLog(folder)
  const { fileBytes } = again.size
  for (let number = 0; number < 40; number++) {
    append(again, record('a', 'x'.repeat(1_000_000)))
    await again.clean()
  }
  expect(again.size.fileBytes).toBeLessThan(fileBytes + 20_000_000)
  expect(await readers[1]!.says()).toMatch(/^read \d+/)
})
