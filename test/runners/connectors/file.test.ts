import { appendFileSync, existsSync, mkdtempSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSink, fileSource } from '../../../runners/connectors/file/index.ts'
import { json, text, topic, topology } from '../../../topology/index.ts'
import { sinkContract, sourceContract } from '../../../topology/testing.ts'
import { Notes, openLog, started, textsOf, until } from '../host/world.ts'

const newPath = () => join(mkdtempSync(join(tmpdir(), 'franz-file-')), 'lines.jsonl')
const lineOf = (name: string) => `${JSON.stringify({ key: name, value: name })}\n`

const namesIn = (path: string): string[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => (JSON.parse(line) as { value: string }).value)
    : []

for (const { name, run } of sourceContract({
  async open() {
    const path = newPath()
    return {
      connector: fileSource({ path, lookMs: 1 }),
      bring: async name => appendFileSync(path, lineOf(name)),
      nameOf: ({ value }) => value as string,
    }
  },
  keeps: true,
  underWayMax: 1_000,
  breathe: () => new Promise(resolve => setTimeout(resolve, 0)),
}))
  test(`file ${name}`, run)

for (const { name, run } of sinkContract({
  async open() {
    const path = newPath()
    return {
      connector: fileSink({ path }),
      content: name => ({ key: name, value: name }),
      written: async () => namesIn(path),
    }
  },
  topic: 'words',
  twice: 'once',
  keepsPositions: true,
}))
  test(`file ${name}`, run)

const words = topic('words', { key: text, value: text, partitions: 1 })
const loud = topic('loud', { key: text, value: json<{ readonly word: string }>('Loud'), partitions: 1 })
const shout = topology('shout', draft => {
  draft
    .source('in', words)
    .map(word => ({ word: word.toUpperCase() }), { as: loud.value })
    .to(loud)
  draft.sink('out', loud)
})

test('lines go in at one file and come out at another, once, over restarts and a rotation', async () => {
  const [input, output] = [newPath(), newPath()]
  const log = openLog()
  const bound = () => ({
    log,
    sources: { in: fileSource({ path: input, lookMs: 1 }) },
    sinks: { out: fileSink({ path: output }) },
  })
  const lines = () => (existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : [])
  writeFileSync(input, lineOf('a') + lineOf('b'))
  const first = await started(shout, bound())
  await until(() => lines().length === 2, 'two lines')
  await first.stop()
  appendFileSync(input, lineOf('c'))
  const second = await started(shout, bound())
  await until(() => lines().length === 3, 'three lines')
  renameSync(input, `${input}.1`)
  writeFileSync(input, lineOf('d'))
  await until(() => lines().length === 4, 'four lines')
  await second.stop()
  expect(lines().map(line => JSON.parse(line))).toEqual(
    ['a', 'b', 'c', 'd'].map((name, offset) => ({
      ...{ topic: 'loud', partition: 0, offset, key: name, value: { word: name.toUpperCase() }, headers: {} },
      timestamp: expect.any(Number),
    })),
  )
})

test('a line that is no record is told with its number; nothing before it is lost, and it goes on when the line is right', async () => {
  const path = newPath()
  const log = openLog()
  const notes = new Notes()
  const copy = topology('copy', draft =>
    draft
      .source('in', words)
      .peek(() => {})
      .to(topic('copies', { key: text, value: text, partitions: 1 })),
  )
  writeFileSync(path, `${lineOf('a')}{"key":"b","valu":"b"}\n${lineOf('c')}`)
  await started(copy, { log, observer: notes, sources: { in: fileSource({ path, lookMs: 1 }) } })
  await until(() => notes.lines.length > 0, 'a word about the line')
  expect(notes.lines[0]).toContain(
    `${path}:2: it has the unknown field "valu"; known are key, value, timestamp, headers`,
  )
  writeFileSync(path, lineOf('a') + lineOf('b') + lineOf('c'))
  await until(async () => (await textsOf(log, 'words')).length === 3, 'three words')
  expect(await textsOf(log, 'words')).toEqual(['a', 'b', 'c'])
})

test('with `skip` a wrong line is told and passed over', async () => {
  const path = newPath()
  const log = openLog()
  const notes = new Notes()
  const copy = topology('copy', draft => draft.source('in', words).discard())
  writeFileSync(path, `${lineOf('a')}what?\n\n${lineOf('c')}`)
  await started(copy, { log, observer: notes, sources: { in: fileSource({ path, lookMs: 1, wrongLines: 'skip' }) } })
  await until(async () => (await textsOf(log, 'words')).length === 2, 'two words')
  expect(notes.lines).toEqual([expect.stringMatching(/^error: .*:2: it is not JSON .* The line is passed over\.$/)])
})

test('what a crash left half written behind the position is cut off before more is written', async () => {
  const path = newPath()
  const world = {
    topology: 't',
    name: 'out',
    logId: 'l',
    signal: new AbortController().signal,
    note: () => {},
    async *read() {},
  }
  const record = (offset: number, value: string) => ({
    topic: 'words',
    partition: 0,
    offset,
    timestamp: 1,
    headers: [],
    key: null,
    value,
  })
  const first = await fileSink({ path }).open(world)
  await first.deliver([record(0, 'a')])
  await first.close()
  appendFileSync(path, '{"topic":"words","offset":1,"val')
  const second = await fileSink({ path }).open(world)
  expect(namesIn(path)).toEqual(['a'])
  // As of a delivery that broke off.
  appendFileSync(path, '{"topic":"words","offset":1,"val')
  await second.deliver([record(1, 'b')])
  await second.close()
  expect(namesIn(path)).toEqual(['a', 'b'])
  truncateSync(path, 3)
  await expect(fileSink({ path }).open(world)).rejects.toThrow(/has 3 bytes, and .*\.position says that it had \d+/)
})
