import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { generateCommand } from '../../../schemas/commands/generate.ts'

let folder = ''
let printed = ''
const io = {
  out: (text: string) => {
    printed += text
  },
  err: (text: string) => {
    printed += text
  },
  env: {},
}
const run = (...args: readonly string[]): Promise<number> => {
  printed = ''
  return generateCommand([join(folder, 'schemas'), '--out', join(folder, 'out'), ...args], io)
}
const put = (name: string, text: string) => writeFileSync(join(folder, 'schemas', name), text)
const mood = '{"type": "enum", "name": "desk.Mood", "symbols": ["good"]}'

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'franz-generate-'))
  mkdirSync(join(folder, 'schemas', 'inner'), { recursive: true })
  put('inner/mood.avsc', mood)
  put(
    'ticket.avsc',
    '{"type": "record", "name": "Ticket", "namespace": "shop", "fields": [{"name": "mood", "type": "desk.Mood"}]}',
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

test('writes what the schemas give, then finds it up to date', async () => {
  expect(await run()).toBe(0)
  expect(readdirSync(join(folder, 'out'))).toEqual(['desk.ts', 'shop.ts'])
  expect(printed).toMatch(/wrote .*desk\.ts\nwrote .*shop\.ts\n2 files in .*, 2 of them changed\.\n/)
  expect(readFileSync(join(folder, 'out', 'desk.ts'), 'utf8')).toContain('// From ../schemas/inner/mood.avsc\n')
  expect(await run('--check')).toBe(0)
  expect(await run()).toBe(0)
  expect(printed).toMatch(/0 of them changed/)
})

test('--check names what is not up to date, and changes nothing', async () => {
  expect(await run('--check')).toBe(1)
  expect(printed).toMatch(/desk\.ts: is missing\n.*shop\.ts: is missing\nRun the same command without --check/)
  await run()
  put('inner/mood.avsc', mood.replace('"good"', '"good", "bad"'))
  writeFileSync(join(folder, 'out', 'own.ts'), 'export {}\n')
  expect(await run('--check')).toBe(1)
  expect(printed).toMatch(
    /^[^\n]*desk\.ts: is not what the schemas give\n[^\n]*shop\.ts: is not what the schemas give\nRun/,
  )
  expect(readFileSync(join(folder, 'out', 'desk.ts'), 'utf8')).not.toContain('bad')
})

test('a file whose schemas are gone is removed, and files of other origin stay', async () => {
  await run()
  writeFileSync(join(folder, 'out', 'own.ts'), 'export {}\n')
  put('ticket.avsc', '"string"')
  expect(await run('--check')).toBe(1)
  expect(printed).toContain('shop.ts: no schema asks for it any more')
  expect(await run()).toBe(0)
  expect(readdirSync(join(folder, 'out'))).toEqual(['desk.ts', 'no-namespace.ts', 'own.ts'])
})

test('a schema that is none is named with its place, and nothing is written', async () => {
  put('ticket.avsc', '{\n  "type": "record",\n  "name": "Ticket",\n  "fields": [{"name": "id", "type": "strin"}]\n}')
  expect(await run()).toBe(3)
  expect(printed).toMatch(/ticket\.avsc:4:37 at \/fields\/0\/type: no type is called "strin".*did you mean "string"/)
  expect(() => readdirSync(join(folder, 'out'))).toThrow()
})

test('wrong usage is said in words', async () => {
  expect(await run('--long', 'float')).toBe(2)
  expect(printed).toContain('--long is bigint or number, not float.')
  expect(await generateCommand([join(folder, 'nowhere')], io)).toBe(2)
  expect(printed).toContain('There is no file or folder')
  expect(await generateCommand([join(folder, 'schemas'), '--chek'], io)).toBe(2)
  rmSync(join(folder, 'schemas', 'ticket.avsc'))
  rmSync(join(folder, 'schemas', 'inner'), { recursive: true })
  expect(await run()).toBe(2)
  expect(printed).toContain('No .avsc file is in')
})
