import { link, mkdir, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FolderOwned, type Ownership, takeOwnership } from '../../../../schemas/registry/local/ownership.ts'
import { served, temporaryFolder } from '../served.ts'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const card = () => ({ pid: process.pid })
/** What a killed owner leaves: a socket that nobody listens on. Closing removes its first name, so it gets a second. */
const deadSocket = async (): Promise<void> => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(join(folder, 'first.sock'), resolve))
  await link(join(folder, 'first.sock'), join(folder, 'owner-0badf00d.sock'))
  await new Promise<void>(resolve => server.close(() => resolve()))
}

test('one process at a time: the second is told who, where to go, and what to do', async () => {
  const first = await takeOwnership(folder, () => ({ pid: 4711, url: 'http://127.0.0.1:8081' }))
  const error = await takeOwnership(folder, card).catch(thrown => thrown)
  expect(error).toBeInstanceOf(FolderOwned)
  expect(error.message).toBe(
    `The registry in ${folder} is being written by process 4711. One process at a time may do that. ` +
      'To fix: go through its address (--registry http://127.0.0.1:8081), or stop that process first.',
  )
  await first.release()
  await (await takeOwnership(folder, card)).release()
  expect(await readdir(folder)).toEqual([])
})

test('a server that runs is named by its address to whoever opens its folder for writing', async () => {
  const its = await served()
  try {
    await expect(takeOwnership(its.folder, card)).rejects.toThrow(`--registry ${its.url}`)
  } finally {
    await its.stop()
  }
})

describe('after an owner was killed', () => {
  test('the folder is free at once', async () => {
    await deadSocket()
    expect(await readdir(folder)).toEqual(['owner-0badf00d.sock'])
    const next = await takeOwnership(folder, card)
    expect(await next.held()).toBe(true)
    await next.release()
    expect(await readdir(folder)).toEqual([])
  })

  test('of many who come at one moment, one gets it', async () => {
    for (let round = 0; round < 5; round++) {
      await deadSocket()
      const results = await Promise.allSettled(Array.from({ length: 12 }, () => takeOwnership(folder, card)))
      const won = results.filter(result => result.status === 'fulfilled')
      const lost = results.filter(result => result.status === 'rejected')
      expect(won).toHaveLength(1)
      for (const { reason } of lost) expect(reason).toBeInstanceOf(FolderOwned)
      const owner = (won[0] as PromiseFulfilledResult<Ownership>).value
      expect(await owner.held()).toBe(true)
      await owner.release()
    }
  })
})

test('an owner whose socket was removed knows it', async () => {
  const first = await takeOwnership(folder, card)
  for (const name of await readdir(folder)) await rm(join(folder, name))
  const second = await takeOwnership(folder, card)
  expect([await first.held(), await second.held()]).toEqual([false, true])
  await first.release()
  expect(await second.held()).toBe(true)
  await second.release()
})

test('a path too long for a socket is owned all the same', async () => {
  const deep = join(folder, 'x'.repeat(120), 'y'.repeat(120))
  await mkdir(deep, { recursive: true })
  const first = await takeOwnership(deep, card)
  await expect(takeOwnership(deep, card)).rejects.toThrow(FolderOwned)
  await first.release()
  expect(await readdir(deep)).toEqual([])
})
