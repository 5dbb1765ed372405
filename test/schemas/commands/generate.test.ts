import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { generateCommand } from '../../../schemas/commands/generate.ts'
import { Folder, ran } from './ran.ts'

let folder: Folder
const run = (...args: readonly string[]) =>
  ran(generateCommand, [join(folder.path, 'schemas'), '--out', join(folder.path, 'out'), ...args])
const inside = () => readdirSync(join(folder.path, 'out'))
const mood = '{"type": "enum", "name": "desk.Mood", "symbols": ["good"]}'
const ticket = { type: 'record', name: 'Ticket', namespace: 'shop', fields: [{ name: 'mood', type: 'desk.Mood' }] }

beforeEach(() => {
  folder = new Folder().write('schemas/inner/mood.avsc', mood).write('schemas/ticket.avsc', ticket)
})
afterEach(() => folder.end())

test('writes what the schemas give, then finds it up to date', async () => {
  const first = await run()
  expect(first.code).toBe(0)
  expect(inside()).toEqual(['desk.ts', 'shop.ts'])
  expect(first.out).toMatch(/wrote .*desk\.ts\nwrote .*shop\.ts\n2 files in .*, 2 of them changed\.\n/)
  expect(readFileSync(join(folder.path, 'out/desk.ts'), 'utf8')).toContain('// From ../schemas/inner/mood.avsc\n')
  expect((await run('--check')).code).toBe(0)
  expect((await run()).out).toMatch(/0 of them changed/)
})

test('--check names what is not up to date, and changes nothing', async () => {
  const missing = await run('--check')
  expect(missing.code).toBe(1)
  expect(missing.err).toMatch(/desk\.ts: is missing\n.*shop\.ts: is missing\nRun the same command without --check/)
  await run()
  folder.write('schemas/inner/mood.avsc', mood.replace('"good"', '"good", "bad"')).write('out/own.ts', 'export {}\n')
  const stale = await run('--check')
  expect(stale.code).toBe(1)
  expect(stale.err).toMatch(
    /^[^\n]*desk\.ts: is not what the schemas give\n[^\n]*shop\.ts: is not what the schemas give\nRun/,
  )
  expect(readFileSync(join(folder.path, 'out/desk.ts'), 'utf8')).not.toContain('bad')
})

test('a file whose schemas are gone is removed, and files of other origin stay', async () => {
  await run()
  folder.write('out/own.ts', 'export {}\n').write('schemas/ticket.avsc', '"string"')
  const stale = await run('--check')
  expect(stale.code).toBe(1)
  expect(stale.err).toContain('shop.ts: no schema asks for it any more')
  expect((await run()).code).toBe(0)
  expect(inside()).toEqual(['desk.ts', 'no-namespace.ts', 'own.ts'])
})

test('a schema that is none is named with its place, and nothing is written', async () => {
  const wrong = '{\n  "type": "record",\n  "name": "Ticket",\n  "fields": [{"name": "id", "type": "strin"}]\n}'
  folder.write('schemas/ticket.avsc', wrong)
  const { code, err } = await run()
  expect(code).toBe(3)
  expect(err).toMatch(/ticket\.avsc:4:37 at \/fields\/0\/type: no type is called "strin".*did you mean "string"/)
  expect(inside).toThrow('ENOENT')
})

test('wrong usage is said in words', async () => {
  const wrong = await run('--long', 'float')
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--long is bigint or number, not float.')])
  expect((await ran(generateCommand, [join(folder.path, 'nowhere')])).err).toContain('There is no file or folder')
  expect((await run('--chek')).code).toBe(2)
  folder.remove('schemas/ticket.avsc').remove('schemas/inner')
  const none = await run()
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('No .avsc file is in')])
})
