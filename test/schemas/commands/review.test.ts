import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reviewCommand } from '../../../schemas/commands/review.ts'
import { localRegistry } from '../../../schemas/registry/local.ts'
import { BaseUnreachable, openBase } from '../../../schemas/review/base/index.ts'
import type { Report } from '../../../schemas/review/report.ts'
import { served } from '../registry/served.ts'
import { field, order } from '../review/orders.ts'
import { Folder, ran } from './ran.ts'

let folder: Folder
beforeEach(() => {
  folder = new Folder()
})
afterEach(() => folder.end())

const id = field('id', 'string')
const by = field('by', 'string')
const review = (...args: string[]) => ran(reviewCommand, args, { folder: folder.path })
const report = async (...args: string[]): Promise<Report> => JSON.parse((await review(...args, '--format', 'json')).out)
const told = ({ findings }: Report) => findings.map(({ code, subject, level }) => `${code} ${subject} ${level}`)

describe('against git', () => {
  test('a change that breaks fails with its place, and passes once it is mended', async () => {
    folder
      .write('schemas/orders.avsc', order([id]))
      .commit()
      .write('schemas/orders.avsc', order([id, by]))
    const { code, out, err } = await review()
    expect([code, err]).toEqual([1, ''])
    expect(out).toContain('error AV101 orders-value  schemas/orders.avsc:9:5')
    expect(out).toContain('base main · 1 file')
    folder.write('schemas/orders.avsc', order([id, { ...by, default: '' }]))
    expect(await review()).toMatchObject({ code: 0 })
  })
  test('any revision will do, and the base is named as it was asked for', async () => {
    folder.write('orders.avsc', order([id])).commit()
    folder.git('tag', 'v1')
    folder.write('orders.avsc', order([id, by])).commit()
    expect(told(await report('--against', 'main'))).toEqual([])
    const { findings, against } = await report('--against', 'v1')
    expect([findings[0]!.code, against]).toEqual(['AV101', 'v1'])
    expect(told(await report('--against', 'main~1'))).toEqual(['AV101 orders-value error'])
  })
  test('a transitive mode looks at the versions before', async () => {
    folder.write('orders.avsc', order([id])).commit()
    folder.write('orders.avsc', order([id, { ...by, default: '' }])).commit()
    folder.write('orders.avsc', order([id, by]))
    expect(told(await report('--mode', 'BACKWARD'))).toEqual(['AV304 orders-value warn'])
    expect(told(await report('--mode', 'BACKWARD_TRANSITIVE'))).toEqual(['AV304 orders-value error'])
  })
  test('a new schema is a note, one that is gone a warning, one that moved is compared', async () => {
    folder
      .write('a.avsc', order([id]))
      .write('b.avsc', order([id], { name: 'B' }))
      .commit()
    folder
      .remove('b.avsc')
      .remove('a.avsc')
      .write('deeper/a.avsc', order([id]))
      .write('c.avsc', order([id], { name: 'C' }))
    expect(told(await report())).toEqual(['AV007 b-value warn', 'AV006 c-value info'])
  })
  test('files refer to each other, and types for others have no subject', async () => {
    const mood = { type: 'enum', name: 'shop.Mood', symbols: ['GOOD'] }
    folder
      .write('types/mood.avsc', mood)
      .write('orders.avsc', order([id, field('mood', 'Mood')]))
      .commit()
    folder.write('types/mood.avsc', { ...mood, symbols: ['GOOD', 'BAD'] })
    const { findings } = await report()
    expect(findings[0]).toMatchObject({ code: 'AV109', subject: 'orders-value', new: { file: 'types/mood.avsc' } })
    expect(new Set(findings.map(({ subject }) => subject))).toEqual(new Set(['orders-value']))
  })
  test('files that refer to each other in a circle are a finding', async () => {
    folder.write('a.avsc', order([field('b', ['null', 'shop.B'])], { name: 'shop.A' }))
    folder.write('b.avsc', order([field('a', ['null', 'shop.A'])], { name: 'shop.B' })).commit()
    const { findings } = await report()
    expect(findings[0]).toMatchObject({ code: 'AV601', level: 'error' })
    expect(findings[0]!.message).toContain('a.avsc -> b.avsc -> a.avsc')
  })
  test.each([
    ['an unknown revision', ['--against', 'nowhere']],
    ['an option in place of a revision', ['--against=--upload-pack=x']],
  ])('%s cannot be reached', async (_what, args) => {
    folder.write('orders.avsc', order([id])).commit()
    const { code, err } = await review(...args)
    expect([code, err]).toEqual([4, expect.stringContaining('name a revision, a folder, or registry:URL')])
  })
  test('a folder outside of git cannot be reviewed against git', async () => {
    folder.write('orders.avsc', order([id]))
    const err = expect.stringContaining('not a git repository')
    expect(await review()).toMatchObject({ code: 4, err })
  })
})

describe('against a folder', () => {
  const mood = { type: 'enum', name: 'Mood', symbols: ['GOOD', 'BAD'] }
  test('defaults of types from other files are taken, in whatever order the files stand', async () => {
    const mooded = { ...field('mood', 'Mood'), default: 'GOOD' }
    folder.write('old/orders.avsc', order([id, mooded])).write('old/types/zz-mood.avsc', mood)
    folder.write('new/orders.avsc', order([mooded])).write('new/types/zz-mood.avsc', mood)
    expect(told(await report('new', '--against', 'old'))).toEqual(['AV102 orders-value warn'])
    expect(told(await report('new', '--against', join(folder.path, 'old')))).toEqual(['AV102 orders-value warn'])
  })
  test('a file of the base that is no schema is told', async () => {
    folder.write('old/orders.avsc', '{"type":"recrod"}').write('new/orders.avsc', order([id]))
    const { findings, notes } = await report('new', '--against', 'old')
    expect(findings.map(({ code }) => code)).toEqual(['AV006'])
    expect(notes).toEqual([expect.stringMatching(/^In old this is no valid schema, .*old\/orders\.avsc:1:\d+/)])
  })
  test('compares by subject', async () => {
    folder.write('old/orders.avsc', order([id])).write('new/orders.avsc', order([id, by]))
    const { findings, against } = await report('new', '--against', 'old')
    expect([against, findings[0]!.code, findings[0]!.old!.file]).toEqual(['old', 'AV101', 'old/orders.avsc'])
  })
})

describe('against a registry', () => {
  test('of a data folder', async () => {
    const registry = await localRegistry(join(folder.path, 'data', 'registry'), { register: true })
    await registry.idOf('orders-value', JSON.stringify(order([id, by])))
    await registry.close()
    folder.write('orders.avsc', order([id]))
    expect(told(await report('--against', 'registry:data'))).toEqual(['AV102 orders-value warn'])
  })
  test('compares with its versions, in its mode', async () => {
    const registry = await served()
    try {
      const register = (schema: object) =>
        registry.ask('POST', '/subjects/orders-value/versions', { schema: JSON.stringify(schema) })
      await register(order([id]))
      await register(order([id, { ...by, default: '' }]))
      folder.write('orders.avsc', order([id, by])).write('fresh.avsc', order([id], { name: 'F' }))
      const against = ['--against', `registry:${registry.url}`]
      expect(told(await report(...against))).toEqual(['AV304 orders-value warn', 'AV006 fresh-value info'])
      await registry.ask('PUT', '/config', { compatibility: 'FULL_TRANSITIVE' })
      expect(told(await report(...against))).toContain('AV304 orders-value error')
      expect((await report(...against)).subjects.find(({ subject }) => subject === 'orders-value')).toMatchObject({
        ...{ versions: 2, mode: 'FULL_TRANSITIVE' },
      })
      folder.remove('fresh.avsc').commit()
      const drifted = await report('--registry', registry.url, '--against', 'main')
      expect(told(drifted)).toEqual(['AV602 orders-value warn'])
    } finally {
      await registry.stop()
    }
  })
  test('one that does not let us in is unreachable, also where only drift is asked for', async () => {
    const closed = createServer((_request, response) => response.writeHead(401).end('{"error_code":401}'))
    await new Promise<void>(ready => closed.listen(0, '127.0.0.1', ready))
    try {
      folder.write('orders.avsc', order([id])).commit()
      const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`
      const err = expect.stringContaining(`the registry ${url.slice('http://'.length)}: `)
      for (const option of ['--registry', '--against'])
        expect(await review(option, url)).toMatchObject({ code: 4, err })
    } finally {
      closed.close()
    }
  })
  test('one that is away is unreachable, and no password is told', async () => {
    const request = { folder: folder.path, paths: ['.'], isTransitive: false, deployment: { pipelines: [] } }
    const openRegistry = () => Promise.reject(new Error('connection refused'))
    const opening = openBase({ ...request, against: 'registry:http://kim:secret@127.0.0.1:9/', openRegistry })
    await expect(opening).rejects.toThrow(new BaseUnreachable('the registry 127.0.0.1:9: connection refused'))
  })
})

describe('invalid schemas', () => {
  test('are told with file, line and column, beside the review of the others; exit 3', async () => {
    folder
      .write('orders.avsc', order([id]))
      .write('users.avsc', order([id], { name: 'U' }))
      .commit()
    folder
      .write('orders.avsc', order([id, by]))
      .write('users.avsc', '{\n  "type": "record",\n  "name": "U"\n  "fields": []\n}')
    const { code, out } = await review()
    expect(code).toBe(3)
    expect(out).toContain('error AV600 users.avsc  users.avsc:4:3\n  a comma or "}" must stand here, but found "\\""')
    expect(out).toContain('error AV101 orders-value')
    expect(out).not.toContain('AV007')
  })
  test.each([
    ['AV601', order([field('a', 'shop.Nothing')])],
    ['AV603', order([field('a', 'int', { default: 'x' })])],
    ['AV603', order([field('2a', 'int')])],
    ['AV603', order([field('a', { type: 'enum', name: 'E', symbols: ['A', 'A'] })])],
    ['AV600', { type: 'record', name: 'R' }],
    ['AV600', '[1, 2'],
  ])('%s', async (code, schema) => {
    folder
      .write('orders.avsc', order([id]))
      .commit()
      .write('orders.avsc', schema)
    const ended = await review('--format', 'json')
    expect(ended.code).toBe(3)
    expect(told(JSON.parse(ended.out))).toEqual([`${code} orders.avsc error`])
  })
  test('two files with one name are AV601', async () => {
    folder
      .write('a.avsc', order([id]))
      .write('b.avsc', order([id]))
      .commit()
    expect(told(await report())).toEqual(['AV601 b.avsc error'])
  })
  test('a path that is not there is exit 3', async () => {
    folder.commit()
    expect(await review('nowhere')).toMatchObject({ code: 3, err: 'There is no file or folder nowhere.\n' })
  })
})

describe('options', () => {
  beforeEach(() => {
    folder
      .write('orders.avsc', order([id]))
      .commit()
      .write('orders.avsc', order([id, by]))
  })
  test('--fail-on and --level decide the exit code', async () => {
    expect(await review('--fail-on', 'never')).toMatchObject({ code: 0 })
    expect(await review('--level', 'AV101=warn')).toMatchObject({ code: 0 })
    expect(await review('--level', 'orders-value:AV101=warn', '--fail-on', 'warn')).toMatchObject({ code: 1 })
    expect(await review('--mode', 'FORWARD')).toMatchObject({ code: 0 })
    expect(await review('--mode', 'NONE', '--mode', 'orders-value=FULL')).toMatchObject({ code: 1 })
  })
  test('an approval makes it pass until it runs out', async () => {
    const { fingerprint } = (await report()).findings[0]!
    const approval = { fingerprint, reason: 'empty topic', author: 'kim', expires: '2026-11-21' }
    folder.write('approvals.json', [approval])
    expect(await review()).toMatchObject({ code: 0, out: expect.stringContaining('approved by kim until 2026-11-21') })
    folder.write('approvals.json', [{ ...approval, expires: '2026-11-20' }])
    expect(await review()).toMatchObject({ code: 1, out: expect.stringContaining('ran out on 2026-11-20') })
    folder.write('approvals.json', '[{}]')
    expect(await review()).toMatchObject({ code: 3, err: expect.stringContaining('approvals.json:1:2') })
  })
  test('--deployment names the services', async () => {
    folder.write('around.json', { pipelines: [{ name: 'billing', reads: ['orders'], writes: [] }] })
    const { findings } = await report('--deployment', 'around.json')
    expect(findings[0]!.affected[0]).toMatchObject({ service: 'billing', role: 'reader' })
    folder.write('around.json', { pipelines: [{ name: 'billing', reads: 'orders', writes: [] }] })
    expect(await review('--deployment', 'around.json')).toMatchObject({
      code: 3,
      err: expect.stringContaining('"reads" is a list'),
    })
    folder.write('around.json', { pipelines: [{ name: 'billing', reads: [], writes: [], store: [] }] })
    expect(await review('--deployment', 'around.json')).toMatchObject({
      err: expect.stringContaining('"store" means nothing here'),
    })
  })
  test('--format github appends the whole review to the summary of the step', async () => {
    const summary = join(folder.path, 'summary.md')
    const world = { folder: folder.path, env: { GITHUB_STEP_SUMMARY: summary } }
    const { out, code } = await ran(reviewCommand, ['--format', 'github'], world)
    expect(code).toBe(1)
    expect(out).toContain('::error file=orders.avsc,line=9,col=5,title=AV101 orders-value::')
    expect(readFileSync(summary, 'utf8')).toContain('### Schema review')
  })
  test.each([
    [['--mode', 'SIDEWAYS']],
    [['--format', 'pdf']],
    [['--level', 'AV999=warn']],
    [['--fail-on', 'x']],
    [['--nonsense']],
  ])('%j is wrong usage, and help follows', async args => {
    expect(await review(...args)).toMatchObject({ code: 2, err: expect.stringContaining('franz schemas review') })
  })
  test('--help says it all', async () => {
    expect(await review('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--against BASE') })
  })
})
