import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EmbeddedLog, type LogOptions, type Point } from '../../../runners/embedded/log.ts'
import { run } from '../../../runners/host/index.ts'
import { text, topic, topology, whole } from '../../../topology/index.ts'
import { openLog, record } from './folder.ts'

const mounts = (folder: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'none', folder]).status === 0

const mayMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-mount-'))
  const may = mounts(folder)
  if (may) spawnSync('umount', [folder])
  rmdirSync(folder)
  return may
})()

/** A disk of 64 MiB, of which all but so much is taken by something else until `free` is called. */
const smallDisk = () => {
  const disk = mkdtempSync(join(tmpdir(), 'franz-disk-'))
  if (!mounts(disk)) throw new Error('a small disk cannot be mounted')
  const filler = join(disk, 'filler')
  onTestFinished(() => {
    spawnSync('umount', ['-l', disk])
    rmdirSync(disk)
  })
  mkdirSync(join(disk, 'data'))
  return {
    data: join(disk, 'data'),
    fill(left: number) {
      rmSync(filler, { force: true })
      const { bavail, bsize } = statfsSync(disk)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)))
    },
    free: () => rmSync(filler),
    /** From now on, for whoever opens something on it. */
    mayWrite(may: boolean) {
      const { status, stderr } = spawnSync('mount', ['-o', `remount,${may ? 'rw' : 'ro'}`, disk])
      if (status !== 0) throw new Error(`the disk cannot be mounted anew: ${stderr}`)
    },
  }
}

const patience = { timeout: 20_000 }

const words = topic('words', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })
const copies = topic('copies', { key: text, value: text })
const counting = topology('counting', draft => {
  const stream = draft.stream(words)
  stream.to(copies)
  stream.group().count('counts').changes().to(counts)
})

const to = { topic: 'words', partition: 0 }
const input = (from: number, howMany: number) =>
  Array.from({ length: howMany }, (_, number) => record(`word-${(from + number) % 10}`, 'x'.repeat(500)))

const opened = async (folder: string, options: LogOptions = {}): Promise<EmbeddedLog> => {
  const log = openLog(folder, options)
  await log.create(['words', 'copies', 'counts'].map(name => ({ name, partitions: 1, cleanup: 'delete' as const })))
  return log
}

/** The last count of each word. */
const counted = (log: EmbeddedLog) =>
  new Map(
    log.topics
      .read({ topic: 'counts', partition: 0 }, 0, 1_000_000)
      .records.map(({ key, value }) => [Buffer.from(key!).toString(), Number(Buffer.from(value!).readBigInt64BE())]),
  )

describe.skipIf(!mayMount && process.env.CI !== 'true')('the disk is full (needs the right to mount one)', () => {
  test('a topology waits, nothing is lost, and it goes on by itself when there is room', async () => {
    const disk = smallDisk()
    let fills = true
    const at = (point: Point) => {
      if (point !== 'begun' || !fills) return
      fills = false
      disk.fill(10_000_000)
    }
    const log = await opened(disk.data, { at })
    log.append([{ to, records: input(0, 10_000) }])
    const running = await run(counting, { log, partitions: 1 })
    await expect.poll(() => log.trouble?.message, patience).toMatch(/has \d+ KiB left, too little for a commit/)
    expect(() => log.append([{ to, records: input(0, 1) }])).toThrow(
      'Nothing was written and nothing is lost: make room',
    )
    expect([counted(log).size, log.position('counting', to)]).toEqual([0, 0])
    disk.free()
    await expect.poll(() => log.position('counting', to), patience).toBe(10_000)
    log.append([{ to, records: input(0, 100) }])
    await expect.poll(() => log.position('counting', to), patience).toBe(10_100)
    expect(log.trouble).toBeUndefined()
    expect([...counted(log).values()]).toEqual(Array.from({ length: 10 }, () => 1_010))
    await running.stop()
  })

  test('a topology can be stopped while there is no room, and one that is started says why it cannot', async () => {
    const disk = smallDisk()
    const at = (point: Point) => point === 'begun' && disk.fill(10_000_000)
    const log = await opened(disk.data, { at })
    log.append([{ to, records: input(0, 1_000) }])
    const running = await run(counting, { log, partitions: 1 })
    await expect.poll(() => log.trouble, patience).toBeDefined()
    const startedMs = performance.now()
    await running.stop()
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    await expect(run(counting, { log, partitions: 1 })).rejects.toThrow('make room, and it goes on')
  })

  for (const point of ['begun', 'appended', 'stored', 'positioned'] as const) {
    test(`a disk that fills while a commit is "${point}" leaves all of it undone, and the folder whole`, async () => {
      const disk = smallDisk()
      let fills: Point | undefined = point
      const at = (reached: Point) => {
        if (reached !== fills) return
        fills = undefined
        disk.fill(8_192)
      }
      const log = await opened(disk.data, { at, freeBytesMin: 0 })
      log.append([{ to, records: input(0, 20_000) }])
      const running = await run(counting, { log, partitions: 1 })
      await Promise.race([expect.poll(() => log.trouble?.fault, patience).toBe('full'), running.ended])
      expect(log.position('counting', to)).toBe(log.topics.end({ topic: 'counts', partition: 0 }))
      disk.free()
      await expect.poll(() => log.position('counting', to), patience).toBe(20_000)
      await running.stop()
      await log.close()
      const again = EmbeddedLog.open(disk.data)
      again.check()
      expect([...counted(again).values()]).toEqual(Array.from({ length: 10 }, () => 2_000))
      await again.close()
    })
  }

  test('a folder on a disk that may only be read is refused in words, and is there as it was when it may be written again', async () => {
    const disk = smallDisk()
    const log = await opened(disk.data)
    log.append([{ to, records: input(0, 100) }])
    await log.close()
    disk.mayWrite(false)
    expect(() => EmbeddedLog.open(disk.data)).toThrow(
      /cannot be opened: this process may not write there \(.*\)\. Give it the right to, or choose another folder with --data\./,
    )
    disk.mayWrite(true)
    const again = EmbeddedLog.open(disk.data)
    again.check()
    expect(again.topics.end(to)).toBe(100)
    await again.close()
  })
})
