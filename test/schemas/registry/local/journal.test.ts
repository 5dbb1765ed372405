import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../../../schemas/registry/local/book.ts'
import { type Disk, JournalDamage, openJournal, realDisk } from '../../../../schemas/registry/local/journal.ts'
import { temporaryFolder } from '../served.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await temporaryFolder()
  path = join(folder, 'schemas.journal')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const mode = (subject: string): Change[] => [{ did: 'mode', subject, mode: 'READONLY' }]

const write = async (entries: readonly Change[][], disk: Disk = realDisk) => {
  const journal = await openJournal(folder, { create: true, disk })
  await journal.read()
  try {
    for (const entry of entries) await journal.append(entry)
  } finally {
    await journal.close()
  }
}

const read = async () => {
  const journal = await openJournal(folder, { create: false })
  try {
    const entries = []
    for (let more = await journal.read(); more.length > 0; more = await journal.read()) entries.push(...more)
    return entries
  } finally {
    await journal.close()
  }
}

const entries = [mode('a'), mode('ü'), [...mode('b'), ...mode('c')]]

test('what was added is read again, entry by entry', async () => {
  await write(entries)
  expect(await read()).toEqual(entries)
  await write([mode('d')])
  expect(await read()).toEqual([...entries, mode('d')])
})

test('a reader sees what a writer adds, and half an entry only once it is whole', async () => {
  await write(entries)
  const whole = await readFile(path)
  await write([mode('late')])
  const longer = await readFile(path)
  await truncate(path, whole.length + 20)
  const reader = await openJournal(folder, { create: false })
  expect(await reader.read()).toEqual(entries)
  expect(await reader.read()).toEqual([])
  await appendFile(path, longer.subarray(whole.length + 20))
  expect(await reader.read()).toEqual([mode('late')])
  await reader.close()
})

describe('a file cut off at any byte', () => {
  test('has lost what was not whole, and nothing else; writing goes on behind it', async () => {
    await write(entries)
    const whole = await readFile(path)
    const ends = entryEnds(whole)
    for (let length = ends[0]!; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length))
      const left = ends.filter(end => end <= length).length - 1
      expect(await read()).toEqual(entries.slice(0, left))
      await write([mode('next')])
      expect(await read()).toEqual([...entries.slice(0, left), mode('next')])
    }
  })

  test('in its header is told, since a header is there before the file has its name', async () => {
    await write([])
    await truncate(path, 10)
    await expect(read()).rejects.toThrow(JournalDamage)
  })
})

const entryEnds = (bytes: Buffer): number[] => {
  const ends: number[] = []
  for (let at = 0; at < bytes.length; ) {
    at += 27 + Number.parseInt(bytes.toString('latin1', at, at + 8), 16) + 1
    ends.push(at)
  }
  return ends
}

describe('damage', () => {
  test('of a single bit anywhere is told with the path', async () => {
    await write(entries)
    const whole = await readFile(path)
    for (let bit = 0; bit < whole.length * 8; bit += 3) {
      const flipped = Buffer.from(whole)
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7))
      await writeFile(path, flipped)
      const error = await read().catch(thrown => thrown)
      expect(error, `bit ${bit}`).toBeInstanceOf(JournalDamage)
      expect(error.message).toContain(path)
    }
  })

  test('says from which byte, and what to do', async () => {
    await write(entries)
    const whole = await readFile(path)
    const second = entryEnds(whole)[1]!
    whole[second + 30] = 0
    await writeFile(path, whole)
    await expect(read()).rejects.toThrow(
      `The registry's file ${path} is damaged at byte ${second} (entry 3): the checksums do not match. To fix: put back a copy`,
    )
  })

  test('is also a format that this version does not know', async () => {
    await write([])
    const text = '{"format":2,"registry":"x"}'
    const { crc32 } = await import('node:zlib')
    const hex = (value: number) => value.toString(16).padStart(8, '0')
    const length = hex(text.length)
    await writeFile(path, `${length} ${hex(crc32(length))} ${hex(crc32(text))} ${text}\n`)
    await expect(read()).rejects.toThrow('it is of format 2')
  })
})

describe('a disk that fails', () => {
  const failing = (what: keyof Disk, times: number) => {
    let left = 0
    const disk: Disk = {
      ...realDisk,
      [what]: async (...args: never[]) => {
        if (left-- > 0) throw new Error(`${what} failed`)
        return (realDisk[what] as (...all: never[]) => Promise<void>)(...args)
      },
    }
    return {
      disk,
      fail: () => {
        left = times
      },
    }
  }

  test('leaves nothing of the entry, and the next one is taken', async () => {
    const torn: Disk = { ...realDisk }
    let isFull = true
    torn.write = async (file, bytes, at) => {
      if (!isFull) return realDisk.write(file, bytes, at)
      await realDisk.write(file, bytes.subarray(0, bytes.length / 2), at)
      throw new Error('ENOSPC')
    }
    await write(entries)
    const journal = await openJournal(folder, { create: true, disk: torn })
    await journal.read()
    await expect(journal.append(mode('x'))).rejects.toThrow('ENOSPC. Nothing was stored')
    expect(await read()).toEqual(entries)
    isFull = false
    await journal.append(mode('y'))
    expect(await read()).toEqual([...entries, mode('y')])
    await journal.close()
  })

  test('to the point that nobody knows what is on disk ends all writing until a restart', async () => {
    const { disk, fail } = failing('sync', 2)
    await write(entries)
    const journal = await openJournal(folder, { create: true, disk })
    await journal.read()
    fail()
    await expect(journal.append(mode('x'))).rejects.toThrow('sync failed')
    await expect(journal.append(mode('y'))).rejects.toThrow('takes no more entries since sync failed. To fix: restart')
    await journal.close()
    await write([mode('z')])
    expect((await read()).at(-1)).toEqual(mode('z'))
  })

  test('while the journal is made leaves no file that passes for one', async () => {
    const { disk, fail } = failing('rename', 1)
    fail()
    await expect(openJournal(folder, { create: true, disk })).rejects.toThrow('rename failed')
    await expect(read()).rejects.toThrow('ENOENT')
    await write(entries, disk)
    expect(await read()).toEqual(entries)
  })
})

test('two writers, should that ever happen, are told apart before they mix their entries', async () => {
  await write(entries)
  const one = await openJournal(folder, { create: true })
  const other = await openJournal(folder, { create: true })
  await one.read()
  await other.read()
  await one.append(mode('one'))
  await expect(other.append(mode('other'))).rejects.toThrow('entries of another process were found')
  expect(await read()).toEqual([...entries, mode('one')])
  await one.close()
  await other.close()
})
