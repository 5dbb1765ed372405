import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { register } from '../../../schemas/commands/register.ts'
import { body, type Served, served, temporaryFolder } from '../registry/served.ts'

let its: Served
let folder: string
beforeEach(async () => {
  its = await served()
  folder = await temporaryFolder()
})
afterEach(async () => {
  await its.stop()
  await rm(folder, { recursive: true, force: true })
})

const file = async (name: string, text: string) => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}
const run = async (args: string[], env: Record<string, string> = {}) => {
  const out: string[] = []
  const err: string[] = []
  const io = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), env }
  return { code: await register(args, io), out: out.join(''), err: err.join('') }
}
const subjects = async () => (await its.ask('GET', '/subjects')).json

test('a file goes into the subject of its name, once', async () => {
  const path = await file('tickets-value.avsc', body('Ticket', { id: 'string' }).schema)
  expect(await run(['--registry', its.url, '--dry-run', path])).toEqual({
    code: 0,
    out: `tickets-value: would be registered (${path})\n`,
    err: '',
  })
  expect(await subjects()).toEqual([])
  expect((await run(['--registry', its.url, path])).out).toBe(`tickets-value: registered under id 1 (${path})\n`)
  expect((await run([path], { FRANZ_REGISTRY: its.url })).out).toBe(
    `tickets-value: stands there under id 1 (${path})\n`,
  )
})

test('the subject can be named, or be the name of the record', async () => {
  const path = await file('ticket.avsc', '{"type":"record","name":"Ticket","namespace":"desk","fields":[]}')
  await run(['--registry', its.url, `other=${path}`])
  await run(['--registry', its.url, '--by-record', path])
  expect(await subjects()).toEqual(['desk.Ticket', 'other'])
})

test('files may use the types of each other; each is registered whole', async () => {
  const money = await file('money.avsc', body('Money', { cents: 'long' }).schema)
  const order = await file('order.avsc', body('Order', { total: 'Money' }).schema)
  expect((await run(['--registry', its.url, order, money])).code).toBe(0)
  const { schema } = (await its.ask('GET', '/subjects/order-value/versions/1')).json
  expect(JSON.parse(schema).fields[0].type.fields[0].name).toBe('cents')
})

test('a folder gives each of its files the subject that a review sees, and types for others none', async () => {
  await mkdir(join(folder, 'schemas', 'types'), { recursive: true })
  await file('schemas/orders.avsc', body('Order', { total: 'Money' }).schema)
  await file('schemas/orders-key.avsc', '"string"')
  await file('schemas/types/money.avsc', body('Money', { cents: 'long' }).schema)
  expect((await run(['--registry', its.url, join(folder, 'schemas')])).code).toBe(0)
  expect(await subjects()).toEqual(['orders-key', 'orders-value'])
})

test('a data folder is registered in without a server, and made when it is missing', async () => {
  const path = await file('tickets-value.avsc', body('Ticket', { id: 'string' }).schema)
  const data = join(folder, 'data')
  expect((await run(['--data', data, path])).out).toContain('registered under id 1')
  expect((await run([path], { FRANZ_DATA: data })).out).toContain('stands there under id 1')
})

test('a data folder that another process serves is registered in through that process', async () => {
  const path = await file('s.avsc', '"int"')
  expect((await run(['--data', its.folder, path])).out).toContain('registered under id 1')
  expect(await subjects()).toEqual(['s-value'])
})

describe('what goes wrong is told, with an exit code of its own', () => {
  const cases: readonly [string, (at: string, url: string) => string[], number, RegExp][] = [
    ['no file', () => ['--registry', 'http://127.0.0.1:1'], 2, /No file is named.+franz schemas register/s],
    ['an option that is none', () => ['--regsitry', 'x', 'y'], 2, /regsitry/],
    ['no registry', at => [at], 2, /--registry URL or --data DIR/],
    ['two registries', at => ['--registry', 'http://a', '--data', 'b', at], 2, /two registries/],
    ['one subject twice', (at, url) => ['--registry', url, `s=${at}`, `s=${at}`], 2, /into subject s/],
    ['no such file', (_, url) => ['--registry', url, '/none.avsc'], 3, /none\.avsc cannot be read/],
    ['an address that is none', at => ['--registry', 'registry', at], 4, /no URL/],
    ['a data folder without a registry', at => ['--data', '/none', '--dry-run', at], 4, /cannot be opened/],
  ]
  test.each(cases)('%s', async (_title, args, code, words) => {
    const path = await file('s.avsc', '"int"')
    const result = await run(args(path, its.url))
    expect(result.code).toBe(code)
    expect(result.err).toMatch(words)
    expect(result.out).toBe('')
  })

  test('a schema that is none: file, line, column; and no file before it was registered', async () => {
    const good = await file('good.avsc', '"int"')
    const bad = await file('bad.avsc', '{\n  "type": "recrod"\n}')
    const result = await run(['--registry', its.url, good, bad])
    expect(result.code).toBe(3)
    expect(result.err).toContain(`${bad}:2:`)
    expect(await subjects()).toEqual([])
  })

  test('a schema that does not fit: 1, with the reason', async () => {
    await its.ask('POST', '/subjects/s-value/versions', body('Ticket', { id: 'string' }))
    const path = await file('s.avsc', body('Ticket', { id: 'int' }).schema)
    const result = await run(['--registry', its.url, path])
    expect([result.code, result.err.includes('TYPE_MISMATCH')]).toEqual([1, true])
  })

  test('a password that is refused: 4, and not shown', async () => {
    const guarded = await served({ auth: { username: 'desk', password: 'right' } })
    const path = await file('s.avsc', '"int"')
    const env = { FRANZ_REGISTRY_USER: 'desk', FRANZ_REGISTRY_PASSWORD: 'canary-7f3a' }
    const result = await run(['--registry', guarded.url, path], env)
    expect([result.code, result.err.includes('canary')]).toEqual([4, false])
    expect((await run(['--registry', guarded.url, path], { ...env, FRANZ_REGISTRY_PASSWORD: 'right' })).code).toBe(0)
    await guarded.stop()
  })
})
