import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JournalDamage } from '../../../schemas/registry/local/journal.ts'
import { openLocalRegistry } from '../../../schemas/registry/local/local-registry.ts'
import { localRegistry, registryFolder } from '../../../schemas/registry/local.ts'
import { body, served, temporaryFolder } from './served.ts'

let data: string
let folder: string
beforeEach(async () => {
  data = await temporaryFolder()
  folder = registryFolder(data)
})
afterEach(() => rm(data, { recursive: true, force: true }))

const one = body('Ticket', { id: 'string' }).schema
const two = body('Ticket', { id: 'string' }, { priority: ['int', 3] }).schema
const clash = body('Ticket', { id: 'int' }).schema

test('it registers only when told to, and the refusal names the command', async () => {
  const writing = await localRegistry(folder, { register: true })
  expect(await writing.idOf('tickets-value', one)).toBe(1)
  const reading = await localRegistry(folder)
  expect(await reading.idOf('tickets-value', one)).toBe(1)
  await expect(reading.idOf('tickets-value', two)).rejects.toThrow(
    `does not have this schema in subject "tickets-value". To fix: register it with \`franz schemas register --data ${data} FILES\``,
  )
  await writing.close()
  await reading.close()
})

test('readers follow what others register, and many can register in turn', async () => {
  const many = await Promise.all(Array.from({ length: 6 }, () => localRegistry(folder, { register: true })))
  const ids = await Promise.all(many.map((registry, index) => registry.idOf(`s${index}`, body(`R${index}`, {}).schema)))
  expect([...ids].sort()).toEqual([1, 2, 3, 4, 5, 6])
  for (const registry of many) {
    for (const [index, id] of ids.entries()) {
      expect(await registry.schemaOf(id)).toBe(body(`R${index}`, {}).schema)
    }
    expect(await registry.subjects()).toHaveLength(6)
    await registry.close()
  }
})

test('while a server owns the folder, reading goes on and registering goes through it', async () => {
  const its = await served()
  const registry = await localRegistry(its.folder, { register: true })
  await its.ask('POST', '/subjects/s/versions', { schema: one })
  expect(await registry.idOf('s', one)).toBe(1)
  expect(await registry.schemaOf(1)).toBe(one)
  expect(await registry.schemaOf(2)).toBeUndefined()
  expect(await registry.idOf('s', two)).toBe(2)
  expect(await registry.schemaOf(2)).toBe(two)
  await expect(registry.idOf('s', clash)).rejects.toMatchObject({ reason: 'incompatible' })
  const same = await localRegistry(its.registry, { register: true })
  expect(await same.idOf('s', two)).toBe(2)
  await same.close()
  expect(await its.ask('GET', '/schemas/ids/2')).toMatchObject({ status: 200 })
  await registry.close()
  await its.stop()
})

test('what does not fit is refused, and a dry run changes nothing', async () => {
  const registry = await localRegistry(folder, { register: true })
  await registry.idOf('s', one)
  await expect(registry.idOf('s', clash)).rejects.toMatchObject({ reason: 'incompatible', retry: false })
  await expect(registry.register('s', clash, { dryRun: true })).rejects.toMatchObject({ reason: 'incompatible' })
  expect(await registry.register('s', two, { dryRun: true })).toEqual({ id: undefined, isNew: true })
  expect(await registry.versions('s')).toEqual([{ version: 1, id: 1, schema: one }])
  expect(await registry.register('s', two)).toEqual({ id: 2, isNew: true })
  expect(await registry.register('s', two)).toEqual({ id: 2, isNew: false })
  expect(await registry.levelOf('s')).toBe('BACKWARD')
  await expect(registry.idOf('s', '{"type":"recrod"}')).rejects.toMatchObject({ reason: 'refused' })
  await registry.close()
})

test('a damaged file is told by its path, on opening and later on; what was known before goes on', async () => {
  const registry = await localRegistry(folder, { register: true })
  await registry.idOf('s', one)
  const path = join(folder, 'schemas.journal')
  const whole = await readFile(path)
  await writeFile(path, Buffer.concat([whole, Buffer.from('not an entry at all, and long enough')]))
  expect(await registry.schemaOf(1)).toBe(one)
  await expect(registry.schemaOf(2)).rejects.toThrow(JournalDamage)
  await expect(localRegistry(folder)).rejects.toThrow(`The registry's file ${path} is damaged at byte ${whole.length}`)
  await truncate(path, whole.length)
  expect(await registry.schemaOf(2)).toBeUndefined()
  await registry.close()
})

test('none where none was made', async () => {
  await expect(localRegistry(join(data, 'nothing'))).rejects.toThrow('cannot be opened: there is none')
})

test('closing is final, and twice is once', async () => {
  const registry = await openLocalRegistry(folder, { to: 'write' })
  await registry.close()
  await registry.close()
  await expect(registry.refresh()).rejects.toThrow('is closed')
})
